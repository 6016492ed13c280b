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
/// <param name="values">The numbers; those of missing connections become 0.</param>
/// <param name="connections">Of the numbers' shape: &gt; 0 where there is a connection, 0 where there is none. Null: all are there.</param>
/// <exception cref="ArgumentException">The connections have another shape.</exception>
public sealed class Parameter(string name, ParameterKind kind, Matrix values, Matrix? connections = null)
{
    private readonly Lock _oneStepper = new();
    private PendingStep? _step;
    private volatile bool _isBehind;

    /// <summary>Name in files and messages, e.g. <c>hidden1.weights</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What it is to its layer.</summary>
    public ParameterKind Kind { get; } = kind;

    /// <summary>
    /// &gt; 0 where there is a connection, 0 where there is none and the number stays 0; of the numbers' shape and order. Null: none is
    /// missing.
    /// </summary>
    public Matrix? Connections { get; } = Missing(connections, values);

    /// <summary>
    /// The numbers: outputs × inputs for weights, 1 × outputs for biases. Ask for them anew after every step: steps and decay may be put
    /// off until somebody asks. Several threads may ask at once. Who writes them leaves those of missing connections at 0.
    /// </summary>
    public Matrix Values
    {
        get
        {
            CatchUp();
            return values;
        }
    }

    /// <summary>Number of rows, which asks for no values.</summary>
    public int Rows => values.Rows;

    /// <summary>Number of columns, which asks for no values.</summary>
    public int Columns => values.Columns;

    /// <summary>Draws the numbers: of each connection that there is the one it would have if none were missing.</summary>
    /// <param name="distribution">How.</param>
    /// <param name="random">The stream to draw from.</param>
    public void Draw(WeightDistribution distribution, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        distribution.Draw(Values, random);
        TakeMissingOutOf(values);
    }

    /// <summary>Takes over numbers; those of missing connections stay 0.</summary>
    /// <param name="numbers">Of this shape, in either order.</param>
    /// <exception cref="ArgumentException">The shape is another one.</exception>
    public void Set(Matrix numbers)
    {
        numbers.RequireShape(Rows, Columns, nameof(numbers));
        Values.CopyFrom(numbers);
        TakeMissingOutOf(values);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({values.Shape})";

    internal MatrixOrder Order => values.Order;

    /// <summary>
    /// Its place among the gradients made for it last. A hint, for a step of a tiny network takes less time than a few dictionaries: who
    /// uses it looks whether it holds.
    /// </summary>
    internal int LikelyPlace { get; set; }

    /// <summary>Sets to 0 what a matrix of the numbers' shape and order has where there is no connection.</summary>
    internal void TakeMissingOutOf(Matrix matrix)
    {
        if (Connections is { } present)
        {
            Elementwise.Map(matrix, present, default(KeepConnected));
        }
    }

    /// <summary>Puts a step of one example off until the weights are wanted: w ← kept · w + error ⊗ input. Needs all connections.</summary>
    internal void Postpone(Matrix error, Matrix input, float kept, Compute compute)
    {
        if (_step is { IsSet: true })
        {
            CatchUp();
        }

        _step ??= new PendingStep(values, compute);
        _step.Set(error, input, kept);
        _isBehind = true;
    }

    /// <summary>output ← finish(biases + input · Wᵀ), taking a step that was put off on the way.</summary>
    internal void Multiply(Matrix input, Matrix biases, Matrix output, Finish? finish, Compute compute)
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

        compute.Product(input, Values.Transposed, output, biases, finish);
    }

    /// <summary>
    /// into = error · W. Who asks for no more than this leaves the weights where the walks of one example at a time like them.
    /// </summary>
    internal void MultiplyBack(Matrix error, Matrix into, Compute compute)
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

        compute.Product(error, Values, into);
    }

    /// <summary>The connections in the numbers' order, if any is missing: what is whole shall cost no more than before.</summary>
    private static Matrix? Missing(Matrix? connections, Matrix values)
    {
        if (connections is not { } given)
        {
            return null;
        }

        given.RequireShape(values.Rows, values.Columns, nameof(connections));
        var present = new Matrix(values.Rows, values.Columns, values.Order);
        present.CopyFrom(given);
        for (var row = 0; row < present.Rows; row++)
        {
            for (var column = 0; column < present.Columns; column++)
            {
                if (!(present[row, column] > 0))
                {
                    Elementwise.Map(values, present, default(KeepConnected));
                    return present;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Threads that read at once must see what was put off done once, and whole: the numbers are behind until it has been.
    /// </summary>
    private void CatchUp()
    {
        if (_isBehind)
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
}
