namespace FeedbackAlignment.Cli.Tests;

/// <summary>
/// <c>--arithmetic</c>. A process computes with one kind only, and this one is fused; what is separate runs in processes of its own.
/// </summary>
public sealed class ArithmeticTests : IDisposable
{
    private const string Weights = "runs/feedback-alignment-1/weights.npz", Checkpoint = "runs/feedback-alignment-1/checkpoint.state";

    private const string Spec = """
        {
          "rules": ["feedback-alignment"], "seeds": [1], "data": { "train": 90, "validation": 40, "test": 40 },
          "network": { "layers": "784-12-10" }, "training": { "epochs": 40, "batchSize": 4, "measureExamples": 10 }
        }
        """;

    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public async Task ARunKeepsTheArithmeticThatItWasBegunWith()
    {
        var spec = _fa.Write("spec.json", Spec);
        _fa.Done("train", spec, "--out", _fa.Path("fused"), "--arithmetic", "fused");
        await Done("train", spec, "--out", "separate", "--quiet", "--arithmetic", "separate");
        Assert.NotEqual(Bytes("fused", Weights), Bytes("separate", Weights));
        using (var process = FaProcess.Start(
            _fa.Folder, "train", spec, "--out", "killed", "--quiet", "--arithmetic", "separate", "--checkpoint-every", "12"))
        {
            FaProcess.WaitUntil(process, () => File.Exists(_fa.Path($"killed/{Checkpoint}")));
            process.Kill();
            process.WaitForExit();
        }

        Refused("go on with --arithmetic separate", "resume", _fa.Path("killed"));

        // A checkpoint says it too.
        Say("killed/environment.json", "fused");
        Assert.Equal(ExitCode.Failed, _fa.Run("resume", _fa.Path("killed")));
        Assert.Contains("training.arithmetic was separate, is now fused", _fa.Error, StringComparison.Ordinal);
        Say("killed/environment.json", "separate");
        await Done("resume", "killed", "--quiet");
        Assert.Equal(Bytes("separate", Weights), Bytes("killed", Weights));

        _fa.Done("show", _fa.Path("separate"));
        Assert.Contains("-bit vectors, separate arithmetic", _fa.Output, StringComparison.Ordinal);
        _fa.Done("show", _fa.Path("fused"));
        Assert.DoesNotContain("arithmetic", _fa.Output, StringComparison.Ordinal);
        _fa.Done("diff", _fa.Path("fused"), _fa.Path("separate"));
        Assert.Contains("arithmetic: \"fused\" | \"separate\"", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("bits, separate arithmetic", File.ReadAllText(_fa.Path("separate/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStudyKeepsTheArithmeticThatItWasPlannedFor()
    {
        var spec = _fa.Write("study.json", Spec.Replace("\"epochs\": 40", "\"epochs\": 1", StringComparison.Ordinal)
            .Replace("\"rules\"", "\"study\": { \"grid\": { \"feedback.scale\": [1, 2] } }, \"rules\"", StringComparison.Ordinal));
        _fa.Done("study", spec, "--out", _fa.Path("fused"), "--most", "1", "--quiet");
        await Done("study", spec, "--out", "separate", "--most", "1", "--quiet", "--arithmetic", "separate");
        Assert.Empty(Runs("fused").Intersect(Runs("separate")));
        Refused("go on with --arithmetic separate", "work", _fa.Path("separate"));
        Refused("go on with --arithmetic separate", "study", spec, "--out", _fa.Path("separate"));
        Refused("go on with --arithmetic fused", await FaProcess.Run(_fa.Folder, "work", "fused", "--arithmetic", "separate"));
        await Done("work", "separate", "--quiet");
        Assert.Equal(2, Runs("separate").Length);
    }

    /// <summary>Their folders are those of other commands; this is where the kind stands in them.</summary>
    [Fact]
    public void ATuningAndAReproductionKeepTheirs()
    {
        _fa.Write("paper/plan.json", """{ "claims": [], "effort": "quick", "arithmetic": "separate" }""");
        Refused("go on with --arithmetic separate", "resume", _fa.Path("paper"));
        _fa.Write("paper/plan.json", """{ "claims": ["none"], "effort": "quick" }""");
        Refused("this version does not have", "resume", _fa.Path("paper"));
        _fa.Done(
            "tune", _fa.Write("tune.json", Spec.Replace("\"epochs\": 40", "\"epochs\": 1", StringComparison.Ordinal)), "--trials", "1",
            "--quiet", "--out", _fa.Path("tuning"));
        Say("tuning/environment.json", "separate");
        Refused("go on with --arithmetic separate", "resume", _fa.Path("tuning"));
    }

    [Fact]
    public void AnotherKindIsRefusedInALine()
    {
        Refused("--arithmetic: must be fused or separate, was \"fast\"", "bench", "--arithmetic", "fast");
        _fa.Done(["compare", "--out", _fa.Path("tiny"), "--quiet", .. _fa.Tiny[1..], "--rules", "feedback-alignment"]);
        Refused("--arithmetic: this process has begun to compute with fused arithmetic", "evaluate", "m", "--arithmetic", "separate");
    }

    private async Task Done(params string[] args)
    {
        var (code, _, error) = await FaProcess.Run(_fa.Folder, args);
        Assert.Equal((ExitCode.Done, ""), (code, error));
    }

    private void Refused(string why, params string[] args)
    {
        var code = _fa.Run(args);
        Refused(why, (code, "", _fa.Error));
    }

    private static void Refused(string why, (int Code, string Output, string Error) ended)
    {
        Assert.Contains(why, ended.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, ended.Code);
        Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private void Say(string file, string kind)
    {
        var path = _fa.Path(file);
        var said = kind == "fused" ? "separate" : "fused";
        var text = File.ReadAllText(path);
        Assert.Contains($"\"arithmetic\": \"{said}\"", text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace($"\"arithmetic\": \"{said}\"", $"\"arithmetic\": \"{kind}\"", StringComparison.Ordinal));
    }

    private string[] Runs(string study)
        => [.. Directory.EnumerateDirectories(_fa.Path($"{study}/runs")).Select(Path.GetFileName).Select(name => name!)];

    private byte[] Bytes(string folder, string file) => File.ReadAllBytes(_fa.Path($"{folder}/{file}"));
}
