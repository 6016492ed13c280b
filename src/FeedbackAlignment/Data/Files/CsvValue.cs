using System.Buffers;
using System.Globalization;

namespace FeedbackAlignment.Data.Files;

/// <summary>What a field's text means.</summary>
internal static class CsvValue
{
    private static readonly SearchValues<char> _timeLetters = SearchValues.Create("0123456789:.,+-Z");

    /// <summary>Whether the text says that there is a missing value.</summary>
    public static bool IsMissing(ReadOnlySpan<char> text) => text.Length switch
    {
        0 => true,
        1 => text[0] == '?',
        2 => Is(text, "NA"),
        3 => Is(text, "N/A") || Is(text, "NaN"),
        4 => Is(text, "#N/A") || Is(text, "-NaN") || Is(text, "null"),
        _ => false,
    };

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

    public static bool IsBoolean(ReadOnlySpan<char> text) => Is(text, "true") || Is(text, "false");

    /// <summary>Whether the text is a date in one of the usual forms, with or without a time of day.</summary>
    public static bool IsDate(ReadOnlySpan<char> text)
    {
        if (text is not { Length: >= 6 and <= 40 } || !char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        var end = text.IndexOfAny(' ', 'T');
        var time = end < 0 ? default : text[(end + 1)..];
        return IsDay(end < 0 ? text : text[..end]) && time.IndexOfAnyExcept(_timeLetters) < 0 && (end < 0 || time.Contains(':'));
    }

    private static bool IsDay(ReadOnlySpan<char> text) => DateOnly.TryParseExact(
        text, ["yyyy-M-d", "yyyy/M/d", "d.M.yyyy", "M/d/yyyy", "d/M/yyyy", "d-M-yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool Is(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
