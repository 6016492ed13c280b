using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Training;

/// <summary>Names the settings in which two trainings differ, from the lines of their identities.</summary>
internal static class SettingDifferences
{
    private const int MostNamed = 12;

    /// <summary>The differences as a part of a sentence; null: there is none. The order of the lines does not count.</summary>
    /// <param name="saved">The settings in a file.</param>
    /// <param name="present">The settings of the training at hand.</param>
    public static string? Between(string saved, string present)
    {
        var (savedLines, presentLines) = (saved.Split('\n'), present.Split('\n'));
        var (was, now) = (Settings(savedLines.Except(presentLines)), Settings(presentLines.Except(savedLines)));
        string[] both = [.. now.Keys.Intersect(was.Keys)];
        string[] sections =
        [
            .. both.Where(name => name.EndsWith($".{Identity.Kind}", StringComparison.Ordinal))
                .Select(name => name[..^Identity.Kind.Length]),
        ];

        // What only one of two kinds has follows from the kind.
        string[] names =
        [
            .. now.Keys.Union(was.Keys)
                .Where(name => both.Contains(name) || !sections.Any(section => name.StartsWith(section, StringComparison.Ordinal))),
        ];
        return names.Length == 0 ? null
            : string.Join("; ", names.Take(MostNamed).Select(name => $"{Shown(name)} was {Value(was, name)}, is now {Value(now, name)}"))
                + (names.Length > MostNamed ? $"; and {names.Length - MostNamed} more" : "");
    }

    private static Dictionary<string, string> Settings(IEnumerable<string> lines)
    {
        var settings = new Dictionary<string, string>();
        foreach (var line in lines)
        {
            var end = line.IndexOf(Identity.Is, StringComparison.Ordinal);
            settings[end < 0 ? line : line[..end]] = end < 0 ? "" : line[(end + Identity.Is.Length)..];
        }

        return settings;
    }

    private static string Value(Dictionary<string, string> settings, string name)
        => settings.TryGetValue(name, out var value) ? Shown(value) : TrainingIdentity.LeftOut(name);

    private static string Shown(string text) => ForeignText.Line(text, ForeignText.LongestQuote);
}
