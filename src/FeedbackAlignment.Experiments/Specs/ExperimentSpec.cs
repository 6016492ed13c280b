namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// Everything that determines an experiment: one network and task, one or more rules, one or more seeds. Two equal specs give
/// equal results, bit for bit, apart from the seconds.
/// </summary>
public sealed record ExperimentSpec
{
    /// <summary>A title for reports.</summary>
    public string Name { get; init; } = "Random feedback against backpropagation";

    /// <summary>Ids of the learning rules to train with (see <c>fa rules</c>).</summary>
    public IReadOnlyList<string> Rules { get; init; } = ["backpropagation", "feedback-alignment", "direct-feedback-alignment", "shallow"];

    /// <summary>Root seeds; one run per rule and seed. A seed fixes initial weights, feedback weights and order of examples.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [1, 2, 3];

    /// <summary>The task.</summary>
    public DataSpec Data { get; init; } = new();

    /// <summary>The network.</summary>
    public NetworkSpec Network { get; init; } = new();

    /// <summary>The loss: <c>squared-error</c>, <c>logistic-cross-entropy</c> or <c>softmax-cross-entropy</c>.</summary>
    public string Loss { get; init; } = "softmax-cross-entropy";

    /// <summary>How the fixed random feedback weights are drawn.</summary>
    public FeedbackSpec Feedback { get; init; } = new();

    /// <summary>How a gradient becomes a step.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>How long and in what portions.</summary>
    public TrainingSpec Training { get; init; } = new();

    /// <summary>Settings that differ for a rule, by its id.</summary>
    public IReadOnlyDictionary<string, RuleSettings> RuleSettings { get; init; } = new Dictionary<string, RuleSettings>();
}

/// <summary>What a rule has of its own in an experiment; what is not given is as for all.</summary>
public sealed record RuleSettings
{
    /// <summary>Learning rate, &gt; 0.</summary>
    public float? LearningRate { get; init; }

    /// <summary>Scale of the feedback weights, &gt; 0.</summary>
    public float? FeedbackScale { get; init; }
}

/// <summary>The task: where examples come from and how they are divided.</summary>
public sealed record DataSpec
{
    /// <summary>
    /// <c>digits</c> (drawn by the project), <c>mnist</c>, <c>fashion-mnist</c>, <c>teacher-linear</c>, <c>teacher-tanh</c>, or the
    /// path of a folder with IDX, CSV or NPY files.
    /// </summary>
    public string Source { get; init; } = "digits";

    /// <summary>Training examples; null: all there are (digits and teachers: 10000).</summary>
    public int? Train { get; init; }

    /// <summary>Validation examples; null: what the source has by custom (digits and teachers 2000; files: one twelfth of the training examples, 5000 of MNIST's).</summary>
    public int? Validation { get; init; }

    /// <summary>Test examples; null: all there are (digits and teachers: 5000).</summary>
    public int? Test { get; init; }

    /// <summary>Factor on all inputs after they are brought to [0, 1] (the paper's unknown pixel scaling), &gt; 0.</summary>
    public float InputScale { get; init; } = 1;

    /// <summary>Seed of data that the project makes, and of the division into training and validation examples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>For <c>teacher-linear</c> and <c>teacher-tanh</c>: the teacher's layer sizes, e.g. <c>30-20-10-10</c>.</summary>
    public string? Teacher { get; init; }

    /// <summary>For teachers: the half-width of their uniform weights and biases, &gt; 0.</summary>
    public float TeacherScale { get; init; } = 1;
}

/// <summary>The network.</summary>
public sealed record NetworkSpec
{
    /// <summary>Layer sizes from input to output, e.g. <c>784-1000-10</c>.</summary>
    public string Layers { get; init; } = "784-200-10";

    /// <summary>Activation of the hidden layers: <c>linear</c>, <c>logistic</c>, <c>tanh</c> or <c>relu</c>.</summary>
    public string Activation { get; init; } = "tanh";

    /// <summary>Activation of the output layer. The cross-entropy losses bring their own and need <c>linear</c> here.</summary>
    public string OutputActivation { get; init; } = "linear";

    /// <summary>Whether units have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the initial weights are drawn (biases start at 0).</summary>
    public InitializationSpec Initialization { get; init; } = new();
}

/// <summary>How initial weights are drawn.</summary>
public sealed record InitializationSpec
{
    /// <summary>
    /// <c>uniform</c> (± scale, the paper's), <c>normal</c> (standard deviation = scale), <c>lecun-uniform</c>, <c>lecun-normal</c>,
    /// <c>glorot-uniform</c>, <c>glorot-normal</c>, <c>he-uniform</c>, <c>he-normal</c> (all times scale) or <c>zero</c>.
    /// </summary>
    public string Scheme { get; init; } = "glorot-uniform";

    /// <summary>Half-width of <c>uniform</c>, standard deviation of <c>normal</c>, factor of the others; &gt; 0.</summary>
    public float Scale { get; init; } = 1;
}

/// <summary>How fixed random feedback weights are drawn. They are never trained.</summary>
public sealed record FeedbackSpec
{
    /// <summary>The same schemes as for initial weights, without <c>zero</c>.</summary>
    public string Scheme { get; init; } = "glorot-uniform";

    /// <summary>Half-width β of <c>uniform</c>, standard deviation of <c>normal</c>, factor of the others; &gt; 0.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>A seed of their own; null: each run draws them from its root seed.</summary>
    public ulong? Seed { get; init; }
}

/// <summary>How a gradient becomes a step.</summary>
public sealed record OptimizerSpec
{
    /// <summary><c>sgd</c>, <c>rmsprop</c> or <c>adam</c>.</summary>
    public string Kind { get; init; } = "sgd";

    /// <summary>Learning rate, &gt; 0.</summary>
    public float LearningRate { get; init; } = 0.1f;

    /// <summary>Momentum of <c>sgd</c>, in [0, 1).</summary>
    public float Momentum { get; init; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Decay of the mean of squares in <c>rmsprop</c>, in [0, 1).</summary>
    public float Rho { get; init; } = 0.99f;

    /// <summary>Decay of the first moment in <c>adam</c>, in [0, 1).</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Decay of the second moment in <c>adam</c>, in [0, 1).</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>What <c>rmsprop</c> and <c>adam</c> add to the root, &gt; 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Share by which weights (not biases) shrink, ≥ 0.</summary>
    public float WeightDecay { get; init; }

    /// <summary><c>times-learning-rate</c>: w ← w(1 − ηλ) each step; <c>per-step</c>: w ← w(1 − λ).</summary>
    public string WeightDecayMode { get; init; } = "times-learning-rate";

    /// <summary>How the learning rate changes.</summary>
    public ScheduleSpec Schedule { get; init; } = new();
}

/// <summary>How the learning rate changes during training.</summary>
public sealed record ScheduleSpec
{
    /// <summary><c>constant</c>, <c>step</c>, <c>exponential</c> or <c>cosine</c>.</summary>
    public string Kind { get; init; } = "constant";

    /// <summary>Examples over which the rate first rises linearly from 0; 0: no warm-up.</summary>
    public long WarmUpExamples { get; init; }

    /// <summary><c>step</c>: the factor at each step; <c>exponential</c>: the factor reached at the end; <c>cosine</c>: the share of the rate left at the end. In [0, 1].</summary>
    public float Factor { get; init; } = 0.1f;

    /// <summary><c>step</c>: examples from one step to the next, &gt; 0.</summary>
    public long? StepExamples { get; init; }
}

/// <summary>How long and in what portions.</summary>
public sealed record TrainingSpec
{
    /// <summary>Passes over the training examples, &gt; 0. Not together with <see cref="Examples"/>; null with null there: 20.</summary>
    public double? Epochs { get; init; }

    /// <summary>Examples to learn from, &gt; 0, counting repetitions.</summary>
    public long? Examples { get; init; }

    /// <summary>Examples per step; 1: one at a time, as in the paper.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Which weights are tested: <c>best-validation</c> or <c>last</c>.</summary>
    public string Keep { get; init; } = "best-validation";

    /// <summary>Examples between two evaluations on validation; null: one pass.</summary>
    public long? EvaluateEvery { get; init; }

    /// <summary>Examples between two readings of the instruments; null: like evaluations, and more often in the first pass. 0: never.</summary>
    public long? MeasureEvery { get; init; }

    /// <summary>How many validation examples the instruments look at.</summary>
    public int MeasureExamples { get; init; } = 256;

    /// <summary>Threads that work on one step. Changes speed, never a result.</summary>
    public int Threads { get; init; } = 1;
}
