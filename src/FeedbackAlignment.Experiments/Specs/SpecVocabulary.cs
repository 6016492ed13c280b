using System.Reflection;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The ids that a spec may use, as lists. The builders of objects switch on the same constants. Parts that
/// programs of one's own can add stand in the catalogs of <see cref="Components"/>.</summary>
public static class SpecVocabulary
{
    /// <summary>See <see cref="FeedbackNormalizationIds"/>.</summary>
    public static IReadOnlyList<string> FeedbackNormalizations { get; } = Of(typeof(FeedbackNormalizationIds));

    /// <summary>See <see cref="WeightDecayIds"/>.</summary>
    public static IReadOnlyList<string> WeightDecayModes { get; } = Of(typeof(WeightDecayIds));

    /// <summary>See <see cref="ScheduleIds"/>.</summary>
    public static IReadOnlyList<string> Schedules { get; } = Of(typeof(ScheduleIds));

    /// <summary>See <see cref="KeepIds"/>.</summary>
    public static IReadOnlyList<string> Keeps { get; } = Of(typeof(KeepIds));

    /// <summary>See <see cref="ParallelIds"/>.</summary>
    public static IReadOnlyList<string> Parallels { get; } = Of(typeof(ParallelIds));

    /// <summary>See <see cref="DataSourceIds"/>.</summary>
    public static IReadOnlyList<string> DataSources { get; } = Of(typeof(DataSourceIds));

    /// <summary>See <see cref="TuningMethodIds"/>.</summary>
    public static IReadOnlyList<string> TuningMethods { get; } = Of(typeof(TuningMethodIds));

    /// <summary>See <see cref="RangeScaleIds"/>.</summary>
    public static IReadOnlyList<string> RangeScales { get; } = Of(typeof(RangeScaleIds));

    /// <summary>The constants of a class of ids, in the order in which they are written there.</summary>
    internal static IReadOnlyList<string> Of(Type ids) => [.. Constants(ids).Select(constant => (string)constant.GetRawConstantValue()!)];

    /// <summary>The fields that hold those constants.</summary>
    internal static IEnumerable<FieldInfo> Constants(Type ids) => ids.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral);
}

/// <summary>What a training takes over from a file.</summary>
public static class CarriedIds
{
    /// <summary>Weights and biases.</summary>
    public const string Weights = "weights";

    /// <summary>Feedback weights, too: those that a rule keeps, fixed or learned.</summary>
    public const string Feedback = "feedback";

    /// <summary>What the rule had learned itself, besides weights and biases.</summary>
    public const string Rule = "rule";

    /// <summary>What the rule had learned and what the optimizer remembered, too.</summary>
    public const string Optimizer = "optimizer";
}

/// <summary>Where direct feedback brings its errors.</summary>
public static class FeedbackSiteIds
{
    /// <summary>After each hidden activation, and after each residual sum that no activation follows.</summary>
    public const string Module = "module";

    /// <summary>
    /// The same outside of residual blocks, and one site at the end of each block. Inside a block the error goes back as in
    /// backpropagation.
    /// </summary>
    public const string Block = "block";

    /// <summary>As <c>module</c>, but after pooling where pooling follows an activation.</summary>
    public const string Pooled = "pooled";
}

/// <summary>What sets the size of feedback weights. B is errors × units. Missing connections do not count.</summary>
public static class FeedbackNormalizationIds
{
    /// <summary>The distribution sets it.</summary>
    public const string None = "none";

    /// <summary>
    /// Variance scale² ∕ (errors that reach a unit). A unit's error is as large as one component of the error sent, times scale.
    /// </summary>
    public const string FanIn = "fan-in";

    /// <summary>
    /// Variance scale² ∕ (units that an error reaches). On average over B, the error of all units is as large as the error sent, times
    /// scale.
    /// </summary>
    public const string FanOut = "fan-out";

    /// <summary>
    /// Each matrix is rescaled so that ‖B‖² = scale² · rows. This holds for the B that was drawn, so layer-by-layer and direct feedback
    /// are comparable.
    /// </summary>
    public const string ErrorNorm = "error-norm";
}

/// <summary>How weight decay λ acts at learning rate η.</summary>
public static class WeightDecayIds
{
    /// <summary>w ← w(1 − ηλ) each step.</summary>
    public const string TimesLearningRate = "times-learning-rate";

    /// <summary>w ← w(1 − λ) each step.</summary>
    public const string PerStep = "per-step";

    /// <summary>
    /// The gradient becomes g + λw, and so goes into momentum and means of squares, too: the form of PyTorch's SGD, RMSprop and Adam.
    /// </summary>
    public const string Coupled = "coupled";
}

/// <summary>How the learning rate changes.</summary>
public static class ScheduleIds
{
    /// <summary>It does not change.</summary>
    public const string Constant = "constant";

    /// <summary>Multiplied by the factor every <c>stepExamples</c> examples.</summary>
    public const string Step = "step";

    /// <summary>Falls exponentially, at the end to the factor times the initial rate.</summary>
    public const string Exponential = "exponential";

    /// <summary>Falls along half a cosine, at the end to the factor times the initial rate.</summary>
    public const string Cosine = "cosine";
}

/// <summary>Which weights are kept for the test.</summary>
public static class KeepIds
{
    /// <summary>Those with the lowest validation error. Between equal errors, those with the lower validation loss.</summary>
    public const string BestValidation = "best-validation";

    /// <summary>Those at the end of the training.</summary>
    public const string Last = "last";
}

/// <summary>Moments at which weights are kept.</summary>
public static class SnapshotIds
{
    /// <summary>Never.</summary>
    public const string None = "none";

    /// <summary>Before the first step and after the last.</summary>
    public const string Ends = "ends";

    /// <summary>At every evaluation, also those before the first step and after the last.</summary>
    public const string Evaluations = "evaluations";
}

/// <summary>What several processes that train together divide among them.</summary>
public static class ParallelIds
{
    /// <summary>Each batch, by its groups.</summary>
    public const string Batches = "batches";

    /// <summary>The layers, under rules whose hidden layers need no error but the output's.</summary>
    public const string Layers = "layers";

    /// <summary>The layers, with errors sent back from process to process.</summary>
    public const string Pipeline = "pipeline";
}

/// <summary>Ways to search settings.</summary>
public static class TuningMethodIds
{
    /// <summary>Settings are drawn evenly from the whole space. Every trial is a full training.</summary>
    public const string Random = "random";

    /// <summary>
    /// Many short trainings come first. The best of each rung train again and longer, up to full trainings. All trainings count.
    /// </summary>
    public const string SuccessiveHalving = "successive-halving";
}

/// <summary>Scales of a range.</summary>
public static class RangeScaleIds
{
    /// <summary>Equal factors. For positive ranges.</summary>
    public const string Log = "log";

    /// <summary>Equal steps.</summary>
    public const string Linear = "linear";
}

/// <summary>Sources of data that are known by name.</summary>
public static class DataSourceIds
{
    /// <summary>Handwritten-looking digits that the project draws.</summary>
    public const string Digits = "digits";

    /// <summary>Shapes in color on a textured ground, which the project draws: a task for learned filters.</summary>
    public const string Shapes = "shapes";

    /// <summary>Two inputs, three classes in bands: hard for feedback alignment where a unit sees one input only.</summary>
    public const string Banded = "banded";

    /// <summary>MNIST.</summary>
    public const string Mnist = "mnist";

    /// <summary>Fashion-MNIST.</summary>
    public const string FashionMnist = "fashion-mnist";

    /// <summary>CIFAR-10.</summary>
    public const string Cifar10 = "cifar-10";

    /// <summary>Regression: a random linear network's answers.</summary>
    public const string TeacherLinear = "teacher-linear";

    /// <summary>Regression: a random tanh network's answers.</summary>
    public const string TeacherTanh = "teacher-tanh";
}

/// <summary>What is learned from data.</summary>
public static class TaskIds
{
    /// <summary>The target is a class.</summary>
    public const string Classify = "classify";

    /// <summary>The targets are numbers.</summary>
    public const string Regress = "regress";
}

/// <summary>What may stand before the decimals of a number.</summary>
public static class DecimalIds
{
    /// <summary>1.5.</summary>
    public const string Point = ".";

    /// <summary>1,5.</summary>
    public const string Comma = ",";
}

/// <summary>What becomes of missing values.</summary>
public static class MissingIds
{
    /// <summary>The file is refused.</summary>
    public const string Refuse = "refuse";

    /// <summary>The example is left out.</summary>
    public const string Drop = "drop";

    /// <summary>The mean of the training examples is inserted. Only for inputs that are numbers.</summary>
    public const string Mean = "mean";
}

/// <summary>What becomes of categories that the training examples do not have.</summary>
public static class UnseenIds
{
    /// <summary>The file is refused.</summary>
    public const string Refuse = "refuse";

    /// <summary>All inputs of the column are 0.</summary>
    public const string Zeros = "zeros";
}

/// <summary>What is standardized.</summary>
public static class StandardizeIds
{
    /// <summary>Nothing: all numbers are used unchanged.</summary>
    public const string None = "none";

    /// <summary>The inputs.</summary>
    public const string Inputs = "inputs";

    /// <summary>
    /// The inputs, and the targets if they are numbers. An error of 1 is then that of always answering the training mean, and every
    /// target counts equally.
    /// </summary>
    public const string InputsAndTargets = "inputs-and-targets";
}
