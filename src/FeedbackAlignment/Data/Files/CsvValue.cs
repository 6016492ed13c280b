using System.Globalization;

namespace FeedbackAlignment.Data.Files;

/// <summary>What a field's text means.</summary>
internal static class CsvValue
{
    private static readonly HashSet<string> _missing = new(StringComparer.OrdinalIgnoreCase) { "", "NA", "N/A", "#N/A", "NaN", "-NaN", "null", "?" };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _missingTexts = _missing.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] _dates = [.. (
        from day in (string[])["yyyy-M-d", "yyyy/M/d", "d.M.yyyy", "M/d/yyyy", "d/M/yyyy", "d-M-yyyy"]
        from time in (string[])["", " H:mm", " H:mm:ss", "'T'HH:mm", "'T'HH:mm:ss", "'T'HH:mm:ssK", " H:mm:ss.FFFFFFF", "'T'HH:mm:ss.FFFFFFFK"]
        select day + time)];

    /// <summary>Whether the text says that there is no value.</summary>
    public static bool IsMissing(ReadOnlySpan<char> text) => _missingTexts.Contains(text);

    /// <summary>The number, or NaN where the text is none that is finite as a float.</summary>
    public static float Number(ReadOnlySpan<char> text, char point) => (float)Exact(text, point);

    /// <summary>The number in double precision, or NaN where the text is none that is finite as a float.</summary>
    public static double Exact(ReadOnlySpan<char> text, char point)
    {
        if (point == ',')
        {
            return text.Contains('.') || text.Length > 64 ? double.NaN : Exact(text.ToString().Replace(',', '.'), '.');
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite((float)value) ? value : double.NaN;
    }

    /// <summary>Whether a terminal shows the letter: it is no control character, and none that turns the direction of writing.</summary>
    public static bool IsShown(char letter) => !char.IsControl(letter) && letter is not (>= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069');

    public static bool IsBoolean(ReadOnlySpan<char> text)
        => text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase);

    public static bool IsDate(ReadOnlySpan<char> text)
        => text is { Length: >= 6 and <= 40 } && char.IsAsciiDigit(text[0])
            && DateTime.TryParseExact(text, _dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
