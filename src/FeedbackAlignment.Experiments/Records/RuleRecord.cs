using System.Text.Json.Serialization;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>The way in which an error reaches hidden layers.</summary>
public enum RuleRoute
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

/// <summary>Hidden layers that stay as they were drawn while others learn.</summary>
public enum RuleFrozen
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>Convolutions; an error goes on through them to what learns below.</summary>
    Convolutions,

    /// <summary>All up to the last convolution; no error gets there.</summary>
    Features,
}

/// <summary>What a reader of results should know of a learning rule, so that the results need no program to be understood.</summary>
public sealed record RuleRecord
{
    /// <summary>
    /// Its id, e.g. <c>feedback-alignment</c>; ids joined by <c>+</c> are a rule for each hidden layer, from the lowest up, or for what
    /// the name before each says.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Its name inside a sentence, e.g. <c>feedback alignment</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>Where it comes from.</summary>
    public required string Paper { get; init; }

    /// <summary>What reaches a hidden layer.</summary>
    public required string Formula { get; init; }

    /// <summary>The way the error goes.</summary>
    public required RuleRoute Route { get; init; }

    /// <summary>Whether what goes that way is the example's target instead of its error.</summary>
    public bool SendsTarget { get; init; }

    /// <summary>What carries it, in a word, e.g. <c>B random</c>; empty if nothing does.</summary>
    public string Carrier { get; init; } = "";

    /// <summary>Which hidden layers stay as they were drawn while others learn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RuleFrozen Frozen { get; init; }

    /// <summary>Multiply-adds per example beside forward pass and gradients.</summary>
    public required string Operations { get; init; }

    /// <summary>Numbers kept beside weights and activations.</summary>
    public required string Memory { get; init; }

    /// <summary>Other names it goes by.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What can be set.</summary>
    public IReadOnlyList<RuleOptionRecord> Options { get; init; } = [];

    /// <summary>What is known to go wrong.</summary>
    public IReadOnlyList<string> Pitfalls { get; init; } = [];

    /// <summary>What was chosen where the paper leaves a choice, and where this project deviates.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What could not be checked against the paper itself.</summary>
    public IReadOnlyList<string> Unverified { get; init; } = [];

    /// <summary>Whether hidden layers learn.</summary>
    public required bool TeachesHiddenLayers { get; init; }

    /// <summary>Whether it has feedback weights, fixed or learned.</summary>
    public required bool HasFeedback { get; init; }

    /// <summary>Whether feedback weights carry the error that are drawn once and never change.</summary>
    public required bool HasFixedFeedback { get; init; }

    /// <summary>
    /// Whether the output layer's gradient is backpropagation's. Recorded runs do not carry it: only the document of the rules needs it.
    /// </summary>
    [JsonIgnore]
    public bool OutputGradientIsExact { get; init; } = true;

    /// <summary>
    /// Whether a hidden layer's gradient is its local error times its inputs in the forward pass. Recorded runs do not carry it either.
    /// </summary>
    [JsonIgnore]
    public bool GradientIsErrorTimesInput { get; init; } = true;

    /// <summary>Whether it can be the rule of a single hidden layer.</summary>
    public bool CanBePart { get; init; }

    /// <summary>
    /// The rules of its layers and blocks, if it is a mixture; else empty. Without <see cref="PartNames"/> they are those of the hidden
    /// layers, from the lowest up.
    /// </summary>
    public IReadOnlyList<RuleRecord> Parts { get; init; } = [];

    /// <summary>What each of its parts serves: <c>hidden1</c>, <c>block1</c>, <c>block1/*</c>, <c>*</c>; else empty.</summary>
    public IReadOnlyList<string> PartNames { get; init; } = [];
}

/// <summary>A number of a rule's own that can be set.</summary>
/// <param name="Id">Its name in specs.</param>
/// <param name="Default">Its value where none is given.</param>
/// <param name="Range">What may stand there.</param>
/// <param name="Summary">What it is.</param>
public sealed record RuleOptionRecord(string Id, double Default, string Range, string Summary);
