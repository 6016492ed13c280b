using System.Text.RegularExpressions;

namespace FeedbackAlignment.Data.Files;

/// <summary>What the names of columns say, by custom.</summary>
internal static partial class ColumnNames
{
    private static readonly HashSet<string> _classes = new(StringComparer.OrdinalIgnoreCase) { "label", "labels", "class", "classes" };

    private static readonly HashSet<string> _others = new(StringComparer.OrdinalIgnoreCase) { "y", "answer", "output", "outcome", "response" };

    /// <summary>Whether the column is to be learned.</summary>
    public static bool MeansTarget(string name) => MeansClass(name) || MeansNumber(name) || MayMeanTarget(name);

    /// <summary>Whether the column is to be learned if it is the first or the last one: <c>y</c> stands beside <c>x</c> and <c>z</c>, too.</summary>
    public static bool MayMeanTarget(string name) => _others.Contains(name);

    /// <summary>Whether the values are classes.</summary>
    public static bool MeansClass(string name) => _classes.Contains(name);

    /// <summary>Whether the values are numbers to be learned: <c>target…</c>.</summary>
    public static bool MeansNumber(string name) => name.StartsWith("target", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the values number the examples: <c>id</c>, <c>index</c>, <c>user_id</c>, <c>PassengerId</c>, <c>Unnamed: 0</c>.</summary>
    public static bool NumbersExamples(string name) => Numbering().IsMatch(name);

    [GeneratedRegex("^(index|idx|nr|no|row|row[ _]?(nr|no|number)|unnamed.*|#)$|(^|[_ .-])id$|(?-i:[a-z]I[dD]$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Numbering();
}
