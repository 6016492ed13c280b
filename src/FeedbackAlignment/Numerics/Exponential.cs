namespace FeedbackAlignment.Numerics;

/// <summary>An exponential in double, made of IEEE operations only, so that it gives the same bits everywhere.</summary>
internal static class Exponential
{
    private const double Ln2High = 0.693147180369123816490, Ln2Low = 1.90821492927058770002e-10;
    private const double Smallest = -708;

    /// <summary>
    /// e^<paramref name="value"/>, to about 2 units in the last place; 0 where it would be below the normal numbers. NaN stays NaN.
    /// </summary>
    /// <param name="value">At most 709.</param>
    public static double Of(double value)
    {
        if (value < Smallest)
        {
            return 0;
        }

        // value = n ln 2 + r, |r| ≤ ½ ln 2; e^r as a power series, then 2^n.
        var n = Math.Round(value / (Ln2High + Ln2Low));
        var r = value - n * Ln2High - n * Ln2Low;
        var series = 1.0;
        for (var term = 14; term >= 1; term--)
        {
            series = 1 + series * r / term;
        }

        return double.IsNaN(series) ? series : Math.ScaleB(series, (int)n);
    }
}
