using System.Text;
using System.Xml;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>Text from records on one line that a drawing can hold.</summary>
internal static class SafeText
{
    private const int LongestName = 40;

    /// <summary>A name that the user gave to a class, an input or a target, cut where it is too long.</summary>
    public static string Name(string name) => Of(name, LongestName);

    /// <summary>The text without what XML has no place for.</summary>
    public static string Of(string text) => string.Concat(text.EnumerateRunes()
        .Select(letter => Rune.IsWhiteSpace(letter) ? new Rune(' ') : letter)
        .Where(letter => !letter.IsBmp || XmlConvert.IsXmlChar((char)letter.Value)));

    /// <summary>The same, cut where it is too long.</summary>
    public static string Of(string text, int most)
    {
        var safe = Of(text);
        return safe.Length <= most ? safe : string.Concat(safe.EnumerateRunes().Take(most - 1)).TrimEnd() + "…";
    }
}
