using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// The matrix product, and the threads that share it. The number of threads and the width of the processor's vectors change the
/// time a product takes and never a bit of it.
/// </summary>
public sealed class Compute : IDisposable
{
    private const long WorthSharing = 1 << 18;
    private readonly WorkerTeam? _team;
    private readonly ProductWork _work = new();
    private readonly Lock _oneCaller = new();

    // One for each width, kept: layers of different widths take turns at every step, and a step must allocate nothing.
    private readonly Dictionary<int, Matrix> _scratch = [];

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
    /// <param name="right">inner × columns; row-major where <paramref name="into"/> is (else it is copied first).</param>
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

        var needsCopy = right.Order == MatrixOrder.ColumnMajor;
        if (_team is null && !needsCopy)
        {
            ProductWork.RunAll(left, right, into, accumulate);
            return;
        }

        lock (_oneCaller)
        {
            var rowMajor = needsCopy ? RowMajorCopy(right) : right;
            if (_team is null || (long)left.Rows * left.Columns * right.Columns < WorthSharing)
            {
                ProductWork.RunAll(left, rowMajor, into, accumulate);
            }
            else
            {
                _work.Set(left, rowMajor, into, accumulate);
                _team.Run(_work);
            }
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team?.Dispose();

    private Matrix RowMajorCopy(Matrix source)
    {
        if (!_scratch.TryGetValue(source.Columns, out var scratch) || scratch.Rows < source.Rows)
        {
            scratch = _scratch[source.Columns] = new Matrix(source.Rows, source.Columns);
        }

        var copy = scratch.Top(source.Rows);
        Transposition.Copy(source.Transposed, copy);
        return copy;
    }
}
