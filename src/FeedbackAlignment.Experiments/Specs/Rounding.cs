using System.Globalization;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Numbers in few decimal digits.</summary>
internal static class Rounding
{
    /// <summary>The number with the fewest digits that is this one as a <c>float</c>.</summary>
    public static double Shortest(float value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The number nearest to a value that has so many significant digits.</summary>
    public static double ToDigits(double value, int digits)
        => double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
