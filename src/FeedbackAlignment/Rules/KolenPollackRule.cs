using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Kolen–Pollack: feedback weights get the same gradient and the same decay as the forward weights that they stand for, so whatever the
/// two were at first, they become one: Δh = B e with ΔB = ΔW. No weight is transported; the two synapses see the same two signals. Kolen
/// and Pollack, "Backpropagation without weight transport", IEEE ICNN 1994; Akrout, Wilson, Humphreys, Lillicrap, Tweed, "Deep learning
/// without weight transport", NeurIPS 2019, arXiv 1904.05391.
/// </summary>
/// <remarks>
/// With a step of −η g and a kept share k, of both, W − B ← k (W − B): what the gradient is does not matter, nor which optimizer makes a
/// step of it, for the two have the same history. In floats each step adds a rounding of a unit in the last place of W and B. Begun at B
/// = W it is backpropagation, to the bit.
/// </remarks>
public sealed class KolenPollackRule : ErrorFeedbackRule
{
    private readonly Parameter[] _feedback;

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "kolen-pollack",
        "Kolen–Pollack",
        "The error goes back through weights that learn like the forward weights. With weight decay they become equal to them.",
        "Kolen & Pollack, ICNN 1994; Akrout et al., NeurIPS 2019, arXiv 1904.05391",
        setup => new KolenPollackRule(setup))
    {
        NeedsWeightDecay = true,
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ Bₗ,  ΔBₗ = −η (δₗ₊₁ᵀ hₗ + λ Bₗ), as ΔWₗ₊₁ = −η (δₗ₊₁ᵀ hₗ + λ Wₗ₊₁)",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "B → Wᵀ",
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation, and as much again for B's gradient",
            Memory = "Σ nₗ nₗ₊₁ feedback weights, as many gradients, and what the optimizer keeps of them",
            CountOperations = network => 2 * network.LayerByLayer,
            CountMemory = network => 2 * network.LayerByLayerWeights,
            Pitfalls =
            [
                "Without weight decay the difference W − B never changes. The rule is then feedback alignment with moving feedback: set "
                + "optimizer.weightDecay.",
                "Only the decay reduces the difference, by a factor 1 − ηλ a step (1 − λ with weightDecayMode per-step). A small λ needs "
                + "many steps, and a large one also keeps the forward weights small.",
                "If layers are frozen (training.phases), their feedback continues to learn and so departs from them.",
                "Decay of (B − W) instead of B would read W, so it would be weight transport.",
            ],
            Choices =
            [
                "The decay is that of the optimizer, and by default it is decoupled from the gradient. So the difference also shrinks by "
                + "the same factor under momentum, RMSProp and Adam. With weightDecayMode coupled it vanishes under SGD, with momentum "
                + "too; RMSProp and Adam are refused.",
                "optimizer.feedback cannot give B another learning rate or decay: the difference would not vanish.",
                "B starts like the B of feedback alignment. Where a forward connection is missing, its feedback is missing too.",
            ],
            Unverified =
            [
                "We read Akrout et al. through its authors' code, which gives B the same step and factor as W. The paper of 1994 was not "
                + "available to us.",
            ],
        },
    };

    /// <summary>Draws the initial feedback weights: those of feedback alignment.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    public KolenPollackRule(RuleSetup setup)
        : this(setup, setup.DrawFeedback())
    {
    }

    /// <summary>Takes given initial feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size, and which feedback connections there are.</param>
    /// <param name="feedback">Entry i has the shape of the weights of layer i; entry 0 is ignored. Copied.</param>
    /// <exception cref="ArgumentException">There is not one per layer, or one has the wrong shape.</exception>
    public KolenPollackRule(RuleSetup setup, IReadOnlyList<WeightSource> feedback)
        : base(setup)
    {
        var given = FeedbackWeights.LayerByLayer(feedback, Network);
        _feedback = [.. Network.Layers.Skip(1)
            .Select((layer, i) => LearnedFeedback.Of(
                setup, layer.Name, FeedbackShape.Of(layer.Map), RowMajor(given[i + 1].Read()), layer.Weights.Connections))];
        Feedback = [.. _feedback.Select((weights, i) => new FeedbackPath(i + 1, i, weights))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _feedback;

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <summary>Each B with the W that it becomes: with another rate or decay W − B would not shrink to 0.</summary>
    public override IReadOnlyList<TiedWeights> Ties
        => [.. _feedback.Zip(Network.Layers.Skip(1), (weights, layer) => new TiedWeights(weights, layer.Weights))];

    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _feedback[at.Index - 1], below);

    /// <inheritdoc/>
    protected override void LearnFeedback(in Crossing at, Gradients gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        at.Layer.Map.Gradient(at.Input, at.Error, gradients[_feedback[at.Index - 1]]);
    }

    private static Matrix RowMajor(Matrix weights)
    {
        var copy = new Matrix(weights.Rows, weights.Columns);
        copy.CopyFrom(weights);
        return copy;
    }
}
