using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The numbers of a parameter, and the step that may have been put off until they are needed (<see cref="PendingStep"/>). It alone knows
/// whether they are behind.
/// </summary>
/// <param name="values">The numbers; no one else may read them while they are behind.</param>
internal sealed class LearnedNumbers(Matrix values)
{
    private readonly Lock _oneStepper = new();
    private PendingStep? _step;
    private volatile bool _isBehind;

    public int Rows => values.Rows;

    public int Columns => values.Columns;

    public MatrixOrder Order => values.Order;

    /// <summary>
    /// The numbers, up to date. Threads that read at once must see what was put off done once, and whole: the numbers are behind until it
    /// has been.
    /// </summary>
    public Matrix Read()
    {
        if (_isBehind)
        {
            CatchUp();
        }

        return values;
    }

    /// <summary>Puts a step of one example off until the numbers are wanted: w ← kept · w + error ⊗ input.</summary>
    public void Postpone(in Matrix error, in Matrix input, float kept, Compute compute)
    {
        if (_step is { IsSet: true })
        {
            Read();
        }

        _step ??= new PendingStep(values, compute);
        _step.Set(error, input, kept);
        _isBehind = true;
    }

    /// <summary>output ← finish(biases + input · Wᵀ), taking a step that was put off on the way.</summary>
    public void Multiply(in Matrix input, in Matrix biases, in Matrix output, Finish? finish, Compute compute)
    {
        // The one walk reads the input as a line of memory.
        if (_isBehind && input.Rows == 1 && input.Order == MatrixOrder.RowMajor)
        {
            lock (_oneStepper)
            {
                if (_step!.IsSet)
                {
                    biases.PaddedLine(0).CopyTo(output.PaddedLine(0));
                    _step.TakeAndMultiply(input, output, finish);
                    _isBehind = _step.IsBehind;
                    return;
                }
            }
        }

        compute.Product(input, Read().Transposed, output, biases, finish);
    }

    /// <summary>
    /// into = error · W. Who asks for no more than this leaves the numbers where the walks of one example at a time like them.
    /// </summary>
    public void MultiplyBack(in Matrix error, in Matrix into, Compute compute)
    {
        var isOneError = error.Rows == 1 && error.Columns == Rows && error.Order == MatrixOrder.RowMajor;
        var hasRoom = into.Rows == 1 && into.Columns == Columns && into.Order == MatrixOrder.RowMajor && !into.MayOverlap(error);
        if (_isBehind && isOneError && hasRoom)
        {
            lock (_oneStepper)
            {
                if (_step!.TryMultiplyBack(error, into))
                {
                    return;
                }
            }
        }

        compute.Product(error, Read(), into);
    }

    private void CatchUp()
    {
        lock (_oneStepper)
        {
            if (_isBehind)
            {
                _step!.Take();
                _isBehind = false;
            }
        }
    }
}
