namespace FeedbackAlignment.Numerics;

/// <summary>Sums over vectors and matrices, in <see cref="double"/> and in a fixed order; for losses, angles and norms.</summary>
internal static class Reductions
{
    /// <summary>Σ xᵢ yᵢ.</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }

    /// <summary>Σ xᵢⱼ yᵢⱼ over two matrices of the same shape, whatever their orders.</summary>
    public static double Dot(Matrix x, Matrix y)
    {
        x.RequireShape(y.Rows, y.Columns, nameof(x));
        var sum = 0.0;
        if (x.Order == y.Order)
        {
            for (var line = 0; line < x.Lines; line++)
            {
                sum += Dot(x.Line(line), y.Line(line));
            }

            return sum;
        }

        for (var row = 0; row < x.Rows; row++)
        {
            for (var column = 0; column < x.Columns; column++)
            {
                sum += (double)x[row, column] * y[row, column];
            }
        }

        return sum;
    }

    /// <summary>Whether every element is a finite number.</summary>
    public static bool AllFinite(Matrix x)
    {
        for (var line = 0; line < x.Lines; line++)
        {
            foreach (var value in x.Line(line))
            {
                if (!float.IsFinite(value))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
