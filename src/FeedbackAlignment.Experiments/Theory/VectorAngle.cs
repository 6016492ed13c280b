using MathNet.Numerics.LinearAlgebra;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>
/// The angle between two vectors, exact to rounding at every size: 2 atan2(‖â − b̂‖, ‖â + b̂‖) (Kahan). An arc cosine loses half
/// the digits near 0 and cannot tell 10⁻⁸ from it.
/// </summary>
internal static class VectorAngle
{
    /// <summary>Radians, 0 … π.</summary>
    /// <param name="a">A vector other than 0.</param>
    /// <param name="b">Another of the same length.</param>
    public static double Radians(Vector<double> a, Vector<double> b)
    {
        var first = a / a.L2Norm();
        var second = b / b.L2Norm();
        return 2 * Math.Atan2((first - second).L2Norm(), (first + second).L2Norm());
    }
}
