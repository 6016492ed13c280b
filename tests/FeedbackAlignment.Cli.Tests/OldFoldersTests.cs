using FeedbackAlignment.Experiments.Tuning;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>Folders that version 0.1 has left behind (Kept/0.1) are read by every command. Stopped runs begin anew, if asked to.</summary>
public sealed class OldFoldersTests : IDisposable
{
    private readonly Fa _fa = new();

    public OldFoldersTests()
    {
        var kept = Path.Combine(Repository.Root, "tests/FeedbackAlignment.Cli.Tests/Kept/0.1");
        foreach (var file in Directory.EnumerateFiles(kept, "*", SearchOption.AllDirectories))
        {
            _fa.Write(Path.GetRelativePath(kept, file), File.ReadAllBytes(file));
        }
    }

    public void Dispose() => _fa.Dispose();

    [Theory]
    [InlineData("csv", "25.00 %")]
    [InlineData("npy", "77.78 %")]
    [InlineData("digits", "90.48 %")]
    public async Task EveryReadingCommandShowsWhatWasRecorded(string folder, string error)
    {
        var (whole, run) = (_fa.Path(folder), _fa.Path($"{folder}/runs/feedback-alignment-1"));
        string[][] commands =
        [
            ["report", whole, "--out", _fa.Path("page.html")], ["show", run], ["runs", _fa.Folder],
            ["diff", run, _fa.Path("csv/runs/feedback-alignment-1")], ["export", run, "--format", "safetensors"],
            ["export", run, "--format", "onnx"], ["export", run, "--format", "tensorboard"],
        ];
        foreach (var args in commands)
        {
            Assert.True(_fa.Run(args) == ExitCode.Done, $"{string.Join(' ', args)}: {_fa.Error}");
            Assert.True(args[0] is not ("show" or "runs") || _fa.Output.Contains(error, StringComparison.Ordinal), _fa.Output);
        }

        // The digits of this run are those of today; the others are read as version 0.1 read them, from the folder that it ran in.
        var (evaluated, text, trouble) = await FaProcess.Run(_fa.Folder, "evaluate", run);
        Assert.True(evaluated == ExitCode.Done, trouble);
        Assert.Contains($"test        error {error}", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stopped-own")]
    [InlineData("stopped-arrays")]
    public async Task AStoppedRunIsRefusedInALineAndBeginsAnewIfAsked(string folder)
    {
        var (refused, _, line) = await FaProcess.Run(_fa.Folder, "resume", folder, "--quiet");
        Assert.Equal(ExitCode.Failed, refused);
        Assert.Matches(
            $@"(?m)^fa: the run cannot continue from its checkpoints: .*{folder}/runs/feedback-alignment-1/checkpoint\.state, byte 8: a "
                + $@"checkpoint of layout 1, this version reads layout 2; "
            + $@"continue with the version that wrote it; to start that run from the beginning: fa resume {folder} --anew$", line);

        var (code, _, mistake) = await FaProcess.Run(_fa.Folder, "resume", folder, "--quiet", "--anew");
        Assert.True(code == ExitCode.Done, mistake);
        Assert.Contains("\"completed\"", await File.ReadAllTextAsync(_fa.Path($"{folder}/results.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>One of its trainings was not done; all seeds of its search are its spec's too.</summary>
    [Fact]
    public async Task AStoppedTuningIsGoneOnWithAsItWasBegun()
    {
        var before = Trials("stopped-tuning");
        File.Delete(_fa.Path("stopped-tuning/tuning.json"));
        var (code, _, note) = await FaProcess.Run(_fa.Folder, "resume", "stopped-tuning", "--quiet");

        Assert.True(code == ExitCode.Done, note);
        Assert.Equal(
            "fa: stopped-tuning: version 0.1 began this tuning; it continues as begun, without trial 0 (the spec's own setting), final "
                + "seeds and a report of the gain. Tune in a new folder to have them\n",
            note);
        Assert.Equal(before, Trials("stopped-tuning"));
        Assert.DoesNotContain(Directory.GetDirectories(_fa.Path("stopped-tuning/trials/feedback-alignment")), folder =>
            folder.EndsWith("000", StringComparison.Ordinal));

        var (more, _, again) = await FaProcess.Run(_fa.Folder, "tune", "stopped-tuning/spec.json", "--out", "stopped-tuning", "--trials",
            "6", "--quiet");
        Assert.True(more == ExitCode.Done, again);
        Assert.Equal(before.Where(trial => trial.Rung == 1), Trials("stopped-tuning").Where(trial => trial is { Rung: 1, Trial: <= 4 }));
    }

    [Fact]
    public async Task TheTrialsOfATuningHaveTheBitsThatTheyHad()
    {
        _fa.Write("spec.json", (await File.ReadAllTextAsync(_fa.Path("stopped-tuning/spec.json"),
            TestContext.Current.CancellationToken)).Replace("101\n  ],", "2\n  ],", StringComparison.Ordinal));
        var (code, _, mistake) = await FaProcess.Run(_fa.Folder, "tune", "spec.json", "--out", "new", "--quiet");

        Assert.True(code == ExitCode.Done, mistake);
        var trials = Trials("new");
        Assert.Contains(trials, trial => trial is { Trial: 0, Rung: 2 });
        Assert.Equal(Trials("stopped-tuning").Where(trial => trial.Rung == 1), trials.Where(trial => trial.Rung == 1));
    }

    [Fact]
    public async Task APredictionSaysWhatItAssumes()
    {
        _fa.Write("new.csv", "0.5,0.5\n1.5,0.25\n");
        var (code, output, mistake) = await FaProcess.Run(_fa.Folder, "predict", "csv", "new.csv");

        Assert.Equal(ExitCode.Done, code);
        Assert.StartsWith("line,output1,output2\n1,", output, StringComparison.Ordinal);
        Assert.Contains("does not say how its inputs were read and scaled", mistake, StringComparison.Ordinal);
    }

    private List<(int Trial, int Rung, double Error, double Rate)> Trials(string folder) =>
    [
        .. TuningFolder.Read(_fa.Path(folder)).Rules[0].Trials.Select(trial =>
            (trial.Trial, trial.Rung, trial.ValidationError!.Value, trial.Settings["learningRate"])),
    ];
}
