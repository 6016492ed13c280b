using System.Text.Json.Serialization;
using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// Everything that determines an experiment: one network and task, one or more rules, one or more seeds. Two equal specs give
/// equal results, bit for bit, apart from the seconds.
/// </summary>
public sealed record ExperimentSpec
{
    /// <summary>The format that is written now. Format 1 is that of version 0.1, which did not say it.</summary>
    public const int CurrentFormat = 2;

    /// <summary>
    /// Version of the spec format. It keeps the meaning of old specs when defaults change. A file without it has format 1: its data are
    /// standardized only if it says so.
    /// </summary>
    [Bounds(AtLeast = 1, AtMost = CurrentFormat)]
    public int Format { get; init; } = CurrentFormat;

    /// <summary>A title for reports, on one line.</summary>
    [PrintableText]
    public string Name { get; init; } = "Random feedback against backpropagation";

    /// <summary>
    /// Ids of the learning rules to train with (see <c>fa rules</c>). Ids joined by <c>+</c> give each hidden layer its own rule, from
    /// the lowest layer up: <c>direct-feedback-alignment+backpropagation</c>. With names they give it to hidden layers (<c>hidden1</c>),
    /// residual blocks (<c>block1</c>), all in a block (<c>block1/*</c>) and all others (<c>*</c>):
    /// <c>block1/*=feedback-alignment+*=direct-feedback-alignment</c>. A layer's name goes before a block's.
    /// </summary>
    [NotEmpty, Distinct, RuleId]
    public IReadOnlyList<string> Rules { get; init; } = ["backpropagation", "feedback-alignment", "direct-feedback-alignment", "shallow"];

    /// <summary>
    /// Root seeds. Each rule has one run for each seed. A seed fixes initial weights, feedback weights and order of examples.
    /// </summary>
    [NotEmpty, Distinct, Bounds(AtLeast = 0)]
    public IReadOnlyList<ulong> Seeds { get; init; } = [1, 2, 3];

    /// <summary>The task.</summary>
    public DataSpec Data { get; init; } = new();

    /// <summary>The network.</summary>
    public NetworkSpec Network { get; init; } = new();

    /// <summary>
    /// The loss. It also determines the error of the output layer. It is summed over the outputs and averaged over the batch. Null:
    /// softmax and cross-entropy for classes with a linear output layer, else squared error.
    /// </summary>
    [InCatalog(nameof(Components.Losses))]
    public string? Loss { get; init; }

    /// <summary>How random feedback weights are drawn.</summary>
    public FeedbackSpec Feedback { get; init; } = new();

    /// <summary>How a gradient becomes a step. If it is left out: SGD with momentum 0.9.</summary>
    public OptimizerSpec Optimizer { get; init; } = new() { Momentum = 0.9f };

    /// <summary>Length of the training, batch size, evaluations and measurements.</summary>
    public TrainingSpec Training { get; init; } = new();

    /// <summary>
    /// Settings for single rules, by rule id. If several rules are joined, an option goes to every part that has it. Settings for a rule
    /// that the spec does not train are refused. If <c>--rules</c> leaves the rule out, they are not used, and a note says so.
    /// </summary>
    [RuleKeys]
    public IReadOnlyDictionary<string, RuleSettings> RuleSettings { get; init; } = new Dictionary<string, RuleSettings>();

    /// <summary>How <c>fa tune</c> searches the settings of the rules. Trainings ignore it. Null: the defaults of the search.</summary>
    public TuningSpec? Tuning { get; init; }

    /// <summary>
    /// The settings that <c>fa study</c> varies. Other commands refuse a spec with this key. Null: there are none, and the key is not
    /// written.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StudySpec? Study { get; init; }
}
