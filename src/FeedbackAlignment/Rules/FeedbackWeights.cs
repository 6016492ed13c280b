using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>The check that given feedback matrices fit a network.</summary>
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
}
