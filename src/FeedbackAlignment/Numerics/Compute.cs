using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// The matrix product, and the threads that share it. The number of threads and the width of the processor's vectors change the
/// time a product takes and never a bit of it.
/// </summary>
public sealed class Compute : IDisposable
{
    private const int EnoughRowsToTranspose = 8;
    private const long WorthSharing = 1 << 18, StepWorthSharing = 1 << 16;
    private readonly WorkerTeam? _team;
    private readonly ProductWork _work = new();
    private readonly StepWork _steps = new();
    private readonly Lock _oneCaller = new();

    // One for each width, kept: layers of different widths take turns at every step, and a step must allocate nothing.
    private readonly Scratch _factors = new(), _results = new();

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Threads that share a product, the caller's own among them; 1: none is started.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1 or above 256.</exception>
    public Compute(int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 256);
        _team = threads == 1 ? null : new WorkerTeam(threads);
    }

    /// <summary>Bits of the vectors that the kernels use on this machine: 512, 256 or 128.</summary>
    public static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>Threads that share a product.</summary>
    public int Threads => _team?.Members ?? 1;

    /// <summary>
    /// into = left · right, or into += left · right. Each element is one chain of fused multiply-adds in the order of the inner index,
    /// starting from 0 or from the element's own value.
    /// </summary>
    /// <param name="left">rows × inner, in either order.</param>
    /// <param name="right">inner × columns, in either order; fastest in that of <paramref name="into"/>.</param>
    /// <param name="into">rows × columns; not the memory of the factors.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or <paramref name="into"/> shares memory with a factor.</exception>
    public void Product(Matrix left, Matrix right, Matrix into, bool accumulate = false)
    {
        if (left.Columns != right.Rows || into.Rows != left.Rows || into.Columns != right.Columns)
        {
            throw new ArgumentException($"cannot put the product of {left.Shape} and {right.Shape} into {into.Shape}", nameof(into));
        }

        if (into.SharesMemoryWith(left) || into.SharesMemoryWith(right))
        {
            throw new ArgumentException("a product cannot be put into the memory of one of its factors", nameof(into));
        }

        if (into.Order == MatrixOrder.ColumnMajor)
        {
            (left, right, into) = (right.Transposed, left.Transposed, into.Transposed);
        }

        if (right.Order == MatrixOrder.ColumnMajor)
        {
            ThroughColumns(left, right, into, accumulate);
        }
        else
        {
            Share(left, right, into, accumulate);
        }
    }

    /// <summary>
    /// weights ← kept · weights + previousInput ⊗ previousError, then output += input · weights, in one walk over the weights.
    /// </summary>
    /// <param name="weights">inputs × outputs, row-major.</param>
    /// <param name="kept">What is kept of every weight.</param>
    /// <param name="previousInput">1 × inputs.</param>
    /// <param name="previousError">1 × outputs.</param>
    /// <param name="input">1 × inputs.</param>
    /// <param name="output">1 × outputs; added to.</param>
    internal void StepAndProduct(Matrix weights, float kept, Matrix previousInput, Matrix previousError, Matrix input, Matrix output)
    {
        if (_team is null || (long)weights.Rows * weights.Columns < StepWorthSharing)
        {
            StepWork.Run(weights, kept, previousInput, previousError, input, output, new(0, output.Columns));
            return;
        }

        lock (_oneCaller)
        {
            _steps.Set(weights, kept, previousInput, previousError, input, output);
            _team.Run(_steps);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team?.Dispose();

    /// <summary>
    /// The product with a column-major right factor. For few rows it reads the factor's columns as they lie. For more it computes the
    /// transposed product, in which that factor is on the left and may lie either way: only the two thin matrices are copied, not the factor.
    /// </summary>
    private void ThroughColumns(Matrix left, Matrix right, Matrix into, bool accumulate)
    {
        if (left.Order == MatrixOrder.RowMajor && left.Rows < EnoughRowsToTranspose)
        {
            ColumnKernel.Run(left, right, into, accumulate);
            return;
        }

        lock (_oneCaller)
        {
            var leftTransposed = _factors.Take(left.Columns, left.Rows);
            leftTransposed.CopyFrom(left.Transposed);
            var result = _results.Take(into.Columns, into.Rows);
            if (accumulate)
            {
                result.CopyFrom(into.Transposed);
            }

            Share(right.Transposed, leftTransposed, result, accumulate);
            into.CopyFrom(result.Transposed);
        }
    }

    private void Share(Matrix left, Matrix right, Matrix into, bool accumulate)
    {
        if (_team is null || (long)left.Rows * left.Columns * right.Columns < WorthSharing)
        {
            ProductWork.RunAll(left, right, into, accumulate);
            return;
        }

        lock (_oneCaller)
        {
            _work.Set(left, right, into, accumulate);
            _team.Run(_work);
        }
    }
}
