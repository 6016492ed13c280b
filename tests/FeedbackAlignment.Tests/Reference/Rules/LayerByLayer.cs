using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>The error goes back layer by layer, through the weights themselves or through what stands for them: eₗ = δₗ₊₁ Bₗ₊₁.</summary>
internal sealed class LayerByLayer(Net net, Through through) : PlainRule(net)
{
    /// <summary>|B| ∘ sign W.</summary>
    public static double[,] WithSignsOf(Weight weight, double[,] magnitudes)
        => magnitudes.Zip(weight.Values, (m, w) => Math.Abs(m) * Math.Sign(w));

    /// <summary>(W⁺)ᵀ of a matrix of full rank: (W Wᵀ)⁻¹ W, or W (Wᵀ W)⁻¹ where W is tall.</summary>
    public static double[,] PseudoInverse(double[,] w)
        => w.Rows() <= w.Columns() ? Inverse(w.Times(w.Transposed())).Times(w) : w.Times(Inverse(w.Transposed().Times(w)));

    protected override void Learn(double[,] outputError, double[,] targets) => Net.Backward(outputError, through);

    /// <summary>Gauss and Jordan's elimination; a positive definite matrix needs no exchange of rows.</summary>
    private static double[,] Inverse(double[,] matrix)
    {
        var size = matrix.Rows();
        var left = matrix.Map(value => value);
        var right = Table.Make(size, size, (row, column) => row == column ? 1 : 0);
        for (var pivot = 0; pivot < size; pivot++)
        {
            var (leftLine, rightLine, head) = (left.Row(pivot), right.Row(pivot), left[pivot, pivot]);
            for (var row = 0; row < size; row++)
            {
                var factor = left[row, pivot];
                for (var column = 0; column < size; column++)
                {
                    left[row, column] = row == pivot ? leftLine[column] / head : left[row, column] - factor * leftLine[column] / head;
                    right[row, column] = row == pivot ? rightLine[column] / head : right[row, column] - factor * rightLine[column] / head;
                }
            }
        }

        return right;
    }
}
