using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What a spec must know of a rule, seen on the smallest network with a hidden layer.</summary>
/// <param name="HasFeedback">Whether it has feedback weights.</param>
/// <param name="TeachesHiddenLayers">Whether it gives hidden layers a gradient.</param>
internal sealed record RuleTraits(bool HasFeedback, bool TeachesHiddenLayers)
{
    /// <summary>The traits of a rule; null if the catalog does not know it.</summary>
    public static RuleTraits? Of(string id)
    {
        if (!RuleCatalog.Ids.Contains(id))
        {
            return null;
        }

        var network = Network.Mlp("1-1-1", seed: 1);
        var rule = RuleCatalog.Of(id).Create(new RuleSetup(network, Loss.SquaredError, maxBatch: 1, new RandomStreams(1)));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        rule.EstimateGradients(new Batch(new Matrix(1, 1), new Matrix(1, 1)), gradients);
        return new RuleTraits(rule.Feedback.Count > 0, gradients[network.Layers[0].Weights].IsPresent);
    }
}
