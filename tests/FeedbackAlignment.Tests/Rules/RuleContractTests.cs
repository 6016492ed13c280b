using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>What every rule in the catalog promises, for 1 to 3 layers, with and without biases, for every activation.</summary>
public sealed class RuleContractTests
{
    private static readonly string[] _sizesByLayers = ["", "7-4", "7-6-4", "7-6-5-4"];

    public static TheoryData<string, int, bool, string> Cases() => CasesOf(RuleCatalog.Standard.Entries);

    public static TheoryData<string, int, bool, string> CasesWithNoiseOfTheirOwnForEveryExample()
        => CasesOf(RuleCatalog.Standard.Entries.Where(rule => !rule.DrawsOncePerBatch));

    private static TheoryData<string, int, bool, string> CasesOf(IEnumerable<RuleEntry> rules)
    {
        var cases = new TheoryData<string, int, bool, string>();
        foreach (var rule in rules.Select(rule => rule.Id))
        {
            for (var layers = 1; layers <= 3; layers++)
            {
                foreach (var activation in Activation.Standard.Entries)
                {
                    cases.Add(rule, layers, true, activation.Id);
                    cases.Add(rule, layers, false, activation.Id);
                }
            }
        }

        return cases;
    }

    public static TheoryData<string> Rules() => [.. RuleCatalog.Standard.Ids];

    [Theory]
    [MemberData(nameof(Cases))]
    public void TopLayerGradientEqualsBackpropagation(string rule, int layers, bool bias, string activation)
    {
        var (setup, batch) = Make(layers, bias, activation);
        var exact = Estimate(new BackpropagationRule(setup), batch);
        var estimated = Estimate(RuleCatalog.Standard.Get(rule).Create(setup), batch);
        foreach (var parameter in setup.Network.Layers[^1].Parameters)
        {
            // The mean error, which biases have, is exact even where the activity is another than that of the answer.
            var isExact = RuleCatalog.Standard.Get(rule).OutputGradientIsExact || layers == 1 || parameter.Kind == ParameterKind.Biases;
            Assert.True(estimated[parameter].IsPresent);
            Assert.Equal(isExact, Some.SameBits(exact[parameter].Values, estimated[parameter].Values));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HiddenGradientsAreThereAndDifferFromBackpropagation(string rule, int layers, bool bias, string activation)
    {
        var (setup, batch) = Make(layers, bias, activation);
        var exact = Estimate(new BackpropagationRule(setup), batch);
        var estimated = Estimate(RuleCatalog.Standard.Get(rule).Create(setup), batch);
        Assert.Equal(layers, setup.Network.Layers.Count);
        foreach (var parameter in setup.Network.Layers.SkipLast(1).SelectMany(layer => layer.Parameters))
        {
            var gradient = estimated[parameter];
            Assert.Equal(RuleCatalog.Standard.Get(rule).TeachesHiddenLayers, gradient.IsPresent);
            Assert.Equal(RuleCatalog.Standard.Get(rule).TeachesHiddenLayers, Reductions.Dot(gradient.Values, gradient.Values) > 1e-12);
            var isExact = rule == "backpropagation" || RuleCatalog.Standard.Get(rule).NeedsConvolution;
            Assert.Equal(isExact, Some.SameBits(exact[parameter].Values, gradient.Values));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EstimatingChangesNoWeightAndNoFeedback(string rule, int layers, bool bias, string activation)
    {
        var (setup, batch) = Make(layers, bias, activation);
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        Matrix[] Feedback() => [.. learner.Feedback.Select(path => path.Weights.Copy())];
        var (weights, feedback) = (Some.Copies(learner.LearnedParameters), Feedback());
        Estimate(learner, batch);
        Some.AssertSameBits(weights, Some.Copies(learner.LearnedParameters));
        Assert.All(feedback.Zip(Feedback()),
            pair => Assert.NotEqual(RuleCatalog.Standard.Get(rule).RedrawsFeedback, Some.SameBits(pair.First, pair.Second)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void WhatWasInTheBuffersDoesNotMatter(string rule, int layers, bool bias, string activation)
    {
        var (setup, batch) = Make(layers, bias, activation);
        var fresh = Estimate(RuleCatalog.Standard.Get(rule).Create(setup), batch);

        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var poisoned = new Gradients(learner.LearnedParameters, setup.Network.Compute);
        var errors = new HiddenErrors(setup.Network, batch.Count);
        Poison(batch, out var poisonedBatch);
        learner.EstimateGradients(poisonedBatch, poisoned, errors);
        foreach (var gradient in poisoned.All)
        {
            gradient.Write().Fill(float.NaN);
        }

        Some.Rewind(learner);
        learner.EstimateGradients(batch, poisoned, errors);
        Some.AssertSameBits(Some.Copies(fresh), Some.Copies(poisoned));
        Assert.Equal(fresh.All.ToArray().Select(gradient => gradient.IsPresent), poisoned.All.ToArray().Select(gradient => gradient.IsPresent));
    }

    [Theory]
    [MemberData(nameof(CasesWithNoiseOfTheirOwnForEveryExample))]
    public void ABatchGivesTheMeanOfItsExamples(string rule, int layers, bool bias, string activation)
    {
        var (setup, batch) = Make(layers, bias, activation);
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var gradients = new Gradients(learner.LearnedParameters, setup.Network.Compute);
        var loss = learner.EstimateGradients(batch, gradients);
        var together = Some.Copies(gradients);

        // The noise of an example is the same wherever it stands: rewound once, and drawn on from example to example.
        Some.Rewind(learner);
        var means = together.Select(matrix => new double[matrix.Rows, matrix.Columns]).ToArray();
        var meanLoss = 0.0;
        for (var example = 0; example < batch.Count; example++)
        {
            meanLoss += learner.EstimateGradients(Part(batch, example, 1), gradients) / batch.Count;
            foreach (var (mean, one) in means.Zip(Some.Copies(gradients)))
            {
                Some.ForEach(one, (row, column) => mean[row, column] += (double)one[row, column] / batch.Count);
            }
        }

        Assert.Equal(meanLoss, loss, 1e-6 * meanLoss);
        foreach (var (mean, matrix) in means.Zip(together))
        {
            Some.ForEach(matrix, (row, column) => Assert.Equal(mean[row, column], matrix[row, column], 1e-6));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AShortBatchAfterAFullOneIsNoDifferentFromAShortOneAlone(string rule, int layers, bool bias, string activation)
    {
        var (setup, batch) = Make(layers, bias, activation);
        var alone = Estimate(RuleCatalog.Standard.Get(rule).Create(setup), Part(batch, 3, 2));

        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var gradients = new Gradients(learner.LearnedParameters, setup.Network.Compute);
        learner.EstimateGradients(batch, gradients);
        _ = Some.Copies(gradients);
        Some.Rewind(learner);
        learner.EstimateGradients(Part(batch, 3, 2), gradients);
        Some.AssertSameBits(Some.Copies(alone), Some.Copies(gradients));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EstimatingTwiceFromTheSameNoiseGivesTheSameBits(string rule, int layers, bool bias, string activation)
    {
        var (setup, batch) = Make(layers, bias, activation);
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var gradients = new Gradients(learner.LearnedParameters, setup.Network.Compute);
        var firstLoss = learner.EstimateGradients(batch, gradients);
        var first = Some.Copies(gradients);
        Some.Rewind(learner);
        Assert.Equal(firstLoss, learner.EstimateGradients(batch, gradients));
        Some.AssertSameBits(first, Some.Copies(gradients));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AskingForHiddenErrorsChangesNoBitAndGivesOneForEachLearningLayer(string rule, int layers, bool bias, string activation)
    {
        var (setup, batch) = Make(layers, bias, activation);
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var without = Some.Copies(Estimate(learner, batch));
        var gradients = new Gradients(learner.LearnedParameters, setup.Network.Compute);
        var errors = new HiddenErrors(setup.Network, batch.Count);
        Some.Rewind(learner);
        learner.EstimateGradients(batch, gradients, errors);
        Some.AssertSameBits(without, Some.Copies(gradients));
        Assert.Equal(layers - 1, errors.Count);
        for (var layer = 0; layer < errors.Count; layer++)
        {
            Assert.Equal(RuleCatalog.Standard.Get(rule) is { TeachesHiddenLayers: true, HasHiddenErrors: true } ? batch.Count : 0,
                errors[layer].Rows);
        }
    }

    /// <summary>docs/rules.md names the rules for which this is not so; it takes them from the catalog.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void TheCatalogSaysWhetherAHiddenGradientIsTheLocalErrorTimesTheInput(string rule)
    {
        var (setup, batch) = Make(3, true, "tanh");
        var entry = RuleCatalog.Standard.Get(rule);
        var learner = entry.Create(setup);
        var gradients = new Gradients(learner.LearnedParameters, setup.Network.Compute);
        var errors = new HiddenErrors(setup.Network, batch.Count);
        learner.EstimateGradients(batch, gradients, errors);
        var estimated = Some.Copies(gradients);
        var pass = setup.Network.CreatePass(batch.Count);
        pass.Run(batch.Inputs);
        for (var index = 0; entry.TeachesHiddenLayers && index < errors.Count; index++)
        {
            var layer = setup.Network.Layers[index];
            var isProduct = entry.HasHiddenErrors;
            if (isProduct)
            {
                pass.Localize(index, errors[index]);
                layer.Gradient(pass.InputOf(index), errors[index], gradients);
                var parameter = setup.Network.Parameters.ToList().IndexOf(layer.Weights);
                isProduct = Some.SameBits(estimated[parameter], gradients[layer.Weights].Values);
            }

            Assert.Equal(entry.GradientIsErrorTimesInput, isProduct);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheCatalogSaysWhetherARuleDrawsNoiseAndTheRuleFromWhere(string rule)
    {
        var (setup, batch) = Make(3, true, "tanh");
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var (first, second) = (Some.Copies(Estimate(learner, batch)), Some.Copies(Estimate(learner, batch)));
        var draws = RuleCatalog.Standard.Get(rule).DrawsNoise;
        Assert.Equal(draws, learner.Noise.Count > 0);
        Assert.Equal(RuleCatalog.Standard.Get(rule).HasFeedback, learner.Feedback.Count > 0);
        Assert.All(learner.Noise, stream => Assert.True(stream.Position > 0));
        Assert.Equal(!draws, first.Zip(second).All(pair => Some.SameBits(pair.First, pair.Second)));
        var output = setup.Network.Parameters.Count - 1;
        Some.AssertSameBits(first[output], second[output]);
    }

    /// <summary>Feedback weights that learn are parameters, and all others are out of every optimizer's reach.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void AnOptimizerReachesFeedbackThatLearnsAndNoOther(string rule)
    {
        var learner = RuleCatalog.Standard.Get(rule).Create(Make(3, true, "tanh").Setup);
        foreach (var path in learner.Feedback)
        {
            Assert.Equal(RuleCatalog.Standard.Get(rule).LearnsFeedback, path.Parameters.Count > 0);
            Assert.All(path.Parameters, owner => Assert.Contains(owner, learner.Parameters));
            Assert.All(learner.LearnedParameters.Except(path.Parameters), other => Assert.False(other.Read().MayOverlap(path.Weights)));
        }
    }

    /// <summary>
    /// What a rule learns moves and decays with the weights; what it does not learn stays as it is drawn, or has at least the size it was
    /// drawn with.
    /// </summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void TrainingMovesFeedbackThatLearnsAndNoOther(string rule)
    {
        var (setup, batch) = Make(3, true, "tanh");
        var (entry, learner) = (RuleCatalog.Standard.Get(rule), RuleCatalog.Standard.Get(rule).Create(setup));
        var optimizer = new Sgd(learner.LearnedParameters, weightDecay: 0.1f);
        var gradients = new Gradients(learner.LearnedParameters, setup.Network.Compute);
        Matrix[] before = [.. learner.Feedback.Select(path => path.Weights.Copy())];
        for (var step = 0; step < 20; step++)
        {
            learner.EstimateGradients(batch, gradients);
            optimizer.Step(gradients, 0.1f);
        }

        foreach (var (weights, path) in before.Zip(learner.Feedback))
        {
            var same = true;
            Some.ForEach(weights, (row, column) => same &= Math.Abs(weights[row, column]) == Math.Abs(path.Weights[row, column]));
            Assert.NotEqual(entry.LearnsFeedback || entry.RedrawsFeedback, same);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheNumberOfThreadsChangesNoBit(string rule)
    {
        var results = new List<Matrix[]>();
        foreach (var threads in (int[])[1, 2, 3])
        {
            // Wide enough for every product to be shared among the threads.
            using var compute = new Compute(threads);
            var network = Some.Network("120-110-100-90", 3, Activation.Tanh, compute: compute);
            var learner = RuleCatalog.Standard.Get(rule).Create(Some.Setup(network));
            results.Add(Some.Copies(Estimate(learner, Some.Batch(network, 64, 5))));
        }

        Some.AssertSameBits(results[0], results[1]);
        Some.AssertSameBits(results[0], results[2]);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void ABatchThatIsEmptyOrTooLargeOrOfOtherWidthsIsRefused(string rule)
    {
        var (setup, batch) = Make(2, true, "tanh");
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var gradients = new Gradients(learner.LearnedParameters, setup.Network.Compute);
        Assert.Throws<ArgumentOutOfRangeException>(() => learner.EstimateGradients(Part(batch, 0, 0), gradients));
        var large = Some.Batch(setup.Network, setup.MaxBatch + 1, 1);
        Assert.Contains($"at most {setup.MaxBatch} × 7", Assert.Throws<ArgumentException>(() => learner.EstimateGradients(large, gradients)).Message, StringComparison.Ordinal);
        var narrow = new Batch(new Matrix(2, 6), new Matrix(2, 4));
        Assert.Contains("2 × 6", Assert.Throws<ArgumentException>(() => learner.EstimateGradients(narrow, gradients)).Message, StringComparison.Ordinal);
        var unequal = batch with { Targets = batch.Targets.Top(3) };
        Assert.Contains("targets is 3 × 4", Assert.Throws<ArgumentException>(() => learner.EstimateGradients(unequal, gradients)).Message, StringComparison.Ordinal);
    }

    /// <summary>Squared error on logistic outputs: the output layer's derivative is at work too.</summary>
    private static (RuleSetup Setup, Batch Batch) Make(int layers, bool bias, string activation)
    {
        var network = Some.Network(_sizesByLayers[layers], 3, Activation.FromId(activation), Activation.Logistic, bias);
        return (Some.Setup(network, Loss.SquaredError, maxBatch: 9), Some.Batch(network, 9, 5));
    }

    private static Gradients Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients);
        return gradients;
    }

    private static Batch Part(Batch batch, int start, int count) => new(batch.Inputs.Slice(start, count), batch.Targets.Slice(start, count));

    private static void Poison(Batch batch, out Batch poisoned)
    {
        poisoned = new Batch(batch.Inputs.Copy(), batch.Targets.Copy());
        poisoned.Inputs.Fill(float.NaN);
    }
}
