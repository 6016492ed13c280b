using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks.Modules;

namespace FeedbackAlignment.Tests.Rules;

public sealed class MixtureRuleTests
{
    private const string Exact = "backpropagation", Layerwise = "feedback-alignment", Direct = "direct-feedback-alignment";

    public static TheoryData<string, string> PartsAndActivations()
    {
        var cases = new TheoryData<string, string>();
        foreach (var part in RuleCatalog.Standard.PossibleParts)
        {
            foreach (var activation in Activation.Standard.Entries)
            {
                cases.Add(part.Id, activation.Id);
            }
        }

        return cases;
    }

    /// <summary>Every two rules that can be parts, in both orders.</summary>
    public static TheoryData<string> Pairs()
        => [.. RuleCatalog.Standard.PossibleParts.SelectMany(lower =>
            RuleCatalog.Standard.PossibleParts.Where(upper => upper != lower).Select(upper => $"{lower.Id}+{upper.Id}"))];

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

    /// <summary>On trees of modules, by name, wherever the sites are.</summary>
    [Theory]
    [MemberData(nameof(PartsOnTrees))]
    public void OneRuleForAllNamesIsThatRuleToTheLastBit(string rule, string kind, FeedbackSites sites)
    {
        var network = ModuleNetworks.Of(kind);
        RuleSetup Setup() => new(network, Loss.SquaredError, 64, new RandomStreams(1), new FeedbackOptions { Sites = sites });
        LearningRule Make(RuleSetup setup) => RuleCatalog.Standard.Get(rule).Create(setup);
        var (batch, alone) = (Some.Batch(network, 6, 5), Make(Setup()));
        var names = network.Index.Receivers.Select(module => module.Name);
        foreach (var byName in (Dictionary<string, Func<RuleSetup, LearningRule>>[])[
            new() { [MixtureRule.Others] = Make }, names.Where(name => Has(alone, name)).Append(MixtureRule.Others).ToDictionary(
                name => name, _ => (Func<RuleSetup, LearningRule>)Make)])
        {
            var mixture = new MixtureRule(Setup(), byName);
            Some.AssertSameBits(Gradients(alone, batch), Gradients(mixture, batch));
            Assert.Equal(alone.Feedback.Select(path => (path.From, path.To, path.Site)),
                mixture.Feedback.Select(path => (path.From, path.To, path.Site)));
            Some.AssertSameBits([.. alone.Feedback.Select(path => path.Weights)], [.. mixture.Feedback.Select(path => path.Weights)]);
            Assert.Equal(alone.Parameters.Select(parameter => parameter.Name), mixture.Parameters.Select(parameter => parameter.Name));
        }

        static bool Has(LearningRule alone, string name)
            => alone is not BroadcastRule direct || direct.Sites.Any(site => site.Receiver.Name == name);
    }

    public static TheoryData<string, string, FeedbackSites> PartsOnTrees()
    {
        var cases = new TheoryData<string, string, FeedbackSites>();
        foreach (var part in RuleCatalog.Standard.PossibleParts.Where(part => !part.NeedsChain))
        {
            foreach (var kind in (string[])["chain", "residual", "projected", "pre-activation", "everything"])
            {
                cases.Add(part.Id, kind, FeedbackSites.Module);
                cases.Add(part.Id, kind, FeedbackSites.Block);
            }
        }

        return cases;
    }

    [Fact]
    public void ByNameOnAChainIsByLayer()
    {
        var network = Some.Network("7-6-5-6-4", 3);
        var batch = Some.Batch(network, 9, 5);
        var byLayer = RuleCatalog.Standard.Get($"{Exact}+{Direct}+{Layerwise}").Create(Some.Setup(network));
        var byName = new MixtureRule(Some.Setup(network), Names((MixtureRule.Others, Exact), ("hidden2", Direct), ("hidden3", Layerwise)));
        Assert.Equal(byLayer.Id, byName.Id);
        Some.AssertSameBits(Estimate(byLayer, batch).Gradients, Estimate(byName, batch).Gradients);
    }

    /// <summary>Inside a block feedback alignment carries on what direct feedback has brought to its end.</summary>
    [Theory]
    [InlineData("residual", "block", "block/one", "block/two")]
    [InlineData("projected", "block", "block/one", "block/two")]
    [InlineData("everything", "block", "block/one", "block/two")]
    public void ABlockGetsItsErrorDirectlyAndCarriesItOnByAnotherRule(string kind, string block, string inside, string last)
    {
        var network = ModuleNetworks.Of(kind);
        RuleSetup Setup() => new(network, Loss.SquaredError, 64, new RandomStreams(1), new FeedbackOptions { Sites = FeedbackSites.Block });
        var batch = Some.Batch(network, 6, 5);
        var direct = Gradients(new DirectFeedbackAlignmentRule(Setup()), batch);
        Func<RuleSetup, LearningRule> bring = own => new DirectFeedbackAlignmentRule(own);
        MixtureRule With(Func<RuleSetup, LearningRule> carry)
            => new(Setup(), new Dictionary<string, Func<RuleSetup, LearningRule>> { [$"{block}/*"] = carry, ["*"] = bring });

        // Through the forward weights it is what direct feedback does alone.
        var own = Some.Fixed([.. network.Layers.Select(layer => layer.Weights.Read())]);
        Some.AssertSameBits(direct, Gradients(With(setup => new FeedbackAlignmentRule(setup, own)), batch));

        var mixed = Gradients(With(setup => new FeedbackAlignmentRule(setup)), batch);
        Assert.True(Some.SameBits(direct[Place(last)], mixed[Place(last)]));
        Assert.False(Some.SameBits(direct[Place(inside)], mixed[Place(inside)]));
        Assert.True(Some.SameBits(direct[Place("hidden1")], mixed[Place("hidden1")]));
        Assert.StartsWith($"hidden1={Direct}+{inside}={Layerwise}+{block}={Direct}", With(setup => new FeedbackAlignmentRule(setup)).Id,
            StringComparison.Ordinal);

        int Place(string layer) => network.Parameters.Index().First(parameter => parameter.Item.Name == $"{layer}.weights").Index;
    }

    [Fact]
    public void TheNearestNameCounts()
    {
        var network = NetworkPlan.Parse(
            "4, dense 5 relu, residual(dense 5 relu, residual(dense 5 relu, dense 5), relu, dense 5), relu, dense 2").Build(1);
        var mixture = new MixtureRule(Some.Setup(network), Names(
            ("*", Exact), ("block1/*", Layerwise), ("block2/*", Direct), ("block2", "kolen-pollack")));
        Assert.Equal(
            "hidden1=backpropagation+hidden2=feedback-alignment+hidden3=direct-feedback-alignment+block2=kolen-pollack"
            + "+block1=backpropagation", mixture.Id);
    }

    [Fact]
    public void NamesThatGetNoErrorOrNoRuleAreRefused()
    {
        var network = ModuleNetworks.Of("residual");
        Refused("no rule brings an error to \"hidden9\"; the names are hidden1, block/one, block, block/*, *", ("*", Exact),
            ("hidden9", Exact));
        Refused("no rule brings an error to \"output\"; the names are", ("*", Exact), ("output", Exact));
        Refused("no rule brings an error to \"block/two\"; the names are", ("*", Exact), ("block/two", Exact));
        Refused("no rule is given for \"block\"; add it, or \"*\" for all that have no other", ("hidden1", Exact), ("block/*", Direct));
        Refused("direct-feedback-alignment brings no error to \"block/one\", where it has no site; there are hidden1, block",
            ("block/one", Direct), ("*", Exact));

        void Refused(string problem, params (string Name, string Rule)[] byName)
        {
            var setup = new RuleSetup(
                network, Loss.SquaredError, 64, new RandomStreams(1), new FeedbackOptions { Sites = FeedbackSites.Block });
            var message = Assert.Throws<ArgumentException>(() => new MixtureRule(setup, Names(byName))).Message;
            Assert.StartsWith(problem, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AMixtureOnATreeIsMeasuredAndAllocatesNothing()
    {
        var network = ModuleNetworks.Of("projected");
        var setup = Some.Setup(network);
        var mixture = new MixtureRule(setup, Names(("block", Direct), ("block/*", Layerwise), ("*", "kolen-pollack")));
        Assert.Equal(["block/one.feedback", "block/shortcut.feedback"], mixture.Parameters.Select(parameter => parameter.Name));
        Assert.NotEmpty(new AlignmentProbe(mixture, setup, Some.Examples(20, ModuleNetworks.Inputs, 3, 5)).Read());
        var (batch, gradients) = (Some.Batch(network, 16, 5), new Gradients(mixture.LearnedParameters, network.Compute));
        mixture.EstimateGradients(batch, gradients);
        var before = GC.GetAllocatedBytesForCurrentThread();
        mixture.EstimateGradients(batch, gradients);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Dictionary<string, Func<RuleSetup, LearningRule>> Names(params (string Name, string Rule)[] byName)
    {
        var makers = byName.Select(pair => pair.Rule).Distinct()
            .ToDictionary(id => id, id => (Func<RuleSetup, LearningRule>)(own => RuleCatalog.Standard.Get(id).Create(own)));
        return byName.ToDictionary(pair => pair.Name, pair => makers[pair.Rule]);
    }

    private static Matrix[] Gradients(LearningRule rule, Batch batch)
    {
        foreach (var noise in rule.AllNoise)
        {
            noise.Position = 0;
        }

        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients);
        return Some.Copies(gradients);
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
