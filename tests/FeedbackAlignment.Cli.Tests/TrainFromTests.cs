using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Cli.Tests;

/// <summary><c>fa train --from RUN</c>: the honest way to go on with other settings.</summary>
public sealed class TrainFromTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void ANewRunBeginsWithTheWeightsAndTheFeedbackOfTheOldOneAndCanBeRunAgain()
    {
        var old = Train("feedback-alignment");
        Done("train", "--from", old, "--learning-rate", "0.01", "--epochs", "1", "--out", _fa.Path("new"));
        Assert.Contains("\nfrom     TEMP/old/runs/feedback-alignment-1: its weights after ", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("\nfeedback the same weights as there\n", _fa.Output, StringComparison.Ordinal);

        var spec = ExperimentFolder.Read(_fa.Path("new")).Spec;
        Assert.Equal(("feedback-alignment", 1ul, 0.01f, 1.0), (Assert.Single(spec.Rules), Assert.Single(spec.Seeds), spec.Optimizer.LearningRate!.Value, spec.Training.Epochs!.Value));
        Assert.Equal((_fa.Path("new/from.safetensors"), CarriedIds.Weights), (spec.Network.Initialization.From, spec.Network.Initialization.Carries));
        Assert.Equal(64, spec.Network.Initialization.Sha256!.Length);
        AssertSame("old/runs/feedback-alignment-1", "new/runs/feedback-alignment-1", "feedback.output-hidden1.npy");
        using (var stream = File.OpenRead(_fa.Path("new/from.safetensors")))
        {
            var first = SafetensorsFile.Read(stream, "from").Find("hidden1.weights")!.Values;
            var kept = Array("old/runs/feedback-alignment-1", "hidden1.weights.npy");
            Assert.All(Enumerable.Range(0, first.Rows), row => Assert.All(Enumerable.Range(0, first.Columns), column => Assert.Equal(kept[row, column], first[row, column])));
        }

        Directory.Delete(_fa.Path("old"), recursive: true);
        Done("train", _fa.Path("new/spec.json"), "--out", _fa.Path("again"));
        Assert.Equal(File.ReadAllBytes(_fa.Path("new/runs/feedback-alignment-1/weights.npz")), File.ReadAllBytes(_fa.Path("again/runs/feedback-alignment-1/weights.npz")));
    }

    /// <summary>With the weights that it would have drawn itself a rule ends with the same bits; with those of another, with
    /// others.</summary>
    [Fact]
    public void FeedbackWeightsComeFromAFile()
    {
        Done([.. Tiny("feedback-alignment,kolen-pollack"), "--out", _fa.Path("drawn")]);
        Done("export", _fa.Path("drawn/runs/feedback-alignment-1"), "--format", "safetensors", "--out", _fa.Path("fa.safetensors"));
        Done([.. Tiny("feedback-alignment,kolen-pollack,backpropagation"), "--feedback-from", _fa.Path("fa.safetensors"), "--out",
            _fa.Path("given")]);
        Assert.Equal(Weights("drawn", "feedback-alignment-1"), Weights("given", "feedback-alignment-1"));
        Assert.NotEqual(Weights("drawn", "feedback-alignment-2"), Weights("given", "feedback-alignment-2"));
        AssertSame("drawn/runs/feedback-alignment-1", "given/runs/feedback-alignment-2", "feedback.output-hidden1.npy");
        AssertSame("drawn/runs/feedback-alignment-1", "given/runs/feedback-alignment-1", "hidden1.weights.npy");

        // It learns what Kolen and Pollack start from.
        Assert.NotEqual(Weights("drawn", "kolen-pollack-2"), Weights("given", "kolen-pollack-2"));
        var spec = ExperimentFolder.Read(_fa.Path("given")).Spec;
        Assert.Equal((_fa.Path("fa.safetensors"), 64), (spec.Feedback.From, spec.Feedback.Sha256!.Length));

        Refused("--rules: \"sign-symmetry-uniform\": the rule forms its feedback weights itself and takes none, "
                + "which --feedback-from (TEMP/fa.safetensors) needs",
            [.. Tiny("sign-symmetry-uniform"), "--feedback-from", _fa.Path("fa.safetensors"), "--out", _fa.Path("no")]);
        Refused("--rules: \"direct-feedback-alignment\": there is no feedback.output-hidden1 of 10 × 7 finite numbers "
                + "in the file, which --feedback-from (TEMP/fa.safetensors) needs",
            ["compare", "--rules", "direct-feedback-alignment", "--network", "784-7-10", "--train", "60", "--feedback-from",
                _fa.Path("fa.safetensors"), "--out", _fa.Path("no")]);
        Assert.False(Directory.Exists(_fa.Path("no")));

        void Refused(string message, params string[] args)
        {
            Assert.Equal(ExitCode.BadInput, _fa.Run(args));
            Assert.Equal($"fa: {message}\n", _fa.Error);
        }

        byte[] Weights(string experiment, string run) => File.ReadAllBytes(_fa.Path($"{experiment}/runs/{run}/weights.npz"));
        string[] Tiny(string rules) => [.. _fa.Tiny, "--rules", rules];
    }

    /// <summary>One training of two steps is two of one step, if the second takes over what the optimizer remembered.</summary>
    [Theory]
    [InlineData("feedback-alignment", "\"kind\": \"sgd\", \"momentum\": 0.9")]
    [InlineData("kolen-pollack", "\"kind\": \"sgd\", \"momentum\": 0.9")]
    [InlineData("backpropagation", "\"kind\": \"adam\"")]
    public void WithTheOptimizerTwoTrainingsAreOne(string rule, string optimizer)
    {
        var spec = _fa.Write("full.json", $$"""
            { "rules": ["{{rule}}"], "seeds": [1], "data": { "train": 60, "validation": 20, "test": 20 }, "network": { "layers": "784-6-10" },
              "optimizer": { {{optimizer}}, "learningRate": 0.01 }, "training": { "examples": 60, "batchSize": 60, "keep": "last", "measureEvery": 0 } }
            """);
        Done("train", spec, "--examples", "120", "--out", _fa.Path("one"));
        Done("train", spec, "--out", _fa.Path("first"));
        Done("train", spec, "--from", _fa.Path("first"), "--with-optimizer", "--out", _fa.Path("second"));
        Assert.Contains("\nfrom     what its optimizer remembered at the end, after 60 examples\n", _fa.Output, StringComparison.Ordinal);
        Done("train", spec, "--from", _fa.Path("first"), "--out", _fa.Path("cold"));

        // The second pass is dealt out in another order, which sums the same gradients otherwise; Adam makes much of the least of them, so its memory is compared.
        var (run, isAdam) = ($"runs/{rule}-1", optimizer.Contains("adam", StringComparison.Ordinal));
        string[] names = isAdam ? ["optimizer.hidden1.weights.exp_avg.npy", "optimizer.output.weights.exp_avg_sq.npy"]
            : ["hidden1.weights.npy", "output.weights.npy", "optimizer.output.weights.momentum_buffer.npy", .. rule == "kolen-pollack" ? ["feedback.output-hidden1.npy"] : (string[])[]];
        Assert.All(names, name => Assert.InRange(Distance(Array($"one/{run}", name), Array($"second/{run}", name)), 0, 1e-5f));
        Assert.Equal(2, Array($"second/{run}", "optimizer.steps.npy")[0, 0]);
        Assert.True(Distance(Array($"one/{run}", names[0]), Array($"cold/{run}", names[0])) > 1e-4f);
    }

    [Fact]
    public void OtherFeedbackIsSaid()
    {
        var old = Train("feedback-alignment");
        Done("train", "--from", old, "--feedback-scale", "2", "--epochs", "1", "--out", _fa.Path("scaled"));
        Assert.Contains("\nfeedback not the weights of that run, but others: the network has to align with them anew\n", _fa.Output, StringComparison.Ordinal);
        Done("train", "--from", old, "--seeds", "2", "--epochs", "1", "--out", _fa.Path("seeds"));
        Assert.Contains("\nfeedback the same weights as there in feedback-alignment-1\nfeedback not the weights of that run, but others in feedback-alignment-2: ", _fa.Output, StringComparison.Ordinal);
        Done("train", "--from", old, "--rules", "backpropagation", "--epochs", "1", "--out", _fa.Path("bp"));
        Assert.DoesNotContain("\nfeedback ", _fa.Output, StringComparison.Ordinal);
    }

    /// <summary>Feedback that learns is taken over as it had become.</summary>
    [Fact]
    public void LearnedFeedbackIsTakenOver()
    {
        var old = Train("kolen-pollack");
        Done("train", "--from", old, "--learning-rate", "1e-30", "--epochs", "1", "--out", _fa.Path("new"));
        Assert.Contains("\nfeedback the same weights as there\n", _fa.Output, StringComparison.Ordinal);
        Assert.Equal(CarriedIds.Rule, ExperimentFolder.Read(_fa.Path("new")).Spec.Network.Initialization.Carries);
        AssertSame("old/runs/kolen-pollack-1", "new/runs/kolen-pollack-1", "feedback.output-hidden1.npy");
    }

    [Fact]
    public void WhatCannotGoOnIsRefusedAndLeavesNoFolder()
    {
        var old = Train("kolen-pollack");
        Refused("--with-optimizer: needs --from RUN, the run that the optimizer state comes from", _fa.Path("long.json"),
            "--with-optimizer");
        Refused("TEMP/none: no finished run here; name a run folder, e.g. runs/compare-20261123-113000/runs/feedback-alignment-1", "--from",
            _fa.Path("none"));
        Refused("network.initialization.carries: adam cannot use the state of sgd; must be weights or rule", "--from", old,
            "--with-optimizer", "--optimizer", "adam");
        Refused("network.initialization.carries: TEMP/never/from.safetensors is of a run of kolen-pollack, so only that rule can "
            + "continue with what it had learned; must be weights for shallow", "--from", old, "--with-optimizer", "--rules", "shallow");
        Refused("network.initialization.from: TEMP/never/from.safetensors holds a network of 784-8-10, but --network is 784-9-10", "--from", old, "--network", "784-9-10");
        Refused("--learning-rate: must be > 0, was 0", "--from", old, "--learning-rate", "0");
        Done("train", _fa.Path("long.json"), "--rules", "shallow", "--momentum", "0", "--epochs", "1", "--out", _fa.Path("plain"));
        Refused("TEMP/plain/runs/shallow-1: its optimizer (sgd) has no state; leave --with-optimizer out", "--from", _fa.Path("plain"),
            "--with-optimizer");

        void Refused(string message, params string[] args)
        {
            Assert.Equal(ExitCode.BadInput, _fa.Run(["train", .. args, "--out", _fa.Path("never")]));
            Assert.Equal($"fa: {message}\n", _fa.Error);
            Assert.False(Directory.Exists(_fa.Path("never")));
        }
    }

    [Fact]
    public void ARunGoesOnUnderItsOwnSeed()
    {
        Train("shallow");
        Done("train", _fa.Path("long.json"), "--seeds", "2", "--out", _fa.Path("two"));
        Done("train", "--from", _fa.Path("two/runs/shallow-2"), "--epochs", "1", "--out", _fa.Path("new"));
        Assert.Equal([2UL], ExperimentFolder.Read(_fa.Path("new")).Spec.Seeds);
    }

    [Fact]
    public void ASpecFileIsChangedByOptions()
    {
        Train("shallow");
        Done("train", _fa.Path("long.json"), "--learning-rate", "0.25", "--seeds", "2", "--out", _fa.Path("new"));
        var spec = ExperimentFolder.Read(_fa.Path("new")).Spec;
        Assert.Equal((0.25f, 2), (spec.Optimizer.LearningRate!.Value, spec.Seeds.Count));
    }

    /// <summary>Trains a tiny run; its folder.</summary>
    private string Train(string rule)
    {
        var spec = _fa.Write("long.json", """
            { "rules": ["shallow"], "seeds": [1], "data": { "train": 60, "validation": 20, "test": 20 }, "network": { "layers": "784-8-10" },
              "training": { "epochs": 3, "batchSize": 16, "measureEvery": 0 } }
            """);
        Done("train", spec, "--rules", rule, "--out", _fa.Path("old"));
        return _fa.Path($"old/runs/{rule}-1");
    }

    private void Done(params string[] args)
    {
        var code = _fa.Run(args);
        Assert.True(code == ExitCode.Done, $"{string.Join(' ', args)}: {_fa.Error}");
    }

    private void AssertSame(string one, string other, string array) => Assert.Equal(0, Distance(Array(one, array), Array(other, array)));

    /// <summary>The greatest difference.</summary>
    private static float Distance(Numerics.Matrix one, Numerics.Matrix other)
        => Enumerable.Range(0, one.Rows).Max(row => Enumerable.Range(0, one.Columns).Max(column => MathF.Abs(one[row, column] - other[row, column])));

    private Numerics.Matrix Array(string run, string name)
    {
        using var archive = System.IO.Compression.ZipFile.OpenRead(_fa.Path($"{run}/weights.npz"));
        using var stream = archive.GetEntry(name)!.Open();
        return NpyReader.Read(stream, name).Values;
    }
}
