using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The task: where examples come from and how they are divided.</summary>
public sealed record DataSpec
{
    /// <summary>
    /// <c>digits</c>, <c>shapes</c> and <c>banded</c> (generated), <c>mnist</c>, <c>fashion-mnist</c>, <c>cifar-10</c>,
    /// <c>teacher-linear</c>, <c>teacher-tanh</c>, or the path of a folder or file with your own data. A path contains a slash (<c>./my-data</c>). The files may
    /// be CSV, NPY, IDX, CIFAR or images (docs/data.md).
    /// </summary>
    [DataSource]
    public string Source { get; init; } = DataSourceIds.Digits;

    /// <summary>Number of training examples. Null: all (of generated data 10000).</summary>
    [Bounds(AtLeast = 1)]
    public int? Train { get; init; }

    /// <summary>
    /// Number of validation examples. Null: all of the validation file, if there is one. Otherwise one twelfth of the training file (5000
    /// of MNIST's), or 2000 of generated data.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int? Validation { get; init; }

    /// <summary>
    /// Number of test examples. Null: all of the test file (of generated data 5000). Without a test file: one example in five.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int? Test { get; init; }

    /// <summary>Factor on all inputs, applied after all other scaling (the paper's unknown pixel scaling).</summary>
    [Bounds(Above = 0)]
    public float InputScale { get; init; } = 1;

    /// <summary>Seed of generated data, and of the division into training, validation and test examples.</summary>
    [Bounds(AtLeast = 0)]
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Layer sizes of <c>teacher-linear</c> (two sizes; null: 30-10) or <c>teacher-tanh</c> (null: 30-20-10-10). Null for other sources.
    /// </summary>
    [LayerSizes]
    public string? Teacher { get; init; }

    /// <summary>Half-width of a teacher's uniform weights and biases.</summary>
    [Bounds(Above = 0)]
    public float TeacherScale { get; init; } = 1;

    /// <summary>
    /// CSV only: the columns to predict, by name, or by position from 1 if there is no header. Null: the column with the name of a target
    /// (<c>label</c>, <c>class</c>, <c>target…</c>, <c>y</c>), or the only text column. If neither decides, the data are refused.
    /// </summary>
    [NotEmpty, Distinct]
    public IReadOnlyList<string>? Target { get; init; }

    /// <summary>
    /// CSV only: whether the target is a class or a number. Null: decided by the target's name and values. If both are possible, the data
    /// are refused.
    /// </summary>
    [OneOf(typeof(TaskIds))]
    public string? Task { get; init; }

    /// <summary>
    /// CSV only: columns that are not read. An empty list: all columns are read. Null: the same, but a column that only numbers the rows
    /// is refused.
    /// </summary>
    [Distinct]
    public IReadOnlyList<string>? Ignore { get; init; }

    /// <summary>
    /// CSV only: columns to treat as categories although they contain numbers, or numbers and texts (a postal code). Text columns always
    /// are categories. Each category becomes an input of 0 or 1.
    /// </summary>
    [Distinct]
    public IReadOnlyList<string>? Categorical { get; init; }

    /// <summary>
    /// CSV only: whether the first line contains the column names. Null: read from the file. If both are possible, the data are refused.
    /// </summary>
    public bool? Header { get; init; }

    /// <summary>CSV only: the character between two fields of the training file. Null: read from the file.</summary>
    [OneCharacter]
    public string? Separator { get; init; }

    /// <summary>CSV only: the decimal separator, <c>.</c> or <c>,</c>. Null: read from the file.</summary>
    [OneOf(typeof(DecimalIds))]
    public string? DecimalSeparator { get; init; }

    /// <summary>CSV only: how to treat an example with a missing value. Null: <c>refuse</c>.</summary>
    [OneOf(typeof(MissingIds))]
    public string? Missing { get; init; }

    /// <summary>CSV only: how to treat a category that no training example has. Null: <c>refuse</c>.</summary>
    [OneOf(typeof(UnseenIds))]
    public string? Unseen { get; init; }

    /// <summary>
    /// What to standardize with the statistics of the training examples: x becomes (x − mean) ∕ standard deviation. Null: the inputs of
    /// tables (CSV, and NPY of other types than bytes), and their targets if these are numbers. Images and data known by name are then
    /// unchanged. In a spec without <c>format</c>, null means <c>none</c>.
    /// </summary>
    [OneOf(typeof(StandardizeIds))]
    public string? Standardize { get; init; }

    /// <summary>
    /// CSV and NPY only: the two values that become 0 and 1, for example <c>[0, 255]</c> for pixels. Null: values are not scaled in this
    /// way.
    /// </summary>
    [Distinct]
    public IReadOnlyList<float>? Scale { get; init; }

    /// <summary>
    /// CSV only: a column of groups (patient, day). Rows of one group stay in the same part when examples are divided. The column is not
    /// an input. Null: no groups.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>
    /// Image folders only: height and width to which all images are resized, e.g. <c>32x32</c>. Null: not resized; images of different
    /// sizes are refused.
    /// </summary>
    [ImageSize]
    public string? Resize { get; init; }
}
