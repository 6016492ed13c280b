using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;

namespace FeedbackAlignment.Experiments.Analysis;

/// <summary>How similarly two networks of one plan represent the same examples, layer by layer.</summary>
public static class Similarity
{
    /// <summary>Linear centered kernel alignment of each hidden layer of a network with the same layer of another.</summary>
    /// <param name="network">A network.</param>
    /// <param name="other">Another with the same layers.</param>
    /// <param name="inputs">examples × inputs.</param>
    /// <returns>One for each hidden layer with weights, from the first on; see <see cref="CenteredKernelAlignment.Linear"/>.</returns>
    /// <exception cref="ArgumentException">The networks have other numbers of layers, or do not fit the inputs.</exception>
    public static IReadOnlyList<double?> OfHiddenLayers(Network network, Network other, Matrix inputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(other);
        if (network.Layers.Count != other.Layers.Count)
        {
            throw new ArgumentException($"one network has {network.Layers.Count} layers, the other {other.Layers.Count}", nameof(other));
        }

        var (first, second) = (network.CreatePass(inputs.Rows), other.CreatePass(inputs.Rows));
        _ = first.Answer(inputs);
        _ = second.Answer(inputs);
        return [.. Enumerable.Range(0, network.Layers.Count - 1)
            .Select(layer => CenteredKernelAlignment.Linear(first.Outputs[layer], second.Outputs[layer]))];
    }
}
