using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments;

/// <summary>Names in a message.</summary>
internal static class Listing
{
    /// <summary>The names, separated by commas; of many the first ones, and how many others there are.</summary>
    /// <param name="names">The names.</param>
    /// <param name="most">How many are shown.</param>
    public static string Some(IEnumerable<string> names, int most = 12)
    {
        var all = names.ToList();
        var others = all.Count - most;
        return string.Join(", ", all.Take(most).Select(name => ForeignText.Line(name, ForeignText.LongestQuote))) + (others <= 0 ? "" : others == 1 ? " and 1 other" : $" and {others} others");
    }
}
