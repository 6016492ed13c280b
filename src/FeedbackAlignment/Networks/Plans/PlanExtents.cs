using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Two numbers in a word of a plan: <c>1x2</c>, or <c>2</c> for both. On a picture of height 1 the one number is that along the width, for
/// along the height there is nothing to move over.
/// </summary>
internal static class PlanExtents
{
    /// <summary>The greatest such number.</summary>
    public const int Most = 4096;

    /// <summary>Reads one.</summary>
    /// <param name="word">The word.</param>
    /// <param name="from">The shape that it is about.</param>
    /// <param name="least">The least number: 0 for a padding, else 1.</param>
    /// <param name="extent">The numbers.</param>
    public static bool TryRead(string word, Shape from, int least, out Extent extent)
    {
        var cross = word.IndexOf('x', StringComparison.Ordinal);
        extent = default;
        if (!TryNumber(word.AsSpan(cross + 1), least, out var width))
        {
            return false;
        }

        var height = from.Height == 1 ? least : width;
        if (cross >= 0 && !TryNumber(word.AsSpan(0, cross), least, out height))
        {
            return false;
        }

        extent = new(height, width);
        return true;
    }

    /// <summary>The word of numbers, as short as can be.</summary>
    /// <param name="extent">The numbers.</param>
    /// <param name="from">The shape that they are about.</param>
    /// <param name="least">The least number.</param>
    public static string Write(Extent extent, Shape from, int least)
        => extent.Height == (from.Height == 1 ? least : extent.Width)
            ? extent.Width.ToString(CultureInfo.InvariantCulture) : $"{extent}";

    /// <summary>
    /// Reads what stands behind the first words, each a word and its value: <c>stride 2 padding 1</c>. What follows is left.
    /// </summary>
    /// <param name="words">The words; of those that are read none is left.</param>
    /// <param name="known">The words that may be there.</param>
    /// <param name="values">The value of each.</param>
    /// <param name="mistake">What is wrong, where the method gives false.</param>
    public static bool TryTake(
        ref ReadOnlySpan<string> words, IReadOnlyList<string> known, out Dictionary<string, string> values,
        [NotNullWhen(false)] out string? mistake)
    {
        values = [];
        while (words.Length > 0 && known.Contains(words[0]))
        {
            mistake = words.Length == 1 ? $"has nothing behind {words[0]}, e.g. {words[0]} 1"
                : !values.TryAdd(words[0], words[1]) ? $"says {words[0]} twice" : null;
            if (mistake is not null)
            {
                return false;
            }

            words = words[2..];
        }

        mistake = null;
        return true;
    }

    /// <summary>What is wrong with a word that is no such number.</summary>
    /// <param name="what">What it should be.</param>
    /// <param name="least">The least number.</param>
    public static string Mistake(string what, int least) => FormattableString.Invariant(
        $"has a wrong {what}, which must be {least} … {Most}, or two of these along height and width, e.g. 2 or 1x2");

    private static bool TryNumber(ReadOnlySpan<char> digits, int least, out int number)
        => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= Most;
}
