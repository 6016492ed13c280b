namespace FeedbackAlignment.Numerics;

/// <summary>Cutting a length into nearly equal strips, one for each thread.</summary>
internal static class Strips
{
    /// <summary>One strip; it begins at a multiple of the unit, and may be empty.</summary>
    /// <param name="length">What to cut.</param>
    /// <param name="unit">Strips begin at multiples of this.</param>
    /// <param name="part">Which strip, from 0.</param>
    /// <param name="parts">Of how many.</param>
    public static Range<int> Of(int length, int unit, int part, int parts)
    {
        var units = (length + unit - 1) / unit;
        var from = (int)((long)units * part / parts) * unit;
        var to = (int)((long)units * (part + 1) / parts) * unit;
        return new(Math.Min(from, length), Math.Min(to, length));
    }
}
