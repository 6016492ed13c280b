using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// The matrix product, and the threads that share it. The number of threads and the width of the processor's vectors change the
/// time a product takes and never a bit of it; the kind of arithmetic does change bits (<see cref="Arithmetic"/>).
/// </summary>
public sealed class Compute : IDisposable
{
    /// <summary>
    /// The switch of <see cref="AppContext"/> that chooses the kind of arithmetic of the process: <c>true</c> is
    /// <see cref="Arithmetic.Separate"/>, <c>false</c> <see cref="Arithmetic.Fused"/>. It is read once, before the first number is
    /// computed. As a <c>RuntimeHostConfigurationOption</c> with <c>Trim="true"</c> it also leaves the other kind out of trimmed and native
    /// programs.
    /// </summary>
    public const string SeparateArithmeticSwitch = "FeedbackAlignment.SeparateArithmetic";

    private const int EnoughRowsToTranspose = 8;
    private const long WorthSharing = 1 << 18, StepWorthSharing = 1 << 16, TranspositionWorthSharing = 1 << 14, MapWorthSharing = 1 << 14, DrawingWorthSharing = 1 << 12;
    private readonly WorkerTeam? _team;
    private readonly ProductWork _work = new();
    private readonly StepWork _steps = new();
    private readonly PanelWork _panels = new();
    private readonly PanelBackwardWork _backward;
    private readonly ColumnWork _columns = new();
    private readonly PairWork _maps = new();
    private readonly TranspositionWork _transpositions = new();
    private readonly Lock _oneCaller = new();

    /// <summary>Made when first wanted: few trainings draw what they multiply with.</summary>
    private DrawnProductWork? _drawn;

    /// <summary>Made when first wanted.</summary>
    private ConvolutionRoom? _convolutions;

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
        _backward = new PanelBackwardWork(threads);
        if (_team is null)
        {
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>
    /// Ends threads that nobody can give work any more. They know the team, but not who owns it, so they do not keep it alive.
    /// </summary>
    ~Compute()
    {
        if (!_team!.TryEnd())
        {
            GC.ReRegisterForFinalize(this);
        }
    }

    /// <summary>Bits of the vectors that the kernels use on this machine: 512, 256 or 128.</summary>
    public static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>
    /// The kind of arithmetic of this process, the same for all that it computes. Where <see cref="SeparateArithmeticSwitch"/> says
    /// nothing, it is <see cref="Arithmetic.Separate"/> in WebAssembly and <see cref="Arithmetic.Fused"/> elsewhere.
    /// </summary>
    public static Arithmetic Arithmetic => Lanes.AreSeparate ? Arithmetic.Separate : Arithmetic.Fused;

    /// <summary>Threads that share a product.</summary>
    public int Threads => _team?.Members ?? 1;

    /// <summary>What the convolutions that it computes have in common.</summary>
    internal ConvolutionRoom Convolutions
    {
        get
        {
            lock (_oneCaller)
            {
                return _convolutions ??= new(Threads);
            }
        }
    }

    /// <summary>
    /// into = left · right, or into += left · right. Each element is one chain of multiply-adds in the order of the inner index,
    /// starting from 0 or from the element's own value.
    /// </summary>
    /// <remarks>
    /// For one example's activations, errors and gradients the terms whose left factor is 0 may be left out, and what they would be
    /// multiplied with is not read. Of finite factors that changes at most the sign of a zero; 0 times an infinity adds nothing there.
    /// </remarks>
    /// <param name="left">rows × inner, in either order.</param>
    /// <param name="right">inner × columns, in either order; fastest in that of <paramref name="into"/>.</param>
    /// <param name="into">rows × columns; not the memory of the factors.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or <paramref name="into"/> shares memory with a factor.</exception>
    public void Product(Matrix left, Matrix right, Matrix into, bool accumulate = false) => Product(left, right, into, accumulate ? into : default, finish: null);

    /// <summary>The same with chains that start elsewhere, and something done to every element of the result on the way.</summary>
    /// <param name="left">rows × inner.</param>
    /// <param name="right">inner × columns.</param>
    /// <param name="into">rows × columns.</param>
    /// <param name="start">
    /// What the chains start from: 1 × columns, row-major, for every row the same; or the matrix that they go into, which is added to; or
    /// nothing (no rows): 0.
    /// </param>
    /// <param name="finish">What to do with each finished piece; null: nothing.</param>
    /// <param name="isFar">Whether what is added to has to come from far, and is better asked for ahead. It changes the time alone.</param>
    internal void Product(in Matrix left, in Matrix right, in Matrix into, in Matrix start, Finish? finish, bool isFar = false)
    {
        if (left.Columns != right.Rows || into.Rows != left.Rows || into.Columns != right.Columns)
        {
            throw new ArgumentException($"cannot put the product of {left.Shape} and {right.Shape} into {into.Shape}", nameof(into));
        }

        if (into.MayOverlap(left) || into.MayOverlap(right))
        {
            throw new ArgumentException("a product cannot be put into the memory of one of its factors", nameof(into));
        }

        Debug.Assert(finish is null || (into.Order == MatrixOrder.RowMajor && right.Order == MatrixOrder.RowMajor));
        var accumulate = start.IsSameMemoryAs(into);
        var chains = new ChainTerms(accumulate, accumulate ? default : start, finish, isFar);
        if (into.Order == MatrixOrder.ColumnMajor)
        {
            IntoRows(right.Transposed, left.Transposed, into.Transposed, chains);
        }
        else
        {
            IntoRows(left, right, into, chains);
        }
    }

    /// <summary>
    /// into = left · right, of a right factor that is drawn on the way: the bits are those of the product with the same matrix in memory.
    /// </summary>
    /// <param name="left">rows × inner, row-major.</param>
    /// <param name="right">inner × columns.</param>
    /// <param name="into">rows × columns, row-major; not the memory of the left factor.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    internal void Product(Matrix left, DrawnMatrix right, Matrix into)
    {
        if (left.Columns != right.Rows || into.Rows != left.Rows || into.Columns != right.Columns)
        {
            throw new ArgumentException($"cannot put the product of {left.Shape} and {right.Shape} into {into.Shape}", nameof(into));
        }

        Debug.Assert(left.Order == MatrixOrder.RowMajor && into.Order == MatrixOrder.RowMajor && !into.MayOverlap(left));
        lock (_oneCaller)
        {
            _drawn ??= new DrawnProductWork(Threads);
            _drawn.Set(left, right, into);
            if (_team is null || (long)right.Rows * right.Columns < DrawingWorthSharing)
            {
                _drawn.Run(0, 1);
            }
            else
            {
                _team.Run(_drawn);
            }
        }
    }

    /// <summary>Has the threads share some work; if it is too small to divide, the caller's thread does it alone.</summary>
    /// <param name="work">The work.</param>
    /// <param name="multiplyAdds">How much it is.</param>
    internal void Share(SharedWork work, long multiplyAdds)
    {
        if (_team is null || multiplyAdds < WorthSharing)
        {
            work.Run(0, 1);
            return;
        }

        lock (_oneCaller)
        {
            _team.Run(work);
        }
    }

    /// <summary>Arithmetic on two matrices, column by column.</summary>
    /// <param name="map">What to do.</param>
    /// <param name="x">What to change, row-major.</param>
    /// <param name="y">As wide as x, row-major.</param>
    internal void Map(PairMap map, in Matrix x, in Matrix y)
    {
        if (_team is null || (long)y.Rows * y.Columns < MapWorthSharing)
        {
            map.Apply(x, y, new(0, Matrix.Padded(x.Columns)));
            return;
        }

        lock (_oneCaller)
        {
            _maps.Set(map, x, y);
            _team.Run(_maps);
        }
    }

    /// <summary>Work whose parts do not depend on each other; little of it is done by the caller alone.</summary>
    /// <param name="work">The work.</param>
    /// <param name="numbers">How many numbers it reads or writes.</param>
    internal void ShareMap(SharedWork work, long numbers)
    {
        if (_team is null || numbers < MapWorthSharing)
        {
            work.Run(0, 1);
            return;
        }

        lock (_oneCaller)
        {
            _team.Run(work);
        }
    }

    /// <summary>
    /// weights ← kept · weights + previousInput ⊗ previousError, then output += input · weights, in one walk over the weights. Inputs of
    /// 0 have no terms, as in <see cref="Product(Matrix, Matrix, Matrix, bool)"/>.
    /// </summary>
    /// <param name="weights">inputs × outputs, row-major.</param>
    /// <param name="kept">What is kept of every weight.</param>
    /// <param name="previousInput">1 × inputs.</param>
    /// <param name="previousError">1 × outputs.</param>
    /// <param name="input">1 × inputs.</param>
    /// <param name="output">1 × outputs; added to.</param>
    /// <param name="finish">What to do with the finished output; null: nothing.</param>
    /// <param name="owed">
    /// What lines owe, and will owe: a line whose inputs are both 0 is not touched, the others are first multiplied with
    /// <paramref name="kept"/> as often as they owe. Null: nothing is owed, and every line is multiplied.
    /// </param>
    internal void StepAndProduct(
        Matrix weights, float kept, Matrix previousInput, Matrix previousError, Matrix input, Matrix output, Finish? finish, OwedDecay? owed = null)
    {
        OneExample(weights, new(kept, previousInput, previousError, owed), new(input, output), finish);
        owed?.CountStep(previousInput, input);
    }

    /// <summary>The same for weights in panels.</summary>
    /// <param name="weights">inputs × outputs, cut for as many threads as there are.</param>
    /// <param name="kept">What is kept of every weight.</param>
    /// <param name="previousInput">1 × inputs.</param>
    /// <param name="previousError">1 × outputs.</param>
    /// <param name="input">1 × inputs.</param>
    /// <param name="output">1 × outputs; added to.</param>
    /// <param name="finish">What to do with the finished output; null: nothing.</param>
    /// <param name="owed">What lines owe, and will owe; null: nothing is owed.</param>
    internal void StepAndProduct(
        Panels weights, float kept, Matrix previousInput, Matrix previousError, Matrix input, Matrix output, Finish? finish, OwedDecay? owed = null)
    {
        Debug.Assert(weights.Parts == Threads);
        var (step, product) = (new StepTerms(kept, previousInput, previousError, owed), new ProductTerms(input, output));
        if (_team is null)
        {
            PanelWork.Run(weights, 0, step, product, finish);
        }
        else
        {
            lock (_oneCaller)
            {
                _panels.Set(weights, step, product, finish);
                _team.Run(_panels);
            }
        }

        weights.TurnRound();
        owed?.CountStep(previousInput, input);
    }

    /// <summary>
    /// into = left · weights, for one example and weights in panels: the bits are those of the product with the same weights in lines.
    /// </summary>
    /// <param name="left">1 × outputs, row-major.</param>
    /// <param name="weights">inputs × outputs, cut for as many threads as there are.</param>
    /// <param name="into">1 × inputs, row-major; not the memory of the left factor.</param>
    internal void ProductBack(Matrix left, Panels weights, Matrix into)
    {
        Debug.Assert(weights.Parts == Threads && left.Rows == 1 && left.Order == MatrixOrder.RowMajor && into.Order == MatrixOrder.RowMajor && !into.MayOverlap(left));
        lock (_oneCaller)
        {
            _backward.Set(left, weights, into);
            if (_team is null)
            {
                _backward.Run(0, 1);
            }
            else
            {
                _team.Run(_backward);
            }
        }
    }

    /// <summary>Multiplies every line of the weights with what is kept as often as it owes; then none owes anything.</summary>
    /// <param name="weights">inputs × outputs, row-major.</param>
    /// <param name="kept">What the steps that are owed keep of every weight.</param>
    /// <param name="owed">How often each line owes.</param>
    internal void Settle(Matrix weights, float kept, OwedDecay owed)
    {
        OneExample(weights, StepTerms.None with { Kept = kept, Owed = owed }, ProductTerms.None, finish: null);
        owed.Clear();
    }

    /// <summary>
    /// Ends the threads. Networks that use it go on, on the caller's thread alone and with the same bits. With one thread there is
    /// nothing to end.
    /// </summary>
    public void Dispose()
    {
        _team?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A product into a row-major matrix.</summary>
    private void IntoRows(in Matrix left, in Matrix right, in Matrix into, in ChainTerms chains)
    {
        if (right.Order == MatrixOrder.ColumnMajor)
        {
            Debug.Assert(chains.Accumulate || chains.Begin.Rows == 0);
            ThroughColumns(left, right, into, chains.Accumulate);
        }
        else
        {
            Share(left, right, into, chains);
        }
    }

    /// <summary>
    /// The product with a column-major right factor. For few rows it reads the factor's columns as they lie. For more, something must be
    /// copied: the factor, or, if they are smaller, the left factor and the result of the transposed product, in which this factor is on
    /// the left and may lie either way.
    /// </summary>
    private void ThroughColumns(in Matrix left, in Matrix right, in Matrix into, bool accumulate)
    {
        if (left.Order == MatrixOrder.RowMajor && left.Rows < EnoughRowsToTranspose)
        {
            ShareColumns(left, right, into, accumulate);
            return;
        }

        lock (_oneCaller)
        {
            if ((long)right.Rows * right.Columns <= (long)left.Rows * (left.Columns + right.Columns))
            {
                var rowMajor = _factors.Take(right.Rows, right.Columns);
                CopyTransposed(right.Transposed, rowMajor);
                Share(left, rowMajor, into, new(accumulate));
                return;
            }

            var leftTransposed = _factors.Take(left.Columns, left.Rows);
            CopyTransposed(left, leftTransposed);
            var result = _results.Take(into.Columns, into.Rows);
            if (accumulate)
            {
                CopyTransposed(into, result);
            }

            Share(right.Transposed, leftTransposed, result, new(accumulate));
            CopyTransposed(result, into);
        }
    }

    private void ShareColumns(in Matrix left, in Matrix right, in Matrix into, bool accumulate)
    {
        if (_team is null || (long)right.Rows * right.Columns < StepWorthSharing)
        {
            ColumnKernel.Run(left, right, into, accumulate, new(0, into.Columns));
            return;
        }

        lock (_oneCaller)
        {
            _columns.Set(left, right, into, accumulate);
            _team.Run(_columns);
        }
    }

    private void CopyTransposed(Matrix source, Matrix target)
    {
        if (source.Order == MatrixOrder.ColumnMajor)
        {
            target.CopyFrom(source.Transposed);
        }
        else if (_team is null || (long)source.Rows * source.Columns < TranspositionWorthSharing)
        {
            Transposition.Copy(source, target);
        }
        else
        {
            _transpositions.Set(source, target);
            _team.Run(_transpositions);
        }
    }

    private void Share(in Matrix left, in Matrix right, in Matrix into, in ChainTerms chains)
    {
        // One example: its input times the weights, or an error times feedback weights.
        if (left.Rows == 1)
        {
            if (chains.Begin.Rows != 0)
            {
                chains.Begin.PaddedLine(0).CopyTo(into.PaddedLine(0));
            }
            else if (!chains.Accumulate)
            {
                into.PaddedLine(0).Clear();
            }

            OneExample(right, StepTerms.None, new(left, into), chains.Finish);
            return;
        }

        // One example's gradient, added straight into the weights.
        if (left.Columns == 1 && chains.Accumulate && chains.Finish is null)
        {
            OneExample(into, new(1, left.Transposed, right), ProductTerms.None, finish: null);
            return;
        }

        if (_team is null || (long)left.Rows * left.Columns * right.Columns < WorthSharing)
        {
            ProductWork.RunAll(left, right, into, chains);
            return;
        }

        lock (_oneCaller)
        {
            _work.Set(left, right, into, chains);
            _team.Run(_work);
        }
    }

    private void OneExample(in Matrix weights, in StepTerms step, in ProductTerms product, Finish? finish)
    {
        var worthSharing = step.Owed is not null || (step.Exist && product.Exist) ? StepWorthSharing : WorthSharing;
        if (_team is null || (long)weights.Rows * weights.Columns < worthSharing)
        {
            StepWork.Run(weights, step, product, finish, new(0, weights.Columns));
            return;
        }

        lock (_oneCaller)
        {
            _steps.Set(weights, step, product, finish);
            _team.Run(_steps);
        }
    }
}
