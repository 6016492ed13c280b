using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using YourOwnModule;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>
/// A program of one's own is <c>fa</c> with an activation, a distribution of weights and a module of one's own; <c>fa</c> itself says that
/// it does not know them.
/// </summary>
public sealed class OwnPartsTests : IDisposable
{
    private const string Network = "4, dense 6 softsign, gain 0.5, residual(dense 6 softsign, gain), softsign, dense 3";

    private const string Unknown = "item 2 \"dense 6 softsign\" names no activation; there are linear";

    private static readonly Components _components = Components.Standard with
    {
        Activations = Activation.Standard.With(
            Softsign.Activation, Activation.Create("no-onnx", "2 z.", z => 2 * z, _ => 2)),
        Initializations = Initialization.Standard.With(new Initialization(
            "by-outputs", "Uniform, variance scale² ∕ outputs.",
            scale => WeightDistribution.Create("by-outputs", scale, isNormal: false, (_, fanOut) => 1.0 / fanOut))),
        Modules = ModuleEntry.Standard.With(Gain.Entry),
    };

    private readonly Fa _own = new() { Components = _components };
    private readonly Fa _fa = new();

    private string Run => _own.Path("run");

    private string OwnRun => _own.Path("run/runs/direct-feedback-alignment-1");

    public void Dispose()
    {
        _own.Dispose();
        _fa.Dispose();
    }

    [Fact]
    public void EveryCommandKnowsThem()
    {
        _own.Done([.. Compare("backpropagation,direct-feedback-alignment"), "--out", Run]);
        Assert.Contains(Network, _own.Output, StringComparison.Ordinal);
        _own.Done("report", Run);
        Assert.Contains("gain 0.5", File.ReadAllText(_own.Path("run/report.html")), StringComparison.Ordinal);
        _own.Done("show", OwnRun);
        _own.Done("evaluate", OwnRun);
        var answers = TestError();
        _own.Done("predict", OwnRun, _own.Path("pictures/t10k-images-idx3-ubyte"));
        _own.Done("train", System.IO.Path.Combine(Run, "spec.json"), "--out", _own.Path("again"));
        _own.Done("train", "--from", OwnRun, "--out", _own.Path("further"));
        _own.Done("tune", System.IO.Path.Combine(Run, "spec.json"), "--trials", "2", "--out", _own.Path("tuned"));
        _own.Done("export", OwnRun, "--format", "onnx");

        var file = _own.Path("model.safetensors");
        _own.Done("export", OwnRun, "--format", "safetensors", "--out", file);
        _own.Done("evaluate", file);
        Assert.Equal(answers, TestError());
        _own.Done("import", file, "--data", _own.Path("pictures"), "--out", _own.Path("imported"));
        _own.Done("evaluate", _own.Path("imported"));
        Assert.Equal(answers, TestError());
        _own.Done("train", _own.Path("imported/spec.json"), "--out", _own.Path("imported-run"));

        string TestError() => _own.Output.Split('\n').First(line => line.StartsWith("test ", StringComparison.Ordinal));
    }

    [Fact]
    public void ANetworkOfSizesKnowsTheActivation()
    {
        _own.Done([.. Compare("feedback-alignment", "4-5-3"), "--activation", "softsign", "--out", Run]);
        _own.Done("export", _own.Path("run/runs/feedback-alignment-1"), "--format", "safetensors", "--out", _own.Path("m.safetensors"));
        _own.Done("import", _own.Path("m.safetensors"), "--data", _own.Path("pictures"), "--out", _own.Path("imported"));
        Assert.Contains("softsign", File.ReadAllText(_own.Path("imported/spec.json")), StringComparison.Ordinal);
        Refused(_fa, "the metadata name the activation \"softsign\"; there are linear", "evaluate", _own.Path("m.safetensors"));
    }

    [Fact]
    public void AStoppedRunGoesOnToTheSameBits()
        => _own.StopsAndGoesOnToTheSameBits(
            Compare("direct-feedback-alignment"), "direct-feedback-alignment-1", stopped => Refused(_fa, Unknown, "resume", stopped));

    [Fact]
    public void HelpAndSchemaListThem()
    {
        Assert.Equal(ExitCode.Done, _own.Run("compare", "--help"));
        var help = string.Join(' ', _own.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("gelu, softsign or no-onnx.", help, StringComparison.Ordinal);
        Assert.Contains("he-normal, zero or by-outputs.", help, StringComparison.Ordinal);
        Assert.Contains("pad-shortcut CHANNELS [stride N], gain [START].", help, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, _own.Run("evaluate", "--help"));
        Assert.Contains("softsign", _own.Output, StringComparison.Ordinal);

        var schema = SpecSchema.Create(_components)["properties"]!;
        Assert.Contains("`gain [START]`: Each unit's signal times", (string?)schema["network"]!["properties"]!["layers"]!["description"],
            StringComparison.Ordinal);
        foreach (var (key, id, summary) in (ReadOnlySpan<(System.Text.Json.Nodes.JsonNode?, string, string)>)
        [
            (schema["network"]!["properties"]!["activation"], "softsign", "z ∕ (1 + |z|)."),
            (schema["network"]!["properties"]!["outputActivation"], "softsign", "z ∕ (1 + |z|)."),
            (schema["network"]!["properties"]!["initialization"]!["properties"]!["scheme"], "by-outputs",
                "Uniform, variance scale² ∕ outputs."),
            (schema["feedback"]!["properties"]!["scheme"], "by-outputs", "Uniform, variance scale² ∕ outputs."),
        ])
        {
            Assert.Contains($"\"{id}\"", key!["enum"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Contains(key["enumDescriptions"]!.AsArray(), text => (string?)text == summary);
        }
    }

    [Fact]
    public void MistakesAreToldAsForEveryPart()
    {
        Refused(_own, "did you mean \"softsign\"?", "compare", "--activation", "softsgn");
        Refused(_own, "did you mean \"by-outputs\"?", "compare", "--init", "by-output");
        Refused(_own, "item 3 \"gain 0\" has a wrong start, which must be > 0, e.g. gain 1", "compare", "--network",
            "4, dense 3, gain 0, dense 3");
        Refused(_own, "by-outputs, which already depends on the size of the matrix", "train",
            _own.Write("spec.json", """{ "feedback": { "scheme": "by-outputs", "normalization": "fan-in" } }"""));
        _own.Done([.. Compare("backpropagation", "4, dense 5 no-onnx, dense 3"), "--out", Run]);
        Refused(_own, "no ONNX operator is known for the activation no-onnx; --format safetensors has its weights", "export",
            _own.Path("run/runs/backpropagation-1"), "--format", "onnx");
    }

    [Fact]
    public void FaSaysThatItDoesNotKnowThemAndShowsTheRecordsAllTheSame()
    {
        _own.Done([.. Compare("backpropagation,direct-feedback-alignment"), "--out", Run]);
        Refused(_fa, "item 3 \"gain\" is no module; there are dense, conv, batch-norm", "compare", "--network", "4, dense 6, gain, dense 3");
        Refused(_fa, Unknown, "train", System.IO.Path.Combine(Run, "spec.json"));
        Refused(_fa, Unknown, "evaluate", OwnRun);
        Refused(_fa, Unknown, "export", OwnRun, "--format", "safetensors");
        foreach (var command in (string[][])[["report", Run], ["show", Run], ["show", OwnRun], ["diff", Run, OwnRun],
            ["runs", _own.Folder]])
        {
            Assert.True(_fa.Run(command) == ExitCode.Done, $"{string.Join(' ', command)}: {_fa.Error}");
        }
    }

    private string[] Compare(string rules, string network = Network) =>
    [
        "compare", "--rules", rules, "--data", _own.WritePictures("pictures"), "--network", network, "--epochs", "2", "--batch", "4",
        "--seeds", "1", "--init", "by-outputs", "--feedback", "by-outputs",
    ];

    /// <summary>Each mistake in one line.</summary>
    private static void Refused(Fa fa, string why, params string[] command)
    {
        Assert.Equal(ExitCode.BadInput, fa.Run(command));
        Assert.Contains(why, fa.Error, StringComparison.Ordinal);
        Assert.All(fa.Error.TrimEnd('\n').Split('\n'), line => Assert.StartsWith("fa: ", line, StringComparison.Ordinal));
    }
}
