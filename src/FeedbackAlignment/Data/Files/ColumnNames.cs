using System.Text.RegularExpressions;

namespace FeedbackAlignment.Data.Files;

/// <summary>What the names of columns say, by custom.</summary>
internal static partial class ColumnNames
{
    /// <summary>Whether the column is to be learned.</summary>
    public static bool MeansTarget(string name) => MeansClass(name) || MeansNumber(name) || MayMeanTarget(name);

    /// <summary>
    /// Whether the column is to be learned if it is the first or the last one: <c>y</c> stands beside <c>x</c> and <c>z</c>, too.
    /// </summary>
    public static bool MayMeanTarget(string name) => name.ToLowerInvariant() is "y" or "answer" or "output" or "outcome" or "response";

    /// <summary>Whether the values are classes.</summary>
    public static bool MeansClass(string name) => name.ToLowerInvariant() is "label" or "labels" or "class" or "classes";

    /// <summary>Whether the values are numbers to be learned: <c>target…</c>.</summary>
    public static bool MeansNumber(string name) => name.StartsWith("target", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether the values number the examples: <c>id</c>, <c>index</c>, <c>user_id</c>, <c>PassengerId</c>, <c>Unnamed: 0</c>.
    /// </summary>
    public static bool NumbersExamples(string name) => Numbering().IsMatch(name);

    [GeneratedRegex("^(index|idx|nr|no|row|row[ _]?(nr|no|number)|unnamed.*|#)$|(^|[_ .-])id$|(?-i:[a-z]I[dD]$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Numbering();
}
