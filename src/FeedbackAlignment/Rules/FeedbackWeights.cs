using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// What rules with fixed feedback matrices share: the check that given ones fit a network, and the paths that errors take through them.
/// </summary>
internal static class FeedbackWeights
{
    /// <param name="feedback">One matrix per layer.</param>
    /// <param name="layers">The network's layers.</param>
    /// <param name="rows">How many rows the matrix of a layer must have.</param>
    /// <exception cref="ArgumentException">There is not one matrix per layer, or one has the wrong shape.</exception>
    public static Matrix[] Require(IReadOnlyList<Matrix> feedback, IReadOnlyList<WeightedLayer> layers, Func<WeightedLayer, int> rows)
    {
        if (feedback.Count != layers.Count)
        {
            throw new ArgumentException($"{feedback.Count} feedback matrices were given for {layers.Count} layers; one each is needed, the first may be empty", nameof(feedback));
        }

        for (var i = 1; i < layers.Count; i++)
        {
            feedback[i].RequireShape(rows(layers[i]), layers[i].Inputs, $"feedback[{i}]");
        }

        return [.. feedback];
    }

    /// <summary>The paths from every layer to the one below.</summary>
    /// <param name="feedback">One per layer; entry 0 is ignored.</param>
    public static IReadOnlyList<FeedbackPath> LayerByLayer(IEnumerable<FixedFeedback> feedback)
        => [.. feedback.Skip(1).Select((fixedOnes, i) => fixedOnes.Path(i + 1, i))];

    /// <summary>The paths from every layer to the one below.</summary>
    /// <param name="feedback">One matrix per layer; entry 0 is ignored.</param>
    public static IReadOnlyList<FeedbackPath> LayerByLayer(IEnumerable<Matrix> feedback)
        => [.. feedback.Skip(1).Select((weights, i) => new FeedbackPath(i + 1, i, weights))];

    /// <summary>The paths from the output layer straight to every hidden layer.</summary>
    /// <param name="feedback">One matrix per hidden layer.</param>
    public static IReadOnlyList<FeedbackPath> Direct(IReadOnlyCollection<Matrix> feedback)
        => [.. feedback.Select((weights, i) => new FeedbackPath(feedback.Count, i, weights))];

    /// <summary>The paths from the output layer straight to every hidden layer.</summary>
    /// <param name="feedback">One per hidden layer.</param>
    public static IReadOnlyList<FeedbackPath> Direct(IReadOnlyCollection<DrawnMatrix> feedback)
        => [.. feedback.Select((drawn, i) => new FeedbackPath(feedback.Count, i, drawn))];
}
