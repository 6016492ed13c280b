namespace FeedbackAlignment.Numerics;

/// <summary>tanh in double precision made of IEEE operations only, so that it gives the same bits everywhere.</summary>
internal static class HyperbolicTangent
{
    private const double Ln2High = 0.693147180369123816490, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Beyond this, tanh is ±1 in double precision.</summary>
    private const double Saturation = 20;

    /// <summary>tanh <paramref name="value"/>, to about 1 part in 10¹⁵.</summary>
    /// <param name="value">Any number.</param>
    public static double Of(double value)
    {
        var magnitude = Math.Min(Math.Abs(value), Saturation);
        var rise = ExponentialMinusOne(2 * magnitude);
        return Math.CopySign(rise / (rise + 2), value);
    }

    /// <summary>e^x − 1 without the loss of digits near 0.</summary>
    private static double ExponentialMinusOne(double x)
    {
        // x = k ln 2 + r, |r| ≤ ½ ln 2; e^r − 1 as its power series by Horner's rule; e^x − 1 = 2^k (e^r − 1) + (2^k − 1).
        var k = Math.Round(x / (Ln2High + Ln2Low));
        var r = x - k * Ln2High - k * Ln2Low;
        var series = 1.0;
        for (var term = 16; term >= 2; term--)
        {
            series = 1 + series * r / term;
        }

        var scale = Math.ScaleB(1, (int)k);
        return scale * (series * r) + (scale - 1);
    }
}
