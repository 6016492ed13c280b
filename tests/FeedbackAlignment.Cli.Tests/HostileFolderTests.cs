using System.Diagnostics;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>A run folder that somebody else has made, with links, pipes and paths that lead elsewhere.</summary>
public sealed class HostileFolderTests : IDisposable
{
    private const string Run = "theirs/runs/feedback-alignment-1";

    private readonly Fa _fa = new();
    private readonly string _mine;

    public HostileFolderTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "links and pipes as Linux has them");
        _mine = _fa.Write("mine", "mine");
        Assert.Equal(ExitCode.Done, _fa.Run("train", Spec(), "--quiet", "--out", _fa.Path("theirs")));
    }

    public void Dispose()
    {
        Assert.Equal("mine", File.ReadAllText(_mine));
        _fa.Dispose();
    }

    [Theory]
    [InlineData("theirs/report.html", "report", "theirs")]
    [InlineData($"{Run}/report.html", "report", Run)]
    [InlineData($"{Run}/model.safetensors", "export", Run, "--format", "safetensors")]
    [InlineData($"{Run}/model.onnx", "export", Run, "--format", "onnx")]
    public void ALinkInThePlaceOfAnOutputIsReplaced(string output, params string[] command)
    {
        Link(output);
        Assert.Equal(ExitCode.Done, Fa(command));
        Assert.Null(new FileInfo(_fa.Path(output)).LinkTarget);
    }

    /// <summary>Old names of files that were being written, which could be known, and present ones.</summary>
    [Theory]
    [InlineData("theirs/report.html.new")]
    [InlineData("theirs/.lock")]
    [InlineData("theirs/resume.json.new")]
    [InlineData($"{Run}/metrics.jsonl")]
    [InlineData($"{Run}/curve.csv")]
    [InlineData($"{Run}/run.json")]
    [InlineData($"{Run}/checkpoint.state")]
    [InlineData($"{Run}/checkpoint.state.new")]
    [InlineData("theirs/spec.json")]
    [InlineData("theirs/elsewhere")]
    [InlineData("theirs/runs/elsewhere")]
    public void ALinkIsNotGoneOnWith(string link)
    {
        File.Delete(_fa.Path($"{Run}/run.json"));
        Link(link);
        Assert.Equal(ExitCode.BadInput, Fa("resume", "theirs"));
        Assert.Contains("symbolic link", _fa.Error, StringComparison.Ordinal);
        Assert.Single(_fa.Error.TrimEnd().Split('\n'), line => line.StartsWith("fa: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("runs/feedback-alignment-1", "show", "theirs/runs/feedback-alignment-1")]
    [InlineData("runs/feedback-alignment-1", "export", "theirs", "--format", "onnx")]
    [InlineData("runs/feedback-alignment-1", "evaluate", "theirs/runs/feedback-alignment-1")]
    [InlineData("runs/feedback-alignment-1", "resume", "theirs")]
    [InlineData("results.json", "report", "theirs")]
    [InlineData("runs/feedback-alignment-1/weights.npz", "export", Run, "--format", "onnx")]
    [InlineData("runs/feedback-alignment-1/run.json", "diff", Run, Run)]
    public void ALinkInThePlaceOfAnInputIsRefused(string link, params string[] command)
    {
        var path = _fa.Path($"theirs/{link}");
        var moved = _fa.Path("moved");
        Directory.Move(path, moved);
        File.CreateSymbolicLink(path, moved);
        Assert.Equal(ExitCode.BadInput, Fa(command));
        Assert.Contains("symbolic link", _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheNoteOfWhoHoldsAFolderReplacesALink()
    {
        Link("theirs/lock.json");
        Assert.Equal(ExitCode.Done, Fa("resume", "theirs"));
        Assert.False(Path.Exists(_fa.Path("theirs/lock.json")));
    }

    [Fact]
    public void ALinkedRunIsListedAsUnreadable()
    {
        Directory.Move(_fa.Path(Run), _fa.Path("moved"));
        File.CreateSymbolicLink(_fa.Path(Run), _fa.Path("moved"));
        Assert.Equal(ExitCode.Done, Fa("runs", "theirs"));
        Assert.Contains("unreadable", _fa.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("theirs/spec.json", "resume", "theirs")]
    [InlineData("theirs/results.json", "report", "theirs")]
    [InlineData($"{Run}/run.json", "show", Run)]
    [InlineData($"{Run}/weights.npz", "export", Run, "--format", "onnx")]
    [InlineData("pipe.csv", "compare", "--data", "pipe.csv")]
    [InlineData("pipe.csv", "predict", Run, "pipe.csv")]
    [InlineData("pipe.json", "train", "pipe.json")]
    [InlineData("pipe.safetensors", "import", "pipe.safetensors")]
    public void APipeIsRefusedAndNotWaitedFor(string pipe, params string[] command)
    {
        File.Delete(_fa.Path(pipe));
        Make("mkfifo", _fa.Path(pipe));
        Assert.Equal(ExitCode.BadInput, Fa(command));
        Assert.Contains("named pipe", _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void RunsAreListedWhateverTheirFilesAre()
    {
        File.Delete(_fa.Path($"{Run}/run.json"));
        Make("mkfifo", _fa.Path($"{Run}/run.json"));
        Assert.Equal(ExitCode.Done, Fa("runs", "theirs"));
        Assert.Contains("unreadable", _fa.Output, StringComparison.Ordinal);
    }

    /// <summary>On Linux a name may have any character but <c>/</c>.</summary>
    [Fact]
    public void ARunWithAnOddNameDoesNotHideTheOthers()
    {
        Directory.CreateDirectory(_fa.Path("theirs/runs") + "/odd\\-1");
        Assert.Equal(ExitCode.Done, Fa("runs", "theirs"));
        Assert.Contains("2 of 2 runs", _fa.Output, StringComparison.Ordinal);
    }

    /// <summary>What only looks never opens what a spec names.</summary>
    [Theory]
    [InlineData("show", Run)]
    [InlineData("report", "theirs")]
    [InlineData("runs", "theirs")]
    [InlineData("diff", Run, Run)]
    [InlineData("export", Run, "--format", "onnx")]
    public void PathsInASpecAreNotOpenedByWhoOnlyLooks(params string[] command)
    {
        Make("mkfifo", _fa.Path("trap"));
        foreach (var file in (string[])["theirs/spec.json", $"{Run}/run.json", "theirs/results.json"])
        {
            File.WriteAllText(_fa.Path(file),
                File.ReadAllText(_fa.Path(file)).Replace("\"source\": \"digits\"", $"\"source\": \"{_fa.Path("trap")}\""));
        }

        Assert.Equal(ExitCode.Done, Fa(command));
    }

    [Fact]
    public void PathsOutsideAreToldBeforeTheyAreRead()
    {
        _fa.Write("data/train.csv", string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7},{i % 5},{(i % 2 == 0 ? "a" : "b")}\n")));
        Assert.Equal(ExitCode.Done, Fa("compare", "--data", _fa.Path("data"), "--epochs", "1", "--rules", "feedback-alignment", "--seeds",
            "1", "--quiet", "--out", _fa.Path("own")));
        var told = $"fa: note: reads TEMP/data, which TEMP/own{{0}} names as data.source\n";
        Assert.Equal(ExitCode.Done, Fa("evaluate", "own/runs/feedback-alignment-1"));
        Assert.Contains(string.Format(null, told, "/runs/feedback-alignment-1"), _fa.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, Fa("resume", "own"));
        Assert.Contains(string.Format(null, told, ""), _fa.Error, StringComparison.Ordinal);

        // Not a word where the user has named it.
        Assert.Equal(ExitCode.Done, Fa("evaluate", "own/runs/feedback-alignment-1", "--data", _fa.Path("data")));
        Assert.DoesNotContain("note: reads", _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void LinksInADataFolderAreFollowedAndCounted()
    {
        var stored = _fa.Write("store/0",
            string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7},{i % 5},{(i % 2 == 0 ? "a" : "b")}\n")));
        Directory.CreateDirectory(_fa.Path("data"));
        File.CreateSymbolicLink(_fa.Path("data/train.csv"), stored);
        Assert.Equal(ExitCode.Done, Fa("data", "show", _fa.Path("data")));
        Assert.Contains("links     1 of the files is a symbolic link, which was followed", _fa.Output, StringComparison.Ordinal);
    }

    /// <summary>A record may say that its rule is called anything.</summary>
    [Fact]
    public void ARuleCalledLikeAPathWritesNothingElsewhere()
    {
        var record = _fa.Path($"{Run}/run.json");
        File.WriteAllText(record, File.ReadAllText(record).Replace("\"rule\": \"feedback-alignment\"", "\"rule\": \"../../../mine\""));
        Assert.Equal(ExitCode.BadInput, Fa("export", Run, "--format", "tensorboard", "--out", _fa.Path("events")));
    }

    [Fact]
    public async Task AnOutputThatIsNoRegularFileIsWrittenInto()
    {
        Make("mkfifo", _fa.Path("pipe"));
        var read = Task.Run(() => File.ReadAllBytes(_fa.Path("pipe")), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Done, Fa("export", Run, "--format", "onnx", "--out", _fa.Path("pipe")));
        Assert.Equal(ExitCode.Done, Fa("export", Run, "--format", "onnx", "--out", _fa.Path("model.onnx")));
        Assert.Equal(File.ReadAllBytes(_fa.Path("model.onnx")), await read);
        Assert.Equal(ExitCode.Done, Fa("export", Run, "--format", "onnx", "--out", "/dev/null"));
        Assert.Empty(Directory.EnumerateFiles("/dev", "*.new"));
    }

    [Fact]
    public void TheUsersOwnFileBesideAnOutputStays()
    {
        _fa.Write("model.onnx.new", "own");
        Assert.Equal(ExitCode.Done, Fa("export", Run, "--format", "onnx", "--out", _fa.Path("model.onnx")));
        Assert.Equal("own", File.ReadAllText(_fa.Path("model.onnx.new")));
    }

    [Fact]
    public async Task StandardOutputCanBeNamedAndKeepsWhatIsInIt()
    {
        Assert.Equal(ExitCode.Done, Fa("export", Run, "--format", "onnx", "--out", _fa.Path("model.onnx")));
        var model = File.ReadAllBytes(_fa.Path("model.onnx"));
        var (code, _, error) = await FaProcess.RunShell(_fa.Folder,
            $"printf before > all; $fa export {Run} --format onnx --out /dev/stdout >> all");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        var all = File.ReadAllBytes(_fa.Path("all"));
        Assert.StartsWith("before", System.Text.Encoding.Latin1.GetString(all), StringComparison.Ordinal);
        Assert.Equal(model, all.AsSpan("before".Length, model.Length));
    }

    [Fact]
    public async Task AClosedStandardOutputIsNoFailure()
    {
        var (code, _, error) = await FaProcess.RunShell(_fa.Folder, $"$fa train {Spec()} --quiet --out closed >&-");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.True(File.Exists(_fa.Path("closed/results.json")));
    }

    /// <summary>The limit holds for the runtime's own memory too, unless that is told apart.</summary>
    [Fact]
    public async Task ALimitOfTheLengthOfFilesIsSaidAndTheRunGoesOn()
    {
        const string limit = "export DOTNET_EnableWriteXorExecute=0; ulimit -f 16;";
        var (code, _, error) = await FaProcess.RunShell(_fa.Folder,
            $"{limit} $fa train {Spec()} --quiet --network 784-60-10 --out limited");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("weights.npz: cannot be written (", error, StringComparison.Ordinal);
        Assert.Contains("continue with: fa resume limited\n", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, Fa("resume", _fa.Path("limited")));
    }

    /// <summary>Whatever a command waits for, the first signal ends it.</summary>
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task ACommandThatWaitsEndsWithTheFirstSignal(string signal)
    {
        Make("mkfifo", _fa.Path("pipe"));

        // Somebody holds the pipe open, and writes nothing.
        using var held = new FileStream(_fa.Path("pipe"), FileMode.Open, FileAccess.ReadWrite);
        using var fa = FaProcess.StartShell(_fa.Folder, $"exec $fa predict {Run} - < pipe");
        var error = fa.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = fa.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Thread.Sleep(TimeSpan.FromSeconds(3));
        Assert.False(fa.HasExited);
        var clock = Stopwatch.StartNew();
        Make("kill", $"-{signal}", $"{fa.Id}");
        Assert.True(fa.WaitForExit(FaProcess.Patience));
        Assert.Equal(ExitCode.Failed, fa.ExitCode);
        Assert.Equal("fa: stopped\n", await error);
        Assert.Empty(await output);

        // Two seconds on a machine that is free; tests share it.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }

    private int Fa(params string[] command)
        => _fa.Run(command.Select(word => word.StartsWith("theirs", StringComparison.Ordinal)
        || word.StartsWith("own", StringComparison.Ordinal) || word.StartsWith("pipe.", StringComparison.Ordinal) ? _fa.Path(word) : word));

    private string Spec() => _fa.Write("spec.json", """
        { "data": { "train": 60, "validation": 40, "test": 50 }, "rules": ["feedback-alignment"], "seeds": [1], "network": { "layers": "784-4-10" }, "training": { "epochs": 1 } }
        """);

    private void Link(string name)
    {
        File.Delete(_fa.Path(name));
        File.CreateSymbolicLink(_fa.Path(name), _mine);
    }

    private static void Make(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
