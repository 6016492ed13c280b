using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Losses;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>A program of one's own is <c>fa</c> with a loss of one's own.</summary>
public sealed class OwnLossTests : IDisposable
{
    private readonly Fa _own = new() { Components = Components.Standard with { Losses = Loss.Standard.With(new AbsoluteError()) } };

    private readonly Fa _fa = new();

    private string Run => _own.Path("run");

    private string OwnRun => _own.Path("run/runs/feedback-alignment-1");

    public void Dispose()
    {
        _own.Dispose();
        _fa.Dispose();
    }

    [Fact]
    public void EveryCommandKnowsTheLoss()
    {
        _own.Done("compare", "--help");
        Assert.Matches(@"softmax-cross-entropy\s+or\s+absolute-error", _own.Output);
        var schema = SpecSchema.Write(_own.Components);
        Assert.Contains("\"absolute-error\"", schema, StringComparison.Ordinal);
        Assert.Contains("The absolute value of each error, rounded at 0.", schema, StringComparison.Ordinal);

        _own.Done([.. Compare("absolute-error"), "--out", Run]);
        Assert.Equal("absolute-error", ExperimentFolder.Read(Run).Spec.Loss);
        _own.Done("evaluate", OwnRun);
        Assert.Contains("absolute-error", _own.Output, StringComparison.Ordinal);
        _own.Done("export", OwnRun, "--format", "safetensors", "--out", _own.Path("model.safetensors"));
        _own.Done("evaluate", _own.Path("model.safetensors"), "--data", _own.WritePictures("pictures"));
        Assert.Contains("absolute-error", _own.Output, StringComparison.Ordinal);
        _own.Done("export", OwnRun, "--format", "onnx", "--out", _own.Path("model.onnx"));
        _own.Done("predict", OwnRun, _own.Path("pictures/t10k-images-idx3-ubyte"));
        _own.Done("report", Run);
        _own.Done("train", System.IO.Path.Combine(Run, "spec.json"), "--out", _own.Path("again"));
        Assert.Equal(
            File.ReadAllBytes(System.IO.Path.Combine(OwnRun, "weights.npz")),
            File.ReadAllBytes(_own.Path("again/runs/feedback-alignment-1/weights.npz")));

        // It is another loss, not another name.
        _own.Done([.. Compare("squared-error"), "--out", _own.Path("squared")]);
        Assert.NotEqual(
            File.ReadAllBytes(System.IO.Path.Combine(OwnRun, "weights.npz")),
            File.ReadAllBytes(_own.Path("squared/runs/feedback-alignment-1/weights.npz")));
    }

    [Fact]
    public void AStoppedRunGoesOnToTheSameBits()
        => _own.StopsAndGoesOnToTheSameBits(Compare("absolute-error"), "feedback-alignment-1");

    [Fact]
    public void ItsOwnObjectionIsTold()
    {
        Refused(_own, "--loss", "did you mean \"absolute-error\"?", [.. Compare("absolut-error"), "--out", Run]);
        Refused(_own, "network.outputActivation", "does not suit absolute-error: it needs outputs of both signs, not relu", "train",
            _own.Write("spec.json", """{ "loss": "absolute-error", "network": { "outputActivation": "relu" } }"""));
        Refused(_own, "network.layers", "do not suit absolute-error: it needs outputs of both signs, not relu", "train",
            _own.Write("plan.json", """{ "loss": "absolute-error", "network": { "layers": "784, dense 20 tanh, dense 10 relu" } }"""));
        Refused(_own, "network.layers", "absolute-error takes at most 100 outputs", "train",
            _own.Write("wide.json",
                """{ "loss": "absolute-error", "data": { "source": "./folder" }, "network": { "layers": "784-101" } }"""));
    }

    [Fact]
    public void FaSaysThatItDoesNotKnowTheLoss()
    {
        _own.Done([.. Compare("absolute-error"), "--out", Run]);
        Refused(_fa, "loss", "must be one of squared-error, logistic-cross-entropy, softmax-cross-entropy; was \"absolute-error\"",
            "train", System.IO.Path.Combine(Run, "spec.json"));
        Refused(_fa, "loss", "was \"absolute-error\"", "evaluate", OwnRun);
        Refused(_fa, "loss", "was \"absolute-error\"", "export", OwnRun, "--format", "safetensors");
    }

    private string[] Compare(string loss) =>
    [
        "compare", "--rules", "feedback-alignment", "--data", _own.WritePictures("pictures"), "--network", "4-5-3", "--epochs", "2",
        "--batch", "4", "--seeds", "1", "--loss", loss,
    ];

    private static void Refused(Fa fa, string where, string why, params string[] command)
    {
        Assert.Equal(ExitCode.BadInput, fa.Run(command));
        Assert.Contains(where, fa.Error, StringComparison.Ordinal);
        Assert.Contains(why, fa.Error, StringComparison.Ordinal);
        Assert.Single(fa.Error.TrimEnd('\n').Split('\n'));
    }
}
