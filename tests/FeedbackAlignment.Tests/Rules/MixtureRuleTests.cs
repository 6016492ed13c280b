using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

public sealed class MixtureRuleTests
{
    private const string Exact = "backpropagation", Layerwise = "feedback-alignment", Direct = "direct-feedback-alignment";

    public static TheoryData<string, string> PartsAndActivations()
    {
        var cases = new TheoryData<string, string>();
        foreach (var part in RuleCatalog.Standard.PossibleParts)
        {
            foreach (var activation in Activation.All)
            {
                cases.Add(part.Id, activation.Id);
            }
        }

        return cases;
    }

    /// <summary>Every two rules that can be parts, in both orders.</summary>
    public static TheoryData<string> Pairs()
        => [.. RuleCatalog.Standard.PossibleParts.SelectMany(lower => RuleCatalog.Standard.PossibleParts.Where(upper => upper != lower).Select(upper => $"{lower.Id}+{upper.Id}"))];

    [Theory]
    [MemberData(nameof(PartsAndActivations))]
    public void ARuleMixedWithItselfIsThatRuleToTheLastBit(string rule, string activation)
    {
        var network = Some.Network("7-6-5-6-4", 3, Activation.FromId(activation), Activation.Logistic);
        var batch = Some.Batch(network, 9, 5);
        var (alone, aloneErrors) = Estimate(RuleCatalog.Standard.Get(rule).Create(Some.Setup(network, Loss.SquaredError)), batch);
        var mixture = RuleCatalog.Standard.Get($"{rule}+{rule}+{rule}").Create(Some.Setup(network, Loss.SquaredError));
        var (mixed, mixedErrors) = Estimate(mixture, batch);
        Some.AssertSameBits(alone, mixed);
        Some.AssertSameBits(aloneErrors, mixedErrors);
        Some.AssertSameBits(
            [.. RuleCatalog.Standard.Get(rule).Create(Some.Setup(network, Loss.SquaredError)).Feedback.Select(path => path.Weights)],
            [.. RuleCatalog.Standard.Get($"{rule}+{rule}+{rule}")
                .Create(Some.Setup(network, Loss.SquaredError)).Feedback.Select(path => path.Weights)]);
    }

    [Fact]
    public void BackpropagationAboveFeedbackAlignmentIsWhatOneComputesByHand()
    {
        var network = Some.Network("5-4-3-2", 7);
        var batch = Some.Batch(network, 6, 8);
        var feedback = Feedback(network, Layerwise);
        var (_, exact) = Estimate(new BackpropagationRule(Some.Setup(network)), batch);
        var (_, errors) = Estimate(RuleCatalog.Standard.Get($"{Layerwise}+{Exact}").Create(Some.Setup(network)), batch);
        Some.AssertSameBits(exact[1], errors[1]);
        AssertNear(Times(Local(network, 1, exact[1], batch), feedback[0]), errors[0]);
    }

    [Fact]
    public void FeedbackAlignmentAboveBackpropagationIsWhatOneComputesByHand()
    {
        var network = Some.Network("5-4-3-2", 7);
        var batch = Some.Batch(network, 6, 8);
        var feedback = Feedback(network, Layerwise);
        var (_, errors) = Estimate(RuleCatalog.Standard.Get($"{Exact}+{Layerwise}").Create(Some.Setup(network)), batch);
        AssertNear(Times(OutputError(network, batch), feedback[1]), errors[1]);
        AssertNear(Times(Local(network, 1, errors[1], batch), network.Layers[1].Weights.Read()), errors[0]);
    }

    [Fact]
    public void ADirectRuleBringsTheOutputErrorToItsLayerWhateverStandsAbove()
    {
        var network = Some.Network("5-4-3-2", 7);
        var batch = Some.Batch(network, 6, 8);
        var (_, exact) = Estimate(new BackpropagationRule(Some.Setup(network)), batch);
        var (_, direct) = Estimate(new DirectFeedbackAlignmentRule(Some.Setup(network)), batch);
        var (_, below) = Estimate(RuleCatalog.Standard.Get($"{Direct}+{Exact}").Create(Some.Setup(network)), batch);
        Some.AssertSameBits([direct[0], exact[1]], below);

        var (_, above) = Estimate(RuleCatalog.Standard.Get($"{Exact}+{Direct}").Create(Some.Setup(network)), batch);
        Some.AssertSameBits(direct[1], above[1]);
        AssertNear(Times(Local(network, 1, direct[1], batch), network.Layers[1].Weights.Read()), above[0]);
    }

    /// <summary>
    /// It takes the error above without that layer's derivative, so it must learn of it although another rule brought it.
    /// </summary>
    [Theory]
    [InlineData(Exact)]
    [InlineData(Layerwise)]
    [InlineData(Direct)]
    [InlineData("indirect-feedback-alignment")]
    public void LocalFeedbackAlignmentTakesTheErrorAboveWhoeverBroughtItThere(string above)
    {
        var network = Some.Network("5-4-3-2", 7);
        var batch = Some.Batch(network, 6, 8);
        var (_, errors) = Estimate(RuleCatalog.Standard.Get($"local-feedback-alignment+{above}").Create(Some.Setup(network)), batch);
        AssertNear(Times(Numbers(errors[1]), Feedback(network, Layerwise)[0]), errors[0]);
        Assert.True(Reductions.Dot(errors[0], errors[0]) > 0);
    }

    [Fact]
    public void WhatPartsRememberIsRemembered()
    {
        var setup = Some.Setup(Some.Network("7-6-5-4", 3));
        ErrorFeedbackRule? part = null;
        var mixture = new MixtureRule(setup, [own => part = new LearnedFeedback(own), own => new BackpropagationRule(own)]);
        var memory = Assert.Single(mixture.Memory);
        memory[0, 0] = 5;
        Assert.Equal(5, part!.Memory[0][0, 0]);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void TheOutputLayerAndTheLastHiddenOneAreThoseOfTheUpperRule(string mixture)
    {
        var network = Some.Network("7-6-5-4", 3, Activation.Logistic);
        var batch = Some.Batch(network, 9, 5);
        var upper = RuleCatalog.Standard.Get(mixture.Split('+')[1]);
        var (alone, aloneErrors) = Estimate(upper.Create(Some.Setup(network)), batch);
        var (mixed, mixedErrors) = Estimate(RuleCatalog.Standard.Get(mixture).Create(Some.Setup(network)), batch);
        if (!RuleCatalog.Standard.Get(mixture).DrawsNoise)
        {
            Some.AssertSameBits(aloneErrors[1], mixedErrors[1]);
            Some.AssertSameBits(alone.AsSpan(2, 4).ToArray(), mixed.AsSpan(2, 4).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void AStepChangesNothingButWhatItReturnsAndIsTheSameForAnyBatchBefore(string mixture)
    {
        var network = Some.Network("7-6-5-4", 3);
        var batch = Some.Batch(network, 9, 5);
        var (fresh, _) = Estimate(RuleCatalog.Standard.Get(mixture).Create(Some.Setup(network)), batch);
        var learner = RuleCatalog.Standard.Get(mixture).Create(Some.Setup(network));
        Matrix[] Everything() => [.. Some.Copies(learner.LearnedParameters), .. learner.Feedback.Select(path => path.Weights.Copy())];
        var before = Everything();
        Estimate(learner, new Batch(batch.Inputs.Slice(2, 5), batch.Targets.Slice(2, 5)));
        Some.Rewind(learner);
        Some.AssertSameBits(before, Everything());
        Some.AssertSameBits(fresh, Estimate(learner, batch).Gradients);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void TheEntryOfAMixtureSaysWhatTheRuleIs(string mixture)
    {
        var entry = RuleCatalog.Standard.Get(mixture);
        var learner = entry.Create(Some.Setup(Some.Network("7-6-5-4", 3)));
        Assert.Equal(mixture, entry.Id);
        Assert.Equal(mixture.Split('+'), entry.Parts.Select(part => part.Id));
        Assert.Equal(entry.HasFeedback, entry.Parts.Any(part => part.HasFeedback));
        Assert.Equal(entry.DrawsNoise, learner.Noise.Count > 0);

        // Indirect feedback has weights to the first hidden layer only, whichever it serves.
        bool Leads(RuleEntry part, int layer) => part.Create(Some.Setup(Some.Network("7-6-5-4", 3))).Feedback.Any(path => path.To == layer);
        Assert.Equal(entry.Parts.Index().Where(part => Leads(part.Item, part.Index)).Select(part => part.Index), learner.Feedback.Select(path => path.To));
    }

    [Fact]
    public void OnlyTheFeedbackOfTheLayersThatAPartServesIsPassedOn()
    {
        var network = Some.Network("7-6-5-6-4", 3);
        var alone = RuleCatalog.Standard.Get(Direct).Create(Some.Setup(network)).Feedback;
        var mixed = RuleCatalog.Standard.Get($"{Exact}+{Direct}+{Layerwise}").Create(Some.Setup(network)).Feedback;
        Assert.Equal([(3, 1), (3, 2)], mixed.Select(path => (path.From, path.To)));
        Some.AssertSameBits(alone[1].Weights, mixed[0].Weights);
    }

    [Fact]
    public void OnlyTheLearnedFeedbackOfTheLayersThatAPartServesIsPassedOn()
    {
        var network = Some.Network("7-6-5-6-4", 3);
        Func<RuleSetup, LearningRule> exact = setup => new BackpropagationRule(setup), learned = setup => new LearnedFeedback(setup);
        var mixture = new MixtureRule(Some.Setup(network), [learned, exact, learned]);
        Assert.Equal(["feedback1", "feedback3", "of no layer"], mixture.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([0, 2], mixture.Feedback.Select(path => path.To));
        var gradients = Estimate(mixture, Some.Batch(network, 5, 2)).Gradients;
        Assert.Equal(9, gradients[^3][0, 0]);
        Assert.Equal(9, gradients[^2][0, 0]);
        Assert.Equal(
            mixture.Parameters.Take(2).Select(parameter => parameter.Read().Shape), mixture.Feedback.Select(path => path.Weights.Shape));
    }

    [Fact]
    public void WhatAPartIsGivenIsItsOwnOptions()
    {
        var mixture = RuleCatalog.Standard.Get($"{Exact}+{Layerwise}");
        var all = RuleCatalog.Standard.PossibleParts.FirstOrDefault(part => part.Options.Count > 0);
        var message = Assert.Throws<ArgumentException>(() => mixture.Create(With("nothing-has-this", 1))).Message;
        Assert.Contains("has no option \"nothing-has-this\"", message, StringComparison.Ordinal);
        if (all is not null)
        {
            var option = all.Options[0];
            Assert.NotNull(RuleCatalog.Standard.Get($"{Exact}+{all.Id}").Create(With(option.Id, option.Default)));
        }

        static RuleSetup With(string option, double value)
            => new(Some.Network("7-6-5-4", 3), Loss.SoftmaxCrossEntropy, 4, new RandomStreams(1), options: new Dictionary<string, double> { [option] = value });
    }

    [Fact]
    public void AsManyRulesAsHiddenLayersAreNeeded()
    {
        var setup = Some.Setup(Some.Network("7-6-5-4", 3));
        var message = Assert.Throws<ArgumentException>(() => RuleCatalog.Standard.Get($"{Exact}+{Exact}+{Exact}").Create(setup)).Message;
        Assert.Contains("the network has 2 hidden layers, was given 3 rules", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARuleThatSendsNoErrorBackOrIsOfAnotherNetworkIsRefused()
    {
        var setup = Some.Setup(Some.Network("7-6-4", 3));
        var other = Some.Setup(Some.Network("7-6-4", 4));
        Assert.Contains("ShallowRule sends no error back", Assert.Throws<ArgumentException>(() => new MixtureRule(setup, [own => new ShallowRule(own)])).Message, StringComparison.Ordinal);
        Assert.Contains("another network", Assert.Throws<ArgumentException>(() => new MixtureRule(setup, [_ => new BackpropagationRule(other)])).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(RuleCatalog.Standard.PossibleParts, part => part.Id == "shallow");
        Assert.Null(RuleCatalog.Standard.Find($"shallow+{Exact}"));
        Assert.Null(RuleCatalog.Standard.Find($"{Exact}+"));
        Assert.Throws<ArgumentException>(() => RuleMixture.Of([RuleCatalog.Standard.Get("shallow")]));
        Assert.Throws<ArgumentException>(() => RuleMixture.Of([]));
    }

    [Fact]
    public void NoAllocationPerStep()
    {
        var network = Some.Network("30-20-20-10", 3);
        var batch = Some.Batch(network, 16, 5);
        var learner = RuleCatalog.Standard.Get($"{Direct}+{Layerwise}").Create(Some.Setup(network));
        var gradients = new Gradients(learner.LearnedParameters, network.Compute);
        learner.EstimateGradients(batch, gradients);
        var before = GC.GetAllocatedBytesForCurrentThread();
        learner.EstimateGradients(batch, gradients);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (Matrix[] Gradients, Matrix[] Errors) Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        var errors = new HiddenErrors(rule.Network, batch.Count);
        rule.EstimateGradients(batch, gradients, errors);
        return (Some.Copies(gradients), [.. Enumerable.Range(0, errors.Count).Select(layer => errors[layer])]);
    }

    private static Matrix[] Feedback(Network network, string rule)
        => [.. RuleCatalog.Standard.Get(rule).Create(Some.Setup(network)).Feedback.Select(path => path.Weights)];

    /// <summary>Softmax and cross-entropy: probability minus target.</summary>
    private static double[,] OutputError(Network network, Batch batch)
    {
        var outputs = network.Predict(batch.Inputs);
        var errors = new double[batch.Count, network.Outputs];
        for (var example = 0; example < batch.Count; example++)
        {
            var sum = Enumerable.Range(0, network.Outputs).Sum(k => Math.Exp(outputs[example, k]));
            for (var k = 0; k < network.Outputs; k++)
            {
                errors[example, k] = (Math.Exp(outputs[example, k]) / sum) - batch.Targets[example, k];
            }
        }

        return errors;
    }

    private static double[,] Numbers(Matrix matrix)
    {
        var numbers = new double[matrix.Rows, matrix.Columns];
        Some.ForEach(matrix, (row, column) => numbers[row, column] = matrix[row, column]);
        return numbers;
    }

    /// <summary>The error of a tanh layer times its derivative, 1 − h².</summary>
    private static double[,] Local(Network network, int layer, Matrix error, Batch batch)
    {
        var pass = network.CreatePass(batch.Count);
        pass.Run(batch.Inputs);
        var outputs = pass.Outputs[layer];
        var local = new double[error.Rows, error.Columns];
        for (var example = 0; example < error.Rows; example++)
        {
            for (var unit = 0; unit < error.Columns; unit++)
            {
                local[example, unit] = error[example, unit] * (1 - ((double)outputs[example, unit] * outputs[example, unit]));
            }
        }

        return local;
    }

    private static double[,] Times(double[,] error, Matrix weights)
    {
        var below = new double[error.GetLength(0), weights.Columns];
        for (var example = 0; example < below.GetLength(0); example++)
        {
            for (var unit = 0; unit < weights.Columns; unit++)
            {
                for (var k = 0; k < weights.Rows; k++)
                {
                    below[example, unit] += error[example, k] * weights[k, unit];
                }
            }
        }

        return below;
    }

    private static void AssertNear(double[,] expected, Matrix actual)
    {
        Assert.Equal((expected.GetLength(0), expected.GetLength(1)), (actual.Rows, actual.Columns));
        for (var row = 0; row < actual.Rows; row++)
        {
            for (var column = 0; column < actual.Columns; column++)
            {
                Assert.Equal(expected[row, column], actual[row, column], 1e-6);
            }
        }
    }

    /// <summary>A rule whose feedback weights learn, as far as a mixture sees of it.</summary>
    private sealed class LearnedFeedback : ErrorFeedbackRule
    {
        public LearnedFeedback(RuleSetup setup)
            : base(setup)
        {
            Parameter[] feedback = [.. Network.Layers.Skip(1).Select((layer, i) => new Parameter($"feedback{i + 1}", ParameterKind.Weights, new Matrix(layer.Outputs, layer.Inputs)))];
            Parameters = [.. feedback, new Parameter("of no layer", ParameterKind.Weights, new Matrix(2, 2))];
            Feedback = [.. feedback.Select((weights, i) => new FeedbackPath(i + 1, i, weights))];
        }

        public override IReadOnlyList<Parameter> Parameters { get; }

        public override IReadOnlyList<FeedbackPath> Feedback { get; }

        public override IReadOnlyList<Matrix> Memory { get; } = [new Matrix(2, 3)];

        protected override void PropagateError(in Crossing at, Matrix below)
            => at.Layer.Backward(at.Error, Feedback[at.Index - 1].Source, below);

        protected override void LearnFeedback(in Crossing at, Gradients gradients) => gradients[Parameters[at.Index - 1]].Write().Fill(9);
    }
}
