using MathNet.Numerics.Providers.LinearAlgebra;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// The Moore–Penrose inverse of a matrix, in double: T = Q R with the taller of the matrix and its transpose, then the singular values of
/// the small factor, R = U S Vᵀ, so that (T⁺)ᵀ = Q U S⁺ Vᵀ. It allocates.
/// </summary>
internal static class PseudoInverse
{
    /// <summary>2⁻⁵², from 1 to the next double.</summary>
    private const double Epsilon = 1.0 / (1L << 52);

    /// <summary>
    /// into = (matrix⁺)ᵀ. A matrix of zeros has a pseudo-inverse of zeros; one with a number that is not finite gives no numbers.
    /// </summary>
    /// <remarks>Singular values up to max(rows, columns) · 2⁻⁵² times the greatest count as 0.</remarks>
    /// <param name="matrix">rows × columns.</param>
    /// <param name="into">rows × columns, like the matrix; in either order.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static void Transposed(Matrix matrix, Matrix into)
    {
        into.RequireShape(matrix.Rows, matrix.Columns, nameof(into));
        if (!Reductions.AllFinite(matrix))
        {
            // The factorization would not converge, and a training that diverges is no exception.
            into.Fill(float.NaN);
            return;
        }

        var isTall = matrix.Rows >= matrix.Columns;
        var (tall, result) = isTall ? (matrix, into) : (matrix.Transposed, into.Transposed);
        var (rows, columns) = (tall.Rows, tall.Columns);
        var q = ByColumns(tall);
        double[] r = new double[columns * columns], u = new double[columns * columns], v = new double[columns * columns], singular = new double[columns];

        // The managed provider by name: with another one, which a user may have turned on, the bits would be others.
        var provider = ManagedLinearAlgebraProvider.Instance;
        provider.ThinQRFactor(q, rows, columns, r, new double[columns]);
        provider.SingularValueDecomposition(true, r, columns, columns, singular, u, v);
        var tolerance = singular.Max() * rows * Epsilon;
        for (var i = 0; i < v.Length; i++)
        {
            var value = singular[i % columns];
            v[i] = value > tolerance ? v[i] / value : 0;
        }

        var inverse = Product(q, rows, Product(u, columns, v, columns), columns);
        for (var column = 0; column < columns; column++)
        {
            for (var row = 0; row < rows; row++)
            {
                result[row, column] = (float)inverse[column * rows + row];
            }
        }
    }

    private static double[] ByColumns(Matrix matrix)
    {
        var values = new double[matrix.Rows * matrix.Columns];
        for (var column = 0; column < matrix.Columns; column++)
        {
            for (var row = 0; row < matrix.Rows; row++)
            {
                values[column * matrix.Rows + row] = matrix[row, column];
            }
        }

        return values;
    }

    /// <summary>left · right, by columns; the right factor is square.</summary>
    private static double[] Product(double[] left, int rows, double[] right, int columns)
    {
        var product = new double[rows * columns];
        for (var column = 0; column < columns; column++)
        {
            var into = product.AsSpan(column * rows, rows);
            for (var inner = 0; inner < columns; inner++)
            {
                var factor = right[column * columns + inner];
                var from = left.AsSpan(inner * rows, rows);
                for (var row = 0; row < rows; row++)
                {
                    into[row] += factor * from[row];
                }
            }
        }

        return product;
    }
}
