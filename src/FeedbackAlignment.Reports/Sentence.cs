namespace FeedbackAlignment.Reports;

/// <summary>Parts of English sentences.</summary>
internal static class Sentence
{
    /// <summary>E.g. <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> parts) =>
        parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts.Take(parts.Count - 1))} and {parts[^1]}";

    /// <summary>With a capital at its beginning.</summary>
    public static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    /// <summary>A number and its noun, e.g. <c>1 seed</c> or <c>10 000 seeds</c>.</summary>
    public static string Count(long count, string noun) => $"{NumberText.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
