using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The task: where examples come from and how they are divided.</summary>
public sealed record DataSpec
{
    /// <summary>
    /// <c>digits</c> and <c>banded</c> (made by the project), <c>mnist</c>, <c>fashion-mnist</c>, <c>cifar-10</c>, <c>teacher-linear</c>, <c>teacher-tanh</c>, or the
    /// path of a folder or file with your own data, written with a slash (<c>./my-data</c>): CSV, NPY, IDX, CIFAR or images (docs/data.md).
    /// </summary>
    [DataSource]
    public string Source { get; init; } = DataSourceIds.Digits;

    /// <summary>Training examples; null: all there are (what the project makes: 10000).</summary>
    [Bounds(AtLeast = 1)]
    public int? Train { get; init; }

    /// <summary>
    /// Validation examples; null: those of the validation file, if there is one; else what the source has by custom (what the project makes 2000; files: one
    /// twelfth of the training examples, 5000 of MNIST's).
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int? Validation { get; init; }

    /// <summary>Test examples; null: all there are (what the project makes: 5000). Of data without a test file: one in five.</summary>
    [Bounds(AtLeast = 1)]
    public int? Test { get; init; }

    /// <summary>Factor on all inputs after they are brought to [0, 1] (the paper's unknown pixel scaling).</summary>
    [Bounds(Above = 0)]
    public float InputScale { get; init; } = 1;

    /// <summary>Seed of data that the project makes, and of the division into training and validation examples.</summary>
    [Bounds(AtLeast = 0)]
    public ulong Seed { get; init; } = 1;

    /// <summary>The layer sizes of <c>teacher-linear</c> (two; null: 30-10) or <c>teacher-tanh</c> (null: 30-20-10-10); null elsewhere.</summary>
    [LayerSizes]
    public string? Teacher { get; init; }

    /// <summary>For teachers: the half-width of their uniform weights and biases.</summary>
    [Bounds(Above = 0)]
    public float TeacherScale { get; init; } = 1;

    /// <summary>
    /// Of CSV: the columns to be learned, by name, or by position from 1 where there is no header. Null: the column whose name says so (<c>label</c>,
    /// <c>class</c>, <c>target…</c>, <c>y</c>), or the only column of text; where neither tells, the data are refused.
    /// </summary>
    [NotEmpty, Distinct]
    public IReadOnlyList<string>? Target { get; init; }

    /// <summary>Of CSV: whether the target is a class or a number. Null: seen from the target's name and values; where they allow both, the data are refused.</summary>
    [OneOf(typeof(TaskIds))]
    public string? Task { get; init; }

    /// <summary>Of CSV: columns that are not read. An empty list says that all are; null: the same, but a column that only counts the rows is refused.</summary>
    [Distinct]
    public IReadOnlyList<string>? Ignore { get; init; }

    /// <summary>Of CSV: columns whose values are categories although they are numbers, or numbers and texts (a postal code). Columns of text always are. Each category becomes an input of 0 or 1.</summary>
    [Distinct]
    public IReadOnlyList<string>? Categorical { get; init; }

    /// <summary>Of CSV: whether the first line has the names of the columns. Null: seen from the file; where it allows both, the data are refused.</summary>
    public bool? Header { get; init; }

    /// <summary>Of CSV: the character between two fields of the training file. Null: seen from the file.</summary>
    [OneCharacter]
    public string? Separator { get; init; }

    /// <summary>Of CSV: the character before the decimals of a number, <c>.</c> or <c>,</c>. Null: seen from the file.</summary>
    [OneOf(typeof(DecimalIds))]
    public string? DecimalSeparator { get; init; }

    /// <summary>Of CSV: what becomes of an example with a missing value. Null: <c>refuse</c>.</summary>
    [OneOf(typeof(MissingIds))]
    public string? Missing { get; init; }

    /// <summary>Of CSV: what becomes of a category that the training examples do not have. Null: <c>refuse</c>.</summary>
    [OneOf(typeof(UnseenIds))]
    public string? Unseen { get; init; }

    /// <summary>
    /// What is standardized by the training examples: x becomes (x − mean) ∕ standard deviation. Null: inputs of tables (CSV, and NPY of other types than bytes), and
    /// their targets too where they are numbers; images and data known by name never. A spec without <c>format</c>: nothing.
    /// </summary>
    [OneOf(typeof(StandardizeIds))]
    public string? Standardize { get; init; }

    /// <summary>Of CSV and NPY: the two values that become 0 and 1, for example <c>[0, 255]</c> for pixels. Null: no such range.</summary>
    [Distinct]
    public IReadOnlyList<float>? Scale { get; init; }

    /// <summary>Of CSV: a column whose equal values belong together (a patient, a day): they stay in one part when examples are divided. It is no input. Null: none.</summary>
    public string? Group { get; init; }

    /// <summary>Of image folders: the height and width to which all images are brought, e.g. <c>32x32</c>. Null: as they are; images of several sizes are refused.</summary>
    [ImageSize]
    public string? Resize { get; init; }
}
