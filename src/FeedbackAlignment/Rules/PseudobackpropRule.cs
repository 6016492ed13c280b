using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Pseudobackprop: the error goes back through the Moore–Penrose inverse of the forward weights, Δh = W⁺ e, the smallest change of h that
/// takes the error away from a linear layer above (a Gauss–Newton step). Feedback alignment tends towards this direction when the weights
/// begin near zero. Lillicrap, Cownden, Tweed, Akerman, arXiv 1411.0247 (2014), figure 4.
/// </summary>
/// <remarks>
/// The paper takes it as a reference direction and trains nothing with it; here one can. In between stand the derivatives of all layers on
/// the way, as in backpropagation. Nearly dependent weights have a great inverse, so the learning rate must be smaller where W is near
/// singular. The inverse is taken anew at every step, in double; it is the one rule that allocates while it learns, and its time does not
/// follow the number of threads.
/// </remarks>
/// <param name="setup">Network, loss, batch size.</param>
public sealed class PseudobackpropRule(RuleSetup setup) : ErrorFeedbackRule(setup)
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "pseudobackprop",
        "pseudobackprop",
        "The error goes back through the pseudo-inverse of the forward weights: nearly second order, and slow.",
        "Lillicrap et al. 2014, fig. 4, arXiv 1411.0247",
        setup => new PseudobackpropRule(setup))
    {
        Allocates = true,
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ (Wₗ₊₁⁺)ᵀ",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "W⁺",
            Operations = "Σ nₗ nₗ₊₁, and a singular value decomposition of every weight matrix at every step",
            Memory = "Σ nₗ nₗ₊₁ for the inverses",
            CountMemory = network => network.LayerByLayerWeights,
            Pitfalls =
            [
                "Nearly dependent weights have a large inverse. The learning rate must be small where W is nearly singular.",
                "It is slow. The decomposition is of order n³ at every step, while the rest of a step is of order n² for each example.",
            ],
            Choices = ["The paper uses it as a reference direction and trains nothing with it."],
        },
    };

    private readonly PseudoInverseWeights[] _feedback =
        [.. setup.Network.Layers.Skip(1).Select(layer => new PseudoInverseWeights(Dense(layer).Weights))];

    /// <inheritdoc/>
    protected override void BeginBatch(Matrix outputError, Matrix targets)
    {
        foreach (var inverse in _feedback)
        {
            inverse.Renew();
        }
    }

    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _feedback[at.Index - 1], below);

    /// <exception cref="ArgumentException">It is a convolution: the inverse of its filters does not undo it.</exception>
    private static WeightedLayer Dense(WeightedLayer layer) => layer.Map is DenseMap ? layer
        : throw new ArgumentException(
            $"{Entry.Name} needs dense layers; {layer.Name} is a convolution, which the inverse of its filters does not undo");
}
