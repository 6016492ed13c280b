namespace FeedbackAlignment.Numerics;

/// <summary>A natural logarithm made of IEEE operations only, so that it gives the same bits everywhere.</summary>
internal static class Logarithm
{
    private const double Ln2High = 0.693147180369123816490, Ln2Low = 1.90821492927058770002e-10;
    private const double SquareRootOfTwo = 1.41421356237309504880;

    /// <summary>ln <paramref name="value"/>, to about 2 units in the last place.</summary>
    /// <param name="value">A positive normal number.</param>
    public static double Of(double value)
    {
        // value = m · 2^k with m in [1/√2, √2); ln m = 2 artanh s, s = (m − 1)/(m + 1), |s| < 0.1716, as a power series.
        var exponent = Math.ILogB(value);
        var mantissa = Math.ScaleB(value, -exponent);
        if (mantissa > SquareRootOfTwo)
        {
            mantissa *= 0.5;
            exponent++;
        }

        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var series = 0.0;
        for (var odd = 23; odd >= 3; odd -= 2)
        {
            series = (series + 1.0 / odd) * square;
        }

        return exponent * Ln2High + (2 * s + (2 * s * series + exponent * Ln2Low));
    }
}
