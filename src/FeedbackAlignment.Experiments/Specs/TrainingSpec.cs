using FeedbackAlignment.Experiments.Specs.Fields;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Length of the training, batch size, evaluations and measurements.</summary>
public sealed record TrainingSpec
{
    /// <summary>
    /// Passes over the training examples. Cannot be combined with <see cref="Examples"/> or <see cref="Phases"/>. If all three are null:
    /// 20.
    /// </summary>
    [Bounds(Above = 0, AtMost = 1e6)]
    public double? Epochs { get; init; }

    /// <summary>
    /// Examples to learn from, counting repetitions. Cannot be combined with <see cref="Epochs"/> or <see cref="Phases"/>.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public long? Examples { get; init; }

    /// <summary>
    /// Phases of the training, in order. A phase can freeze layers, train with another rule, or redraw feedback weights. One optimizer
    /// and one schedule serve all phases. Null: a single phase of all <see cref="Epochs"/> or <see cref="Examples"/>.
    /// </summary>
    [NotEmpty]
    public IReadOnlyList<PhaseSpec>? Phases { get; init; }

    /// <summary>Examples per step. 1: one at a time, as in the paper.</summary>
    [Bounds(AtLeast = 1)]
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Groups into which each batch is divided, at most <see cref="BatchSize"/>. Their gradients are added in a fixed order, so that as
    /// many processes or fewer can share them and compute the same bits as one (docs/distributed.md). Other groups give other bits, and
    /// the same gradient within rounding. Must be 1 with batch normalization, spiking networks and <c>weight-mirror</c>.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int Groups { get; init; } = 1;

    /// <summary>
    /// What several processes divide among them (docs/distributed.md): each batch by its groups (<c>batches</c>), or the layers of the
    /// network (<c>layers</c>, <c>pipeline</c>). <c>layers</c> is for rules whose hidden layers need no error but the output's, such as
    /// <c>direct-feedback-alignment</c>. <c>pipeline</c> also sends errors back from process to process. This changes no bit.
    /// </summary>
    [OneOf(typeof(ParallelIds))]
    public string Parallel { get; init; } = ParallelIds.Batches;

    /// <summary>Random changes of the pictures that the network learns from. Evaluations see pictures as they are.</summary>
    public AugmentationSpec Augmentation { get; init; } = new();

    /// <summary>
    /// Label smoothing ε of <c>softmax-cross-entropy</c>: of K classes each target t becomes (1 − ε) t + ε ∕ K. The training loss has it;
    /// losses on validation and test examples do not. Other losses refuse it.
    /// </summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public float LabelSmoothing { get; init; }

    /// <summary>Which weights are tested.</summary>
    [OneOf(typeof(KeepIds))]
    public string Keep { get; init; } = KeepIds.BestValidation;

    /// <summary>
    /// Stops a run after this many successive evaluations without a better validation error. The schedule still covers the planned
    /// length. Cannot be combined with <see cref="Phases"/>. Null: never.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int? Patience { get; init; }

    /// <summary>Examples between two evaluations on the validation examples. Null: one pass.</summary>
    [Bounds(AtLeast = 1)]
    public long? EvaluateEvery { get; init; }

    /// <summary>Number of additional evaluations before the first one, at 1/2, 1/4, 1/8 … of the distance to it.</summary>
    [Bounds(AtLeast = 0, AtMost = 62)]
    public int EarlyEvaluations { get; init; }

    /// <summary>
    /// Examples between two measurements of the instruments. Null: at evaluations, and more often in the first pass. 0: never.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public long? MeasureEvery { get; init; }

    /// <summary>Number of validation examples that the instruments use (all, if there are fewer).</summary>
    [Bounds(AtLeast = 1)]
    public int MeasureExamples { get; init; } = 256;

    /// <summary>
    /// Whether the instruments also measure the angle to pseudobackprop, Δh = W⁺ e. This takes a pseudo-inverse for every layer.
    /// </summary>
    public bool MeasurePseudobackprop { get; init; }

    /// <summary>
    /// Whether the instruments also measure norms of weights, feedback weights, activations, errors and gradients, layer by layer. Each run
    /// then has them in <c>norms.csv</c>.
    /// </summary>
    public bool MeasureNorms { get; init; }

    /// <summary>
    /// When the weights and feedback weights of a run are kept beside the final ones, as NumPy files in its folder <c>snapshots</c>.
    /// </summary>
    [OneOf(typeof(SnapshotIds))]
    public string Snapshots { get; init; } = SnapshotIds.None;

    /// <summary>
    /// Threads that work on one step, at most one for each processor. Null: the processors, divided among the runs. This changes the
    /// speed, never a result.
    /// </summary>
    [Bounds(AtLeast = 1, AtMost = 256)]
    public int? Threads { get; init; }
}

/// <summary>Random changes of pictures while a network learns from them.</summary>
public sealed record AugmentationSpec
{
    /// <summary>
    /// Zeros put around each picture on all sides; a window of the old size is then cut out at a random place. The zeros are those of the
    /// inputs as the network takes them. Less than height and width of the pictures.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public int Crop { get; init; }

    /// <summary>Whether a picture is turned left to right with probability ½.</summary>
    public bool Flip { get; init; }

    /// <summary>The library's.</summary>
    internal Augmentation ToAugmentation() => new() { Crop = Crop, Flip = Flip };
}
