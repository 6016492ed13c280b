using System.Text.RegularExpressions;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Cli.Tests;

/// <summary><c>fa resume</c>, and what the user is told when something breaks a run off.</summary>
public sealed partial class ResumeTests : IDisposable
{
    private const string Run = "run/runs/feedback-alignment-1/";

    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void AStoppedComparisonGoesOnAndEndsAsOneThatWasNot()
    {
        _fa.Run([.. _fa.Tiny, "--out", _fa.Path("whole")]);
        Stop([.. _fa.Tiny, "--out", _fa.Path("run")]);
        Assert.Contains("stopped  the results so far are in that folder; continue with: fa resume ", _fa.Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, _fa.Run("resume", _fa.Path("run")));
        Assert.Contains("resumed  0 of 8 runs are finished\n", _fa.Output, StringComparison.Ordinal);
        foreach (var run in Directory.EnumerateDirectories(_fa.Path("whole/runs")).Select(Path.GetFileName))
        {
            Assert.Equal(File.ReadAllBytes(_fa.Path($"whole/runs/{run}/weights.npz")), File.ReadAllBytes(_fa.Path($"run/runs/{run}/weights.npz")));
            Assert.Equal(File.ReadAllText(_fa.Path($"whole/runs/{run}/metrics.jsonl")), File.ReadAllText(_fa.Path($"run/runs/{run}/metrics.jsonl")));
        }

        Assert.Equal(ExitCode.Done, _fa.Run("resume", _fa.Path("run")));
        Assert.Contains("resumed  8 of 8 runs are finished\n", _fa.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheIntervalAndTheDataFolderAreRemembered()
    {
        _fa.Run([.. _fa.Tiny, "--rules", "shallow", "--out", _fa.Path("run"), "--checkpoint-every", "40", "--data-dir", _fa.Path("here")]);
        var resume = ExperimentFolder.Open(_fa.Path("run")).ReadResume() with { Spec = null };
        Assert.Equal((40, _fa.Path("here")), (resume.CheckpointEvery, resume.DataFolder));
        _fa.Run("resume", _fa.Path("run"));
        Assert.Equal(resume, ExperimentFolder.Open(_fa.Path("run")).ReadResume() with { Spec = null });
        _fa.Run("resume", _fa.Path("run"), "--checkpoint-every", "50");
        Assert.Equal(resume with { CheckpointEvery = 50 }, ExperimentFolder.Open(_fa.Path("run")).ReadResume() with { Spec = null });
    }

    [Fact]
    public void ADataFolderThatCanBeNoPathIsRefusedInALine()
    {
        _fa.Run([.. _fa.Tiny, "--rules", "shallow", "--out", _fa.Path("run"), "--data-dir", _fa.Path("here")]);
        var resume = Path.Combine(_fa.Path("run"), "resume.json");
        File.WriteAllText(resume, File.ReadAllText(resume).Replace("here", "he\\u0000re", StringComparison.Ordinal));
        Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path("run")));
        Assert.Contains("cannot be the folder of the data: no path has a null character; name another with --data-dir", _fa.Error,
            StringComparison.Ordinal);
    }

    /// <summary>
    /// Every setting that was taken silently once, and every one that was refused for another reason, edited in the file.
    /// </summary>
    [Fact]
    public void AnEditedSpecIsRefusedByTheNameOfTheKeyBeforeAnythingIsDone()
    {
        Stop([.. _fa.Tiny, "--rules", "feedback-alignment", "--out", _fa.Path("run")]);
        var spec = File.ReadAllText(_fa.Path("run/spec.json"));
        foreach (var (key, old, edited) in ((string, string, string)[])
        [
            ("optimizer.learningRate", "\"learningRate\": 0.05", "\"learningRate\": 0.5"),
            ("optimizer.momentum", "\"momentum\": 0.9", "\"momentum\": 0.5"),
            ("optimizer.weightDecay", "\"weightDecay\": 0,", "\"weightDecay\": 0.1,"),
            ("optimizer.schedule.kind", "\"kind\": \"constant\"", "\"kind\": \"cosine\""),
            ("optimizer.nesterov", "\"nesterov\": false", "\"nesterov\": true"),
            ("loss", "\"softmax-cross-entropy\"", "\"logistic-cross-entropy\""),
            ("feedback.seed", "\"sha256\": null,\n    \"seed\": null", "\"sha256\": null,\n    \"seed\": 3"),
            ("feedback.sites", "\"sites\": \"module\"", "\"sites\": \"block\""),
            ("training.evaluateEvery", "\"evaluateEvery\": 60", "\"evaluateEvery\": 30"),
            ("training.measureExamples", "\"measureExamples\": 100", "\"measureExamples\": 50"),
            ("network.activation", "\"activation\": \"tanh\"", "\"activation\": \"relu\""),
            ("network.layers", "784-8-10", "784-9-10"),
            ("training.batchSize", "\"batchSize\": 16", "\"batchSize\": 8"),
            ("training.epochs", "\"epochs\": 2", "\"epochs\": 3"),
            ("training.keep", "\"best-validation\"", "\"last\""),
            ("data.train", "\"train\": 60", "\"train\": 61"),
            ("data.source", "\"source\": \"digits\"", "\"source\": \"./nowhere\""),
            ("rules", "\"feedback-alignment\"", "\"shallow\""),
            ("seeds", "    2\n", "    3\n"),
        ])
        {
            var changed = spec.Replace(old, edited);
            Assert.True(changed != spec, key);
            File.WriteAllText(_fa.Path("run/spec.json"), changed);
            Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path("run")));
            Assert.StartsWith($"fa: TEMP/run: was begun under another spec: {key} was ", _fa.Error, StringComparison.Ordinal);
            Assert.EndsWith(
                "; restore the old value to continue, or start a new run from the weights of a run with `fa train --from RUN`\n", _fa.Error,
                StringComparison.Ordinal);
            Assert.Equal("", _fa.Output);
        }

        File.WriteAllText(_fa.Path("run/spec.json"), spec);
        Assert.Equal(ExitCode.Done, _fa.Run("resume", _fa.Path("run")));
    }

    [Fact]
    public void AnEditedTuningIsRefusedByTheNameOfTheKeyAndShownAsItWas()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("tune", "--train", "60", "--examples", "32", "--network", "784-4-10", "--rules", "shallow", "--trials", "2", "--out", _fa.Path("tuned")));
        var spec = File.ReadAllText(_fa.Path("tuned/spec.json"));
        foreach (var (key, old, edited) in ((string, string, string)[])[("optimizer.momentum", "\"momentum\": 0.9", "\"momentum\": 0.5"), ("tuning.trials", "\"trials\": 2", "\"trials\": 3")])
        {
            File.WriteAllText(_fa.Path("tuned/spec.json"), spec.Replace(old, edited));
            Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path("tuned")));
            Assert.StartsWith($"fa: TEMP/tuned: was begun under another spec: {key} was ", _fa.Error, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Done, _fa.Run("report", _fa.Path("tuned")));
            Assert.StartsWith($"fa: TEMP/tuned/spec.json was changed after the training: {key} was ", _fa.Error, StringComparison.Ordinal);
        }

        // Who edits resume.json too still has the trials against him.
        File.WriteAllText(_fa.Path("tuned/spec.json"), spec.Replace("\"momentum\": 0.9", "\"momentum\": 0.5"));
        File.Delete(_fa.Path("tuned/resume.json"));
        Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path("tuned")));
        Assert.Contains(
            "/trials/shallow/000/rung-1-seed-101: was trained under another spec than that of this tuning: optimizer.momentum was 0.9, "
            + "is now 0.5; ", _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFinishedExperimentIsShownUnderItsOwnSpecByEveryCommand()
    {
        _fa.Run([.. _fa.Tiny, "--rules", "feedback-alignment", "--seeds", "1", "--out", _fa.Path("run")]);
        File.WriteAllText(_fa.Path("run/spec.json"), File.ReadAllText(_fa.Path("run/spec.json")).Replace("\"activation\": \"tanh\"", "\"activation\": \"relu\""));
        foreach (var command in (string[][])
        [
            ["show", "run"], ["show", Run], ["report", "run"], ["runs", "run"], ["diff", "run", Run], ["evaluate", "run"], ["export", "run", "--format", "onnx"], ["export", "run", "--format", "tensorboard"],
        ])
        {
            Assert.Equal(ExitCode.Done, _fa.Run([command[0], .. command[1..].Select(word => word.StartsWith("run", StringComparison.Ordinal) ? _fa.Path(word) : word)]));
            Assert.Contains("run/spec.json was changed after the training", _fa.Error, StringComparison.Ordinal);
            Assert.Contains("network.activation", _fa.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("784-8-10 relu", _fa.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("784-8 relu", _fa.Output, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path("run")));
        Assert.Contains("network.activation was \"tanh\", is now \"relu\"", _fa.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("often")]
    [InlineData("1e5")]
    public void AnIntervalIsANumberOfExamples(string text)
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run([.. _fa.Tiny, "--out", _fa.Path("run"), "--checkpoint-every", text]));
        Assert.Equal($"fa: --checkpoint-every: must be a number of examples ≥ 1, was \"{text}\"\n", _fa.Error);
        Assert.False(Directory.Exists(_fa.Path("run")));
    }

    [Fact]
    public void WhatIsNoExperimentIsRefused()
    {
        Refused("none", "TEMP/none: no such folder; name one that `fa compare`, `fa train`, `fa tune` or `fa reproduce` has made");
        Directory.CreateDirectory(_fa.Path("empty"));
        Refused("empty",
            "TEMP/empty: has no spec.json; name a folder that `fa compare`, `fa train`, `fa tune` or `fa reproduce` has made, or, if the "
            + "command was stopped before it began, delete the folder and start again");
        _fa.Write("spec/spec.json", "{}");
        Refused("spec",
            "TEMP/spec: has a spec.json, but no experiment was begun there; begin one with `fa train TEMP/spec/spec.json`, and continue "
            + "a tuning in its own folder");
        Assert.Equal([_fa.Path("spec/spec.json")], Directory.GetFileSystemEntries(_fa.Path("spec")));
        _fa.Run([.. _fa.Tiny, "--rules", "shallow", "--out", _fa.Path("run")]);
        Refused("run/runs/shallow-1",
            "TEMP/run/runs/shallow-1: is the folder of a single run; name the folder of its experiment, TEMP/run");
        _fa.Write("run/resume.json", "{ torn");
        Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path("run")));
        Assert.StartsWith("fa: TEMP/run/resume.json: cannot be read (", _fa.Error, StringComparison.Ordinal);
        Assert.EndsWith("; delete the file to continue without it\n", _fa.Error, StringComparison.Ordinal);
        _fa.Write("run/resume.json", """{ "checkpointEvery": 0 }""");
        Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path("run")));
        Assert.StartsWith(
            "fa: TEMP/run/resume.json: cannot be read (a number of examples must be null or a whole number ≥ 1", _fa.Error,
            StringComparison.Ordinal);

        void Refused(string folder, string message)
        {
            Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path(folder)));
            Assert.Equal($"fa: {message}\n", _fa.Error);
        }
    }

    [Fact]
    public void DamagedCheckpointsAreToldAndBegunAnewOnlyIfAsked()
    {
        string[] one = [.. _fa.Tiny, "--rules", "feedback-alignment", "--seeds", "1"];
        _fa.Run([.. one, "--out", _fa.Path("whole")]);
        Stop([.. one, "--out", _fa.Path("run")]);
        _fa.Write($"{Run}checkpoint.state", "FA-STATE and nothing else, but long enough to hold a checksum");
        Assert.Equal(ExitCode.Failed, _fa.Run("resume", _fa.Path("run")));
        Assert.StartsWith($"fa: the run cannot continue from its checkpoints: TEMP/{Run}checkpoint.state: has 61 bytes, too few for the "
            + "weights of 784-8-10", _fa.Error, StringComparison.Ordinal);
        Assert.Matches("; to start that run from the beginning: fa resume .*run --anew\n$", _fa.Error);

        Assert.Equal(ExitCode.Done, _fa.Run("resume", _fa.Path("run"), "--anew"));
        Assert.StartsWith("fa: feedback-alignment-1: the run cannot continue from its checkpoints", _fa.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_fa.Path("whole/runs/feedback-alignment-1/weights.npz")), File.ReadAllBytes(_fa.Path($"{Run}weights.npz")));
    }

    [Fact]
    public void DataThatChangedAreRefusedInALine()
    {
        string[] rows = [.. Enumerable.Range(0, 60).Select(row => $"{row},{row * row % 7},{(row % 7 > 3 ? "big" : "small")}")];
        Write(rows);
        Stop(["compare", "--data", _fa.Path("own"), "--target", "size", "--rules", "feedback-alignment", "--seeds", "1", "--network",
            "2-4-2", "--epochs", "4", "--out", _fa.Path("run")]);
        Write([.. rows[..30], "30,6,small", .. rows[31..]]);
        Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path("run")));
        Assert.Matches(@"(?m)^fa: TEMP/run: was begun on other data \(checksum [0-9a-f]{8}, now [0-9a-f]{8}\); restore the data, or "
            + @"start again in another folder$", _fa.Error);

        Write(rows);
        var kept = File.ReadAllText(_fa.Path("run/resume.json"));
        File.WriteAllText(_fa.Path("run/resume.json"), Checksum().Replace(kept, $"\"dataChecksum\": \"{new string('x', 6000)}\""));
        Assert.Equal(ExitCode.BadInput, _fa.Run("resume", _fa.Path("run")));
        Assert.Matches(@"(?m)^fa: TEMP/run: was begun on other data \(checksum x{59}…, now [0-9a-f]{8}\)", _fa.Error);

        File.WriteAllText(_fa.Path("run/resume.json"), kept);
        Assert.Equal(ExitCode.Done, _fa.Run("resume", _fa.Path("run")));

        void Write(string[] lines) => _fa.Write("own/train.csv", $"a,b,size\n{string.Join('\n', lines)}\n");
    }

    [Fact]
    public void AStoppedReproductionGoesOn()
    {
        _fa.Run("reproduce", "linear-shallow", "theorem-2", "--effort", "quick", "--quiet", "--strict", "--out", _fa.Path("whole"));

        // The report names specs that are there: judged here, for the experiment takes seconds.
        Assert.Contains("`fa train experiments/linear/spec.json`", File.ReadAllText(_fa.Path("whole/reproduction.md")),
            StringComparison.Ordinal);
        Assert.True(File.Exists(_fa.Path("whole/experiments/linear/spec.json")));
        using (var source = new CancellationTokenSource())
        {
            source.Cancel();
            Assert.Equal(ExitCode.Failed, _fa.Run(["reproduce", "linear-shallow", "theorem-2", "--effort", "quick", "--strict", "--checkpoint-every", "9999", "--out", _fa.Path("run")], source.Token));
        }

        Assert.Contains("continue with: fa resume ", _fa.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, _fa.Run("resume", _fa.Path("run"), "--quiet"));
        Assert.Equal(9999, ExperimentFolder.Open(_fa.Path("run/experiments/linear")).ReadResume().CheckpointEvery);
        Assert.Equal(File.ReadAllText(_fa.Path("whole/figures.json")), File.ReadAllText(_fa.Path("run/figures.json")));
        var weights = Directory.GetFiles(_fa.Path("run/experiments/linear/runs"), "weights.npz", SearchOption.AllDirectories);
        Assert.NotEmpty(weights);
        var written = File.GetLastWriteTimeUtc(weights[0]);

        Assert.Equal(ExitCode.Done, _fa.Run("resume", _fa.Path("run"), "--quiet"));
        Assert.Equal(written, File.GetLastWriteTimeUtc(weights[0]));
    }

    /// <summary>A file system of two megabytes, with half a megabyte left for what a run leaves behind.</summary>
    [Fact]
    public async Task AFullDiskIsOneLineAndTheRunGoesOnWhenThereIsRoom()
    {
        Assert.SkipUnless(await FaProcess.CanMount(_fa.Folder), "needs a system where a test may mount a file system");
        string[] command = ["train", Long(), "--checkpoint-every", "60", "--quiet"];
        Assert.Equal(ExitCode.Done, (await FaProcess.Run(_fa.Folder, [.. command, "--out", "whole"])).Code);
        var (code, output, error) = await FaProcess.RunUnshared(_fa.Folder, $"""
            mkdir disk && mount -t tmpfs -o size=2m none disk
            head -c 1700000 /dev/zero > disk/others
            $fa {string.Join(' ', command)} --out disk/run > first.txt 2> trouble.txt; echo "code $?"
            rm disk/others
            $fa resume disk/run --quiet > second.txt; echo "code $?"
            cp -r disk/run run
            """);
        Assert.Equal(("", "code 1\ncode 0\n", 0), (error, output, code));
        Assert.Matches(
            @"^fa: .*disk/run/runs/feedback-alignment-1/[a-z.]+: cannot be written \(No space left on device.*\); what was written before is kept; solve this, then continue with: fa resume disk/run\n(fa: `fa` stands for .*\n)?$", File.ReadAllText(_fa.Path("trouble.txt")));
        foreach (var file in (string[])["weights.npz", "metrics.jsonl", "curve.csv", "alignment.csv"])
        {
            Assert.Equal(File.ReadAllBytes(_fa.Path($"whole/runs/feedback-alignment-1/{file}")), File.ReadAllBytes(_fa.Path($"{Run}{file}")));
        }
    }

    /// <summary>The file system ends within a line: of that no part stays.</summary>
    [Fact]
    public async Task MetricsThatNoLongerFitEndWithAWholeLine()
    {
        Assert.SkipUnless(await FaProcess.CanMount(_fa.Folder), "needs a system where a test may mount a file system");
        var spec = _fa.Write("talkative.json", """
            { "rules": ["feedback-alignment"], "seeds": [1], "data": { "train": 60, "validation": 10, "test": 10 }, "network": { "layers": "784-4-10" },
              "training": { "epochs": 100, "batchSize": 1, "evaluateEvery": 1, "measureEvery": 1, "measureExamples": 2 } }
            """);
        var (_, output, error) = await FaProcess.RunUnshared(_fa.Folder, $"""
            mkdir disk && mount -t tmpfs -o size=300k none disk
            $fa train {spec} --out disk/run --quiet > first.txt 2> trouble.txt; echo "code $?"
            cp -r disk/run run
            """);
        Assert.Equal(("", "code 1\n"), (error, output));
        Assert.Contains(": cannot be written (No space left on device", File.ReadAllText(_fa.Path("trouble.txt")), StringComparison.Ordinal);
        foreach (var file in (string[])["metrics.jsonl", "curve.csv", "alignment.csv"])
        {
            var lines = File.ReadAllText(_fa.Path(Run + file)).Split('\n');
            Assert.Equal("", lines[^1]);
            Assert.True(lines.Length > 10 && lines[1..^1].All(line => line.Count(letter => letter == ',') == lines[1].Count(letter => letter == ',') || file == "metrics.jsonl"), file);
        }
    }

    [Fact]
    public async Task AReadOnlyFolderIsOneLine()
    {
        Assert.SkipUnless(await FaProcess.CanMount(_fa.Folder), "needs a system where a test may mount a file system");
        _fa.Run([.. _fa.Tiny, "--rules", "shallow", "--out", _fa.Path("run")]);
        var (code, _, error) = await FaProcess.RunUnshared(_fa.Folder, """
            mount --bind run run && mount -o remount,ro,bind run
            $fa resume run
            """);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Matches(@"^fa: .*run: cannot write there \(.*\)\n$", error);
    }

    [Fact]
    public async Task TheSecondProcessIsToldWhoWritesAndNothingOfTheFirstIsLost()
    {
        using var first = FaProcess.Start(_fa.Folder, "train", Long(epochs: 1_000_000), "--out", "run", "--quiet");
        FaProcess.WaitUntil(first, () => File.Exists(_fa.Path("run/lock.json")) && File.Exists(_fa.Path($"{Run}metrics.jsonl")));
        var (code, _, error) = await FaProcess.Run(_fa.Folder, "resume", "run");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Matches(
            $@"^fa: .*run: process {first.Id} on {Environment.MachineName} has been writing there since [0-9: -]+ UTC; wait until it ends, or stop it\n$", error);
        first.Kill();
        first.WaitForExit();
    }

    /// <summary>An experiment of one run that takes a second or so.</summary>
    private string Long(int epochs = 40) => _fa.Write("long.json", $$"""
        { "rules": ["feedback-alignment"], "seeds": [1], "data": { "train": 60, "validation": 40, "test": 40 }, "network": { "layers": "784-10-10" },
          "optimizer": { "kind": "adam" }, "training": { "epochs": {{epochs}}, "batchSize": 4, "measureExamples": 20 } }
        """);

    /// <summary>Runs a command that is stopped before its first step.</summary>
    private void Stop(string[] command)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Equal(ExitCode.Failed, _fa.Run(command, source.Token));
    }

    [GeneratedRegex("\"dataChecksum\": \"[0-9a-f]{8}\"")]
    private static partial Regex Checksum();
}
