using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>W⁺ e, the smallest of the vectors Δ that bring W Δ nearest to e, in two ways that share no step.</summary>
internal static class MinimumNorm
{
    /// <summary>By the Moore–Penrose inverse: V Σ⁺ Uᵀ e.</summary>
    /// <param name="matrix">The factored W.</param>
    /// <param name="error">e, as long as W has rows.</param>
    /// <param name="cut">Singular values up to this share of the largest are rounding of 0.</param>
    public static Vector<double> BySingularValues(Svd<double> matrix, Vector<double> error, double cut = 1e-10)
    {
        var solution = Vector<double>.Build.Dense(matrix.VT.ColumnCount);
        for (var index = 0; index < matrix.S.Count && matrix.S[index] > cut * matrix.S[0]; index++)
        {
            solution += matrix.VT.Row(index) * (matrix.U.Column(index).DotProduct(error) / matrix.S[index]);
        }

        return solution;
    }

    /// <summary>As a least-squares problem, by an orthogonal and a triangular factor.</summary>
    /// <param name="matrix">W, of full rank.</param>
    /// <param name="error">e, as long as W has rows.</param>
    public static Vector<double> ByOrthogonalFactor(Matrix<double> matrix, Vector<double> error)
    {
        if (matrix.RowCount >= matrix.ColumnCount)
        {
            return matrix.QR().Solve(error);
        }

        // Wᵀ = Q R, so W Δ = Rᵀ (Qᵀ Δ) = e, and the smallest Δ lies in the span of Q.
        var factors = matrix.Transpose().QR();
        return factors.Q * factors.R.Transpose().Solve(error);
    }
}
