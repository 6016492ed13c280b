using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

public sealed class ConcordantFeedbackAlignmentTests
{
    [Fact]
    public void FeedbackHasTheSignsOfTheWeightsAtTheStartAndOneSizeALayerAndStaysSo()
    {
        var setup = Some.Setup(Some.Network("6-9-8-3", 1));
        var (rule, uniform) = (
            RuleCatalog.Standard.Get("concordant-feedback-alignment").Create(setup),
                RuleCatalog.Standard.Get("sign-symmetry-uniform").Create(setup));
        Matrix[] start = [.. rule.Feedback.Select(path => path.Weights.Copy())];
        Some.AssertSameBits([.. uniform.Feedback.Select(path => path.Weights)], start);
        var batch = Some.Batch(setup.Network, 5, 2);
        Some.AssertSameBits(Estimate(uniform, batch), Estimate(rule, batch));

        // The weights of one layer turn their signs; the feedback does not follow.
        var weights = setup.Network.Layers[^1].Weights.Read();
        Some.ForEach(weights, (row, column) => weights[row, column] *= -1);

        Some.AssertSameBits(start, [.. rule.Feedback.Select(path => path.Weights)]);
        Assert.False(Some.SameBits(Estimate(uniform, batch)[0], Estimate(rule, batch)[0]));
        Assert.Empty(rule.Parameters);
    }

    private static Matrix[] Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients);
        return Some.Copies(gradients);
    }
}
