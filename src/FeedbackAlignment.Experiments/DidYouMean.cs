using F23.StringSimilarity;

namespace FeedbackAlignment.Experiments;

/// <summary>Finds the name that somebody meant.</summary>
public static class DidYouMean
{
    private const int LongestWord = 64;

    private static readonly OptimalStringAlignment _distance = new();

    /// <summary>
    /// The name nearest to a word: equal but for case, hyphens and underscores, or few typing errors away (one in three characters),
    /// or the only one that begins with it (three characters or more). Null if none is.
    /// </summary>
    /// <param name="word">What was written.</param>
    /// <param name="names">The valid names; the first wins a tie.</param>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(word);
        var plain = Plain(word);
        if (plain.Length is 0 or > LongestWord)
        {
            return null;
        }

        var candidates = names.Select(name => (Name: name, Plain: Plain(name))).ToList();
        var nearest = candidates
            .Select(candidate => (candidate.Name, Distance: _distance.Distance(plain, candidate.Plain)))
            .Where(candidate => candidate.Distance <= plain.Length / 3)
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault().Name;
        if (nearest is not null || plain.Length < 3)
        {
            return nearest;
        }

        var beginning = candidates.Where(candidate => candidate.Plain.StartsWith(plain, StringComparison.Ordinal)).Take(2).ToList();
        return beginning.Count == 1 ? beginning[0].Name : null;
    }

    /// <summary>The end of a message: <c>, did you mean "tanh"?</c>, or nothing if no name is near.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="names">The valid names.</param>
    public static string Hint(string word, IEnumerable<string> names) => Nearest(word, names) is { } name ? $", did you mean \"{name}\"?" : "";

    private static string Plain(string word) => string.Concat(word.Where(letter => letter is not ('-' or '_' or ' '))).ToUpperInvariant();
}
