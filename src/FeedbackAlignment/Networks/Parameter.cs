using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>What a parameter is to its layer.</summary>
public enum ParameterKind
{
    /// <summary>A matrix of connections. Weight decay applies to it.</summary>
    Weights,

    /// <summary>One number per unit, as a matrix of one row. Weight decay does not apply to it.</summary>
    Biases,
}

/// <summary>Numbers that an optimizer moves. Fixed feedback weights are not parameters, so no optimizer can reach them.</summary>
/// <param name="name">Name in files and messages, e.g. <c>hidden1.weights</c>.</param>
/// <param name="kind">What it is to its layer.</param>
/// <param name="values">The numbers.</param>
public sealed class Parameter(string name, ParameterKind kind, Matrix values)
{
    private readonly Lock _oneStepper = new();
    private PendingStep? _step;
    private volatile bool _isPending;

    /// <summary>Name in files and messages, e.g. <c>hidden1.weights</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What it is to its layer.</summary>
    public ParameterKind Kind { get; } = kind;

    /// <summary>
    /// The numbers: outputs × inputs for weights, 1 × outputs for biases. Ask for them anew after every step: a step may be put off until
    /// somebody asks. Several threads may ask at once.
    /// </summary>
    public Matrix Values
    {
        get
        {
            TakePending();
            return values;
        }
    }

    /// <summary>Number of rows, which asks for no values.</summary>
    public int Rows => values.Rows;

    /// <summary>Number of columns, which asks for no values.</summary>
    public int Columns => values.Columns;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({values.Shape})";

    internal MatrixOrder Order => values.Order;

    /// <summary>Puts a step of one example off until the weights are wanted: w ← kept · w + error ⊗ input.</summary>
    internal void Postpone(Matrix error, Matrix input, float kept, Compute compute)
    {
        TakePending();
        _step ??= new PendingStep(values, compute);
        _step.Set(error, input, kept);
        _isPending = true;
    }

    /// <summary>output ← finish(output + input · Wᵀ), taking a step that was put off on the way.</summary>
    internal void Multiply(Matrix input, Matrix output, Finish? finish, Compute compute)
    {
        // The one walk reads the input as a line of memory.
        if (_isPending && input.Rows == 1 && input.Order == MatrixOrder.RowMajor)
        {
            lock (_oneStepper)
            {
                if (_isPending)
                {
                    _step!.TakeAndMultiply(input, output, finish);
                    _isPending = false;
                    return;
                }
            }
        }

        compute.Product(input, Values.Transposed, output, accumulate: true, finish);
    }

    /// <summary>Threads that read at once must see the step taken once, and whole: it is pending until it has been.</summary>
    private void TakePending()
    {
        if (_isPending)
        {
            lock (_oneStepper)
            {
                if (_isPending)
                {
                    _step!.Take();
                    _isPending = false;
                }
            }
        }
    }
}
