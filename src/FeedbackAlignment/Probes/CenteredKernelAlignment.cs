using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Probes;

/// <summary>
/// How similar two layers represent the same examples, whatever their units are called, how many they are, and how they are rotated or
/// scaled: linear centered kernel alignment. Kornblith, Norouzi, Lee, Hinton, arXiv 1905.00414 (2019).
/// </summary>
public static class CenteredKernelAlignment
{
    /// <summary>
    /// ‖YᵀX‖² ∕ (‖XᵀX‖ ‖YᵀY‖) of Frobenius norms, after the mean of each column is taken away. Sums are in <see cref="double"/>.
    /// </summary>
    /// <remarks>
    /// The estimate is too high where there are few examples: for unrelated random activities it tends to 1 as the units outnumber the
    /// examples. Take several times as many examples as units.
    /// </remarks>
    /// <param name="x">examples × units, row-major.</param>
    /// <param name="y">the same examples × units of another layer, row-major.</param>
    /// <returns>0 (unrelated) … 1 (the same up to rotation, scale and shift); null where a layer does not vary or a number is not
    /// finite.</returns>
    /// <exception cref="ArgumentException">The numbers of examples differ, or a matrix is column-major.</exception>
    public static double? Linear(Matrix x, Matrix y)
    {
        x.RequireRowMajor(nameof(x));
        y.RequireRowMajor(nameof(y));
        if (x.Rows != y.Rows)
        {
            throw new ArgumentException($"one layer has {x.Rows} examples, the other {y.Rows}: both must have seen the same ones",
                nameof(y));
        }

        // ‖YᵀX‖² = Σ (XXᵀ)ᵢⱼ (YYᵀ)ᵢⱼ: over pairs of examples, which are fewer than pairs of units where layers are wide.
        var (a, b) = (Centered(x), Centered(y));
        double along = 0, xSquared = 0, ySquared = 0;
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var (p, q) = (Reductions.Dot(a.Row(i), a.Row(j)), Reductions.Dot(b.Row(i), b.Row(j)));
                var times = i == j ? 1 : 2;
                along += times * p * q;
                xSquared += times * p * p;
                ySquared += times * q * q;
            }
        }

        var alignment = along / Math.Sqrt(xSquared * ySquared);
        return double.IsFinite(alignment) ? Math.Clamp(alignment, 0, 1) : null;
    }

    private static Matrix Centered(Matrix activities)
    {
        var centered = activities.Copy();
        for (var unit = 0; unit < centered.Columns; unit++)
        {
            var sum = 0.0;
            for (var example = 0; example < centered.Rows; example++)
            {
                sum += centered[example, unit];
            }

            for (var example = 0; example < centered.Rows; example++)
            {
                centered[example, unit] = (float)(centered[example, unit] - sum / centered.Rows);
            }
        }

        return centered;
    }
}
