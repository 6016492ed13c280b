namespace FeedbackAlignment.Rules;

/// <summary>What a reader should know of a rule before using it; <c>docs/rules.md</c> is made of it.</summary>
/// <remarks>
/// Symbols: x inputs, h = σ(z) a layer's outputs, W its weights, e = ∂loss∕∂h a layer's error, δ = e ∘ σ′ its local error, B feedback
/// weights, n units of a layer, C outputs of the network, L layers.
/// </remarks>
public sealed record RuleNotes
{
    /// <summary>What reaches a hidden layer, e.g. <c>eₗ = δₗ₊₁ Bₗ</c>.</summary>
    public required string Formula { get; init; }

    /// <summary>The way the error goes, for the drawing.</summary>
    public required ErrorRoute Route { get; init; }

    /// <summary>Whether what goes that way is the example's target instead of its error, for the drawing.</summary>
    public bool SendsTarget { get; init; }

    /// <summary>What carries it, in a word for the drawing: <c>Wᵀ</c>, <c>B random</c>.</summary>
    public string Carrier { get; init; } = "";

    /// <summary>Which hidden layers stay as they were drawn while others learn, for the drawing.</summary>
    public FrozenPart Frozen { get; init; }

    /// <summary>Multiply-adds per example beside forward pass and gradients.</summary>
    public required string Operations { get; init; }

    /// <summary>Numbers kept beside weights and activations.</summary>
    public required string Memory { get; init; }

    /// <summary>
    /// <see cref="Operations"/> as a number, for a network that the rule can teach and all options at their defaults; null: what the route
    /// alone takes.
    /// </summary>
    public Func<NetworkCounts, long>? CountOperations { get; init; }

    /// <summary>
    /// <see cref="Memory"/> as a number, for one example and without what an optimizer keeps; null: the feedback weights that the route
    /// alone takes, if the rule has some.
    /// </summary>
    public Func<NetworkCounts, long>? CountMemory { get; init; }

    /// <summary>What is known to go wrong.</summary>
    public required IReadOnlyList<string> Pitfalls { get; init; }

    /// <summary>Where the paper leaves a choice or we deviate: what was chosen, and why. Empty if there is nothing to say.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What could not be checked against the paper itself. Empty if all was.</summary>
    public IReadOnlyList<string> Unverified { get; init; } = [];
}

/// <summary>Hidden layers that stay as they were drawn while others learn.</summary>
public enum FrozenPart
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>Convolutions; an error goes on through them to what learns below.</summary>
    Convolutions,

    /// <summary>All up to the last convolution; no error gets there.</summary>
    Features,
}

/// <summary>The way in which an error reaches hidden layers.</summary>
public enum ErrorRoute
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>From each layer to the one below.</summary>
    LayerByLayer,

    /// <summary>From the output straight to every hidden layer.</summary>
    Direct,

    /// <summary>From the output to the first hidden layer, and from there forward.</summary>
    FirstThenForward,

    /// <summary>One number for all: how much the loss changed under noise.</summary>
    Scalar,

    /// <summary>As targets, from each layer to the one below.</summary>
    Targets,

    /// <summary>Through a second forward pass.</summary>
    SecondPass,

    /// <summary>To each hidden layer in a way of its own.</summary>
    PerLayer,
}
