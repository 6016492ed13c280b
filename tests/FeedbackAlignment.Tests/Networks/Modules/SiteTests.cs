using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Networks.Modules;

/// <summary>Where direct feedback brings its errors, and that nothing else gets below.</summary>
public sealed class SiteTests
{
    [Theory]
    [InlineData("chain", "hidden1, hidden2")]
    [InlineData("dropout", "hidden1, hidden2")]
    [InlineData("layer-norm", "act, hidden2")]
    [InlineData("batch-norm", "act, hidden2")]
    [InlineData("two-sites", "hidden1, act")]
    [InlineData("residual", "hidden1, block/one, act")]
    [InlineData("projected", "hidden1, block/one, act")]
    [InlineData("pre-activation", "block1/act, block1, block2/act, block2")]
    [InlineData("block-below", "hidden1, hidden2")]
    [InlineData("everything", "act1, block/one, act2")]
    public void ThereIsASiteAfterEachHiddenActivationAndAfterASumWithoutOne(string kind, string sites)
        => Assert.Equal(sites, string.Join(", ", ModuleNetworks.Of(kind).Index.Sites.Select(site => site.Module.Name)));

    [Theory]
    [InlineData("chain", "hidden1, hidden2")]
    [InlineData("two-sites", "hidden1, act")]
    [InlineData("residual", "hidden1, act")]
    [InlineData("projected", "hidden1, act")]
    [InlineData("pre-activation", "block1, block2")]
    [InlineData("everything", "act1, act2")]
    public void WithSitesOfBlocksThereIsNoneInsideOfThem(string kind, string sites)
    {
        var rule = new DirectFeedbackAlignmentRule(Setup(ModuleNetworks.Of(kind), FeedbackSites.Block));
        Assert.Equal(sites, string.Join(", ", rule.Feedback.Select(path => path.Site!.Module.Name)));
    }

    /// <summary>Its receivers are the layers and blocks whose error crosses weights, or that have a site.</summary>
    [Theory]
    [InlineData("chain", "hidden1, hidden2")]
    [InlineData("two-sites", "hidden1")]
    [InlineData("residual", "hidden1, block/one, block")]
    [InlineData("projected", "hidden1, block/one, block")]
    [InlineData("pre-activation", "hidden1, block1, block2")]
    [InlineData("block-below", "hidden1, hidden2")]
    [InlineData("everything", "hidden1, block/one, block")]
    public void AnErrorGoesToLayersAndBlocks(string kind, string receivers)
        => Assert.Equal(receivers, string.Join(", ", ModuleNetworks.Of(kind).Index.Receivers.Select(module => module.Name)));

    [Fact]
    public void WhatCrossesALayerGoesToWhatItTakes()
    {
        var index = NetworkPlan.Parse("4, dense 5 relu, residual(dense 3 relu, layer-norm, dense 6 | dense 6), relu, dropout 0.5, dense 2")
            .Build(1).Index;
        Assert.Equal(
            ["", "hidden1", "hidden2", "hidden1", "block1"], index.Below.Select(receiver => receiver?.Name ?? ""));
    }

    /// <summary>Nothing that learns lies below an activation of the inputs, so no error is brought there.</summary>
    [Fact]
    public void AShortcutFromTheInputsHasNoSite()
        => Assert.Equal(["hidden1", "block1"], NetworkPlan.Parse("4, residual(dense 4 relu | tanh), dense 2").Build(1).Index.Sites
            .Select(site => site.Module.Name));

    /// <summary>A site that both kinds have gets the same weights, as its own feedback name says.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void SitesOfBothKindsHaveTheSameWeights(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var (all, blocks) = (new DirectFeedbackAlignmentRule(Setup(network, FeedbackSites.Module)).Feedback,
            new DirectFeedbackAlignmentRule(Setup(network, FeedbackSites.Block)).Feedback);
        Assert.All(blocks, path => Some.AssertSameBits(all.Single(other => other.Site == path.Site).Weights, path.Weights));
    }

    [Theory]
    [InlineData("direct-feedback-alignment")]
    [InlineData("direct-kolen-pollack")]
    [InlineData("shared-direct-feedback-alignment")]
    [InlineData("low-rank-direct-feedback-alignment")]
    public void OnAChainBothKindsAreTheSameToTheBit(string id)
    {
        var network = ModuleNetworks.Of("chain");
        Some.AssertSameBits(
            Estimate(RuleCatalog.Standard.Get(id).Create(Setup(network, FeedbackSites.Module))),
            Estimate(RuleCatalog.Standard.Get(id).Create(Setup(network, FeedbackSites.Block))));
    }

    /// <summary>
    /// Targets are sent here, which do not depend on weights: whatever stands above the end of a block makes no difference to what is
    /// below.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void WhatStandsAboveABlockMakesNoDifferenceBelowItsEnd(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var rule = new DirectFeedbackAlignmentRule(Setup(network, FeedbackSites.Block), DirectSignal.NegativeTarget);
        var before = Estimate(rule);
        foreach (var site in rule.Sites.Reverse())
        {
            foreach (var layer in network.Layers.Skip(site.Layer + 1))
            {
                layer.Weights.Draw(WeightDistribution.Normal(0.7), new RandomStreams(9).Stream($"{site.Name}/{layer.Name}"));
            }

            var after = Estimate(rule);
            var below = network.Root.Children.TakeWhile(module => module != site.Module).Append(site.Module)
                .SelectMany(module => module.Parameters).ToHashSet();
            foreach (var (index, parameter) in network.Parameters.Index())
            {
                Assert.True(
                    !below.Contains(parameter) || Some.SameBits(before[index], after[index]),
                        $"{parameter} changed below {site.Module.Name}");
            }

            Assert.False(Some.SameBits(before[^1], after[^1]));
        }
    }

    /// <summary>
    /// A network that ends at a site, with a layer of ones above it, gets the very error there that is brought to the site; what lies
    /// between two sites then learns as under backpropagation.
    /// </summary>
    [Theory]
    [InlineData("residual")]
    [InlineData("projected")]
    [InlineData("pre-activation")]
    public void InsideABlockTheErrorGoesBackAsInBackpropagation(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var rule = new DirectFeedbackAlignmentRule(Setup(network, FeedbackSites.Block), DirectSignal.NegativeTarget);
        var batch = Some.Batch(network, 6, 5);
        var gradients = new Gradients(network.Parameters, network.Compute);
        rule.EstimateGradients(batch, gradients);
        var from = 0;
        foreach (var (site, path) in rule.Sites.Zip(rule.Feedback))
        {
            var units = site.Module.To.Size;
            var ones = WeightedLayer.Dense("ones", units, units, Activation.Linear, bias: false, network.Compute);
            for (var unit = 0; unit < units; unit++)
            {
                ones.Weights.Read()[unit, unit] = 1;
            }

            var children = network.Root.Children;
            var upTo = Enumerable.Range(1, children.Count).First(count => children[count - 1] == site.Module);
            var lower = new Network(new Sequence("lower", [.. children.Take(upTo), ones]), network.Compute);
            var brought = new Matrix(batch.Count, units);
            network.Compute.Product(batch.Targets, path.Weights, brought);
            var targets = lower.Predict(batch.Inputs);
            Elementwise.Map(targets, brought, new AddScaled(1));
            var exact = new Gradients(lower.Parameters, network.Compute);
            new BackpropagationRule(Some.Setup(lower, Loss.SquaredError)).EstimateGradients(new Batch(batch.Inputs, targets), exact);
            foreach (var layer in network.Layers.Take(site.Layer + 1).Skip(from))
            {
                var (expected, actual) = (exact[layer.Weights].Values, gradients[layer.Weights].Values);
                Assert.True(Reductions.Dot(expected, expected) > 0);
                Some.ForEach(expected, (row, column) => Assert.Equal(expected[row, column], actual[row, column], 2e-5f));
            }

            from = site.Layer + 1;
        }
    }

    /// <summary>Just below the output layer its own weights as feedback make the last block's gradients those of backpropagation.</summary>
    [Theory]
    [InlineData("residual", 1)]
    [InlineData("projected", 1)]
    [InlineData("pre-activation", 2)]
    public void WithTheOutputLayersWeightsTheLastBlockIsBackpropagationToTheBit(string kind, int first)
    {
        var network = ModuleNetworks.Of(kind);
        var setup = Setup(network, FeedbackSites.Block);
        var feedback = setup.DrawDirectFeedback();
        feedback[^1] = new FixedWeights(network.Layers[^1].Weights.Read().Copy());
        var direct = Estimate(new DirectFeedbackAlignmentRule(setup, feedback));
        var exact = Estimate(new BackpropagationRule(setup));
        var from = network.Parameters.ToList().IndexOf(network.Layers[first].Weights);
        Some.AssertSameBits(exact[from..], direct[from..]);
        Assert.False(Some.SameBits(exact[0], direct[0]));
    }

    [Fact]
    public void FeedbackIsOnePerSite()
        => Assert.Contains("3 feedback matrices were given for 2 hidden layers",
            Assert.Throws<ArgumentException>(() => new DirectFeedbackAlignmentRule(
                Setup(ModuleNetworks.Of("residual"), FeedbackSites.Block),
                Setup(ModuleNetworks.Of("residual"), FeedbackSites.Module).DrawDirectFeedback())).Message, StringComparison.Ordinal);

    [Fact]
    public void AStepWithSitesOfBlocksAllocatesNothing()
    {
        foreach (var id in (string[])["direct-feedback-alignment", "direct-kolen-pollack", "shared-direct-feedback-alignment"])
        {
            var network = ModuleNetworks.Of("pre-activation");
            var rule = RuleCatalog.Standard.Get(id).Create(Setup(network, FeedbackSites.Block));
            var (batch, gradients) = (Some.Batch(network, 6, 5), new Gradients(rule.LearnedParameters, network.Compute));
            rule.EstimateGradients(batch, gradients);
            var before = GC.GetAllocatedBytesForCurrentThread();
            rule.EstimateGradients(batch, gradients);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static RuleSetup Setup(Network network, FeedbackSites sites)
        => new(network, Loss.SquaredError, 64, new RandomStreams(1), new FeedbackOptions { Sites = sites });

    private static Matrix[] Estimate(LearningRule rule)
    {
        foreach (var noise in rule.ModuleNoise)
        {
            noise.Position = 0;
        }

        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(Some.Batch(rule.Network, 6, 5), gradients);
        return Some.Copies(gradients);
    }

    [Fact]
    public void LinearLayersOfAChainHaveSitesToo()
        => Assert.Equal(["hidden1", "hidden2"], Some.Network("5-4-4-3", 1, Activation.Linear).Index.Sites.Select(site => site.Module.Name));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NoTwoSitesHaveOneNameAndNoTwoParametersOfARule(string kind)
    {
        var rule = new DirectKolenPollackRule(Some.Setup(ModuleNetworks.Of(kind)));
        Assert.Equal(rule.Feedback.Count, rule.Feedback.Select(path => path.Site!.Name).Distinct().Count());
        Assert.Equal(rule.Parameters.Count, rule.Parameters.Select(parameter => parameter.Name).Distinct().Count());
    }

    /// <summary>
    /// The weights above stand for the feedback to a site only where they take what the site gives, and lead to the outputs.
    /// </summary>
    [Theory]
    [InlineData("chain", "hidden1, hidden2")]
    [InlineData("layer-norm", "hidden2")]
    [InlineData("two-sites", "hidden1")]
    [InlineData("dropout", "hidden2")]
    [InlineData("everything", "")]
    public void WeightAnglesOfDirectFeedbackAreReadWhereThereIsSomethingToCompare(string kind, string layers)
    {
        var setup = Some.Setup(ModuleNetworks.Of(kind));
        var probe = new AlignmentProbe(new DirectFeedbackAlignmentRule(setup), setup, Some.Examples(20, ModuleNetworks.Inputs, 3, 5));
        Assert.Equal(
            layers, string.Join(", ", probe.Read().Where(reading => reading.WeightAngle is not null).Select(reading => reading.Layer)));
    }

    /// <summary>No two sites have one matrix, also where several lie below one layer; the nearest has that of feedback alignment.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void EverySiteHasFeedbackWeightsOfItsOwn(string kind)
    {
        var setup = Some.Setup(ModuleNetworks.Of(kind));
        var (direct, layered) = (setup.DrawDirectFeedback(), setup.DrawFeedback());
        for (var i = 0; i < direct.Length; i++)
        {
            Assert.All(direct[(i + 1)..].Where(other => other.Columns == direct[i].Columns), other
                => Assert.False(Some.SameBits(direct[i].Read(), other.Read())));
        }

        // Pooling between the two makes them of different size.
        if (setup.Sites[^1].Module.To.Size == setup.Network.Layers[^1].Inputs)
        {
            Some.AssertSameBits(layered[^1].Read(), direct[^1].Read());
        }
    }

    /// <summary>
    /// What the weights above the sites are makes no difference below them: only their own feedback does. That holds through shortcuts too.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void NoErrorFlowsOnBelowASite(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var setup = Some.Setup(network, Loss.SquaredError);
        var batch = Some.Batch(network, 6, 5);
        var sites = network.Index.Sites;
        var silent = setup.DrawDirectFeedback();
        foreach (var site in sites)
        {
            var alone = Some.Fixed([.. silent.Select(weights => new Matrix(weights.Rows, weights.Columns))]);
            alone[site.Index] = silent[site.Index];
            var gradients = new Gradients(network.Parameters, network.Compute);
            Begin(new DirectFeedbackAlignmentRule(setup, alone)).EstimateGradients(batch, gradients);

            // The layers up to the site before this one, and those above it, get no error at all.
            var lowest = site.Index == 0 ? 0 : sites[site.Index - 1].Layer + 1;
            foreach (var (index, layer) in network.Layers.SkipLast(1).Index())
            {
                if (index < lowest || index > site.Layer)
                {
                    Assert.True(IsReachedByAShortcut(kind, layer.Name, site.Module.Name)
                        || Reductions.Dot(gradients[layer.Weights].Values, gradients[layer.Weights].Values) == 0,
                        $"{layer.Name} learns from the error at {site.Module.Name}");
                }
            }
        }
    }

    /// <summary>
    /// The error at the sum of a block goes into the branch and into the shortcut, down to the site below. Around a site in the branch the
    /// shortcut leads to layers below it.
    /// </summary>
    private static bool IsReachedByAShortcut(string kind, string layer, string site)
        => (kind, layer, site) is ("projected", "block/shortcut" or "block/two", "act") or ("residual", "block/two", "act") or (
            "everything", "block/two", "act2") or ("pre-activation", "hidden1", "block1");

    public static TheoryData<string> Kinds => ModuleNetworks.All;

    private static DirectFeedbackAlignmentRule Begin(DirectFeedbackAlignmentRule rule)
    {
        foreach (var noise in rule.ModuleNoise)
        {
            noise.Position = 0;
        }

        return rule;
    }
}
