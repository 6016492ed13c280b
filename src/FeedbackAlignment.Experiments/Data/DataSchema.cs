using System.Text.Json;
using System.Text.Json.Serialization;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>What a column of a table is for.</summary>
public enum ColumnRole
{
    /// <summary>The network sees it.</summary>
    Input,

    /// <summary>It is learned.</summary>
    Target,

    /// <summary>It says which examples belong together.</summary>
    Group,

    /// <summary>It is not read.</summary>
    Ignored,
}

/// <summary>How the values of a column are told apart.</summary>
public enum ColumnValues
{
    /// <summary>As numbers: <c>1</c> and <c>1.0</c> are one value.</summary>
    Numbers,

    /// <summary><c>true</c> and <c>false</c>, in any case.</summary>
    Booleans,

    /// <summary>As texts.</summary>
    Texts,
}

/// <summary>A column of a table.</summary>
/// <param name="Name">The name in the header; without a header the position, from 1.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Values">How its values are told apart.</param>
/// <param name="Categories">The categories, in the order of their inputs; null: the column is one number.</param>
public sealed record SchemaColumn(string Name, ColumnRole Role, ColumnValues Values, IReadOnlyList<string>? Categories = null);

/// <summary>Means and standard deviations, one for each number; a deviation of 0 is a constant.</summary>
/// <param name="Means">The means.</param>
/// <param name="Deviations">The standard deviations.</param>
public sealed record Standardization(IReadOnlyList<float> Means, IReadOnlyList<float> Deviations) : IJsonOnDeserialized
{
    /// <summary>A file of somebody else's may have others than belong together.</summary>
    /// <exception cref="JsonException">They cannot be used.</exception>
    void IJsonOnDeserialized.OnDeserialized()
    {
        try
        {
            ToStandardizer();
        }
        catch (ArgumentException trouble)
        {
            throw new JsonException(trouble.Message, trouble);
        }
    }

    /// <summary>The library's object.</summary>
    internal Standardizer ToStandardizer() => new([.. Means], [.. Deviations]);

    /// <summary>The record of the library's object.</summary>
    internal static Standardization Of(Standardizer standardizer) => new([.. standardizer.Means], [.. standardizer.Deviations]);
}

/// <summary>
/// How the training file was understood. Every other file is read against it: columns are matched by name where both files have a header,
/// else by position, and classes by name. It is saved with the run and with the model.
/// </summary>
public sealed record DataSchema
{
    /// <summary>The format of the training files: <c>csv</c>, <c>npy</c>, <c>idx</c>, <c>images</c> or <c>cifar</c>.</summary>
    public required string Files { get; init; }

    /// <summary>Whether the target is a class.</summary>
    public required bool Classification { get; init; }

    /// <summary>Names of the classes, in the order of the outputs; null for numbers.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Whether the first line of the training file has the names of the columns.</summary>
    public bool Header { get; init; }

    /// <summary>What stands between two fields of the training file.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>What stands before the decimals of a number in the training file.</summary>
    public char DecimalSeparator { get; init; } = '.';

    /// <summary>The columns of a table, in the order of the training file; empty for other formats.</summary>
    public IReadOnlyList<SchemaColumn> Columns { get; init; } = [];

    /// <summary>Names of the network's inputs; empty where they have none.</summary>
    public IReadOnlyList<string> InputNames { get; init; } = [];

    /// <summary>Names of the targets; empty where they have none.</summary>
    public IReadOnlyList<string> TargetNames { get; init; } = [];

    /// <summary>The shape of the images that the inputs are, if they are images.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>What becomes of missing values (see <c>data.missing</c>).</summary>
    public string Missing { get; init; } = Specs.MissingIds.Refuse;

    /// <summary>What becomes of unseen categories (see <c>data.unseen</c>).</summary>
    public string Unseen { get; init; } = Specs.UnseenIds.Refuse;

    /// <summary>The two values that become 0 and 1; null: no range.</summary>
    public IReadOnlyList<float>? Scale { get; init; }

    /// <summary>The largest number that the training inputs have before they are scaled; null where it is not known.</summary>
    public float? Greatest { get; init; }

    /// <summary>What takes the place of a missing number, for each input; null where missing values are refused or left out.</summary>
    public IReadOnlyList<float>? Fill { get; init; }

    /// <summary>How inputs are standardized; null: they are not.</summary>
    public Standardization? Inputs { get; init; }

    /// <summary>How targets are standardized; null: they are not.</summary>
    public Standardization? Targets { get; init; }

    /// <summary>Training examples of each class; null for numbers.</summary>
    public IReadOnlyList<int>? ClassCounts { get; init; }

    /// <summary>The mean of each target over the training examples, in the units of the file; null for classes.</summary>
    public IReadOnlyList<float>? TargetMeans { get; init; }

    /// <summary>The factor on all inputs, after everything else.</summary>
    public float InputScale { get; init; } = 1;

    /// <summary>The size to which images are brought; null: they come as they are.</summary>
    public string? Resize { get; init; }

    /// <summary>The columns of one role.</summary>
    internal IEnumerable<SchemaColumn> ColumnsOf(ColumnRole role) => Columns.Where(column => column.Role == role);

    /// <summary>For each input of a table, the column that it comes from. A column of categories has an input for each.</summary>
    internal IEnumerable<SchemaColumn> ColumnOfEachInput()
        => ColumnsOf(ColumnRole.Input).SelectMany(column => Enumerable.Repeat(column, column.Categories?.Count ?? 1));

    /// <summary>Whether the file is a table of named or numbered columns.</summary>
    [JsonIgnore]
    public bool IsTable => Columns.Count > 0;
}
