using FeedbackAlignment.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>Random matrices and vectors in <see cref="double"/>, row by row from a named stream.</summary>
internal static class Draws
{
    /// <summary>rows × columns, uniform in ± <paramref name="halfWidth"/>.</summary>
    public static Matrix<double> Uniform(this RandomStream stream, int rows, int columns, double halfWidth)
    {
        var drawn = Matrix<double>.Build.Dense(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                drawn[row, column] = halfWidth * (2 * stream.NextDouble() - 1);
            }
        }

        return drawn;
    }

    /// <summary>As many standard normal deviates.</summary>
    public static Vector<double> Normal(this RandomStream stream, int count)
        => Vector<double>.Build.Dense(count, _ => stream.NextNormal());
}
