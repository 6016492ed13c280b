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
    [InlineData("everything", "act1, block/one, act2")]
    public void ThereIsASiteAfterEachHiddenActivationAndAfterASumWithoutOne(string kind, string sites)
        => Assert.Equal(sites, string.Join(", ", ModuleNetworks.Of(kind).Index.Sites.Select(site => site.Module.Name)));

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

        Some.AssertSameBits(layered[^1].Read(), direct[^1].Read());
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
