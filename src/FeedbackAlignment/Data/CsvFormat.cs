namespace FeedbackAlignment.Data;

/// <summary>
/// How a text file of values is written. What is null is seen from the file; where the file allows two readings, it is refused.
/// </summary>
public sealed record CsvFormat
{
    /// <summary>The separators that are looked for, the most usual first.</summary>
    public const string Separators = ",;\t| ";

    /// <summary>What stands between two fields, e.g. a comma, a semicolon or a tab.</summary>
    public char? Separator { get; init; }

    /// <summary>Whether the first line has the names of the columns.</summary>
    public bool? Header { get; init; }

    /// <summary>What stands before a number's decimals: a point or a comma.</summary>
    public char? DecimalSeparator { get; init; }
}
