using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>A program of one's own is <c>fa</c> with an optimizer of one's own, which has an option and remembers something.</summary>
public sealed class OwnOptimizerTests : IDisposable
{
    private readonly Fa _own = new()
    {
        Components = Components.Standard with { Optimizers = OptimizerEntry.Standard.With(SignMomentum.Entry) },
    };

    private readonly Fa _fa = new();

    private string Run => _own.Path("run");

    private string OwnRun => _own.Path("run/runs/kolen-pollack-1");

    public void Dispose()
    {
        _own.Dispose();
        _fa.Dispose();
    }

    [Fact]
    public void EveryCommandKnowsTheOptimizer()
    {
        _own.Done("compare", "--help");
        Assert.Matches(@"adamw\s+or\s+sign-momentum", _own.Output);
        var schema = SpecSchema.Write(_own.Components);
        Assert.Contains("\"sign-momentum\"", schema, StringComparison.Ordinal);
        Assert.Contains("Signs of a running mean of gradients.", schema, StringComparison.Ordinal);

        _own.Done([.. Compare, "--out", Run]);
        var spec = ExperimentFolder.Read(Run).Spec;
        Assert.Equal(("sign-momentum", 0.02f, 0.125f), (spec.Optimizer.Kind, spec.Optimizer.LearningRate, spec.Optimizer.WeightDecay));
        _own.Done("show", OwnRun);
        _own.Done("evaluate", OwnRun);
        _own.Done("export", OwnRun, "--format", "safetensors", "--out", _own.Path("model.safetensors"));
        _own.Done("report", Run);
        _own.Done("train", System.IO.Path.Combine(Run, "spec.json"), "--out", _own.Path("again"));
        Assert.Equal(Weights(Run), Weights(_own.Path("again")));
        _own.Done("train", "--from", OwnRun, "--with-optimizer", "--out", _own.Path("further"));
        _own.Done("tune", System.IO.Path.Combine(Run, "spec.json"), "--trials", "2", "--out", _own.Path("tuned"));
    }

    [Fact]
    public void AStoppedRunGoesOnToTheSameBits()
        => _own.StopsAndGoesOnToTheSameBits(Compare, "kolen-pollack-1");

    /// <summary>Its option, decay and learning rate reach it, and mistakes are told as for a rule's options.</summary>
    [Fact]
    public void ItsSettingsAreThoseOfASpec()
    {
        _own.Done([.. Compare, "--out", Run]);
        _own.Done("train", _own.Write("spec.json", Spec("""{ "kind": "sign-momentum", "options": { "memory": 0.5 } }""")), "--out",
            _own.Path("other"));
        Assert.NotEqual(Weights(Run), Weights(_own.Path("other")));
        Refused(_own, "optimizer.options.memory: must be ≥ 0 and ≤ 1, was 2",
            """{ "kind": "sign-momentum", "options": { "memory": 2 } }""");
        Refused(_own, "optimizer.options.memry: sign-momentum has no such option, did you mean \"memory\"?",
            """{ "kind": "sign-momentum", "options": { "memry": 0.5 } }""");
        Refused(_own, "optimizer.options.memory: sgd has no options; leave it out", """{ "options": { "memory": 0.5 } }""");
        Refused(_own, "optimizer.momentum: only sgd and sign-sgd have momentum; must be 0 with sign-momentum, was 0.9",
            """{ "kind": "sign-momentum", "momentum": 0.9 }""");
        Refused(_own,
            "optimizer.kind: must be one of sgd, compensated-sgd, sign-sgd, rmsprop, adam, adamw, sign-momentum; was \"sign-momentom\"",
            """{ "kind": "sign-momentom" }""");
        Refused(_own, "optimizer.weightDecay: times learningRate must be < 1", """{ "kind": "sign-momentum", "learningRate": 8 }""");
    }

    [Fact]
    public void FaSaysThatItDoesNotKnowTheOptimizer()
        => Refused(_fa, "optimizer.kind: must be one of sgd, compensated-sgd, sign-sgd, rmsprop, adam, adamw; was \"sign-momentum\"",
            """{ "kind": "sign-momentum" }""");

    private string[] Compare =>
    [
        "compare", "--rules", "kolen-pollack", "--data", _own.WritePictures("pictures"), "--network", "4-5-3", "--epochs", "2", "--batch",
        "4", "--seeds", "1", "--optimizer", "sign-momentum",
    ];

    private static byte[] Weights(string folder) => File.ReadAllBytes(System.IO.Path.Combine(folder, "runs/kolen-pollack-1/weights.npz"));

    private string Spec(string optimizer)
        => $$"""
            { "rules": ["kolen-pollack"], "data": { "source": "{{_own.WritePictures("pictures")}}" }, "network": { "layers": "4-5-3" },
              "training": { "epochs": 2, "batchSize": 4 }, "seeds": [1], "optimizer": {{optimizer}} }
            """;

    private void Refused(Fa fa, string why, string optimizer)
    {
        Assert.Equal(ExitCode.BadInput, fa.Run("train", _own.Write("bad.json", Spec(optimizer))));
        Assert.Contains(why, fa.Error, StringComparison.Ordinal);
        Assert.Single(fa.Error.TrimEnd('\n').Split('\n'));
    }
}
