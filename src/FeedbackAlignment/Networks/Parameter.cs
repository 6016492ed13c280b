using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>What a parameter is to its layer.</summary>
public enum ParameterKind
{
    /// <summary>A matrix of connections. Weight decay applies to it.</summary>
    Weights,

    /// <summary>One number per unit, as a matrix of one row. Weight decay does not apply to it.</summary>
    Biases,

    /// <summary>What a normalization multiplies a channel by, as a matrix of one row. Weight decay does not apply to it.</summary>
    Scale,

    /// <summary>What a normalization adds to a channel, as a matrix of one row. Weight decay does not apply to it.</summary>
    Shift,
}

/// <summary>Numbers that an optimizer moves. Fixed feedback weights are not parameters, so no optimizer can reach them.</summary>
public sealed class Parameter : WeightSource
{
    private readonly LearnedNumbers _numbers;

    /// <summary>Makes a parameter of numbers in the caller's memory.</summary>
    /// <param name="name">Name in files and messages, e.g. <c>hidden1.weights</c>.</param>
    /// <param name="kind">What it is to its layer.</param>
    /// <param name="values">The numbers; those of missing connections become 0. From now on they are read by <see cref="Read"/>.</param>
    /// <param name="connections">
    /// Of the numbers' shape: &gt; 0 where there is a connection, 0 where there is none. Null: all are there.
    /// </param>
    /// <exception cref="ArgumentException">The connections have another shape.</exception>
    public Parameter(string name, ParameterKind kind, Matrix values, Matrix? connections = null)
    {
        (Name, Kind, Connections) = (name, kind, Missing(connections, values));
        _numbers = new LearnedNumbers(values);
    }

    /// <summary>Name in files and messages, e.g. <c>hidden1.weights</c>.</summary>
    public string Name { get; }

    /// <summary>What it is to its layer.</summary>
    public ParameterKind Kind { get; }

    /// <summary>
    /// &gt; 0 where there is a connection, 0 where there is none and the number stays 0; of the numbers' shape and order. Null: none is
    /// missing.
    /// </summary>
    public Matrix? Connections { get; }

    /// <inheritdoc/>
    public override int Rows => _numbers.Rows;

    /// <inheritdoc/>
    public override int Columns => _numbers.Columns;

    /// <summary>
    /// The numbers: outputs × inputs for weights, 1 × outputs for biases. Steps and decay may be put off until somebody asks, so ask anew
    /// after every step. Several threads may ask at once. Who writes them leaves those of missing connections at 0.
    /// </summary>
    public override Matrix Read() => _numbers.Read();

    /// <summary>
    /// Draws the numbers: of each connection that there is the one it would have if none were missing. Fan-in and fan-out are the layer's.
    /// </summary>
    /// <param name="distribution">How.</param>
    /// <param name="random">The stream to draw from.</param>
    public void Draw(WeightDistribution distribution, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        distribution.Draw(Read(), random, deviation: null, Fans);
        TakeMissingOutOf(Read());
    }

    /// <summary>Takes over numbers; those of missing connections stay 0.</summary>
    /// <param name="numbers">Of this shape, in either order.</param>
    /// <exception cref="ArgumentException">The shape is another one.</exception>
    public void Set(Matrix numbers)
    {
        numbers.RequireShape(Rows, Columns, nameof(numbers));
        Read().CopyFrom(numbers);
        TakeMissingOutOf(Read());
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Rows} × {Columns})";

    /// <summary>What its initial numbers depend on; null: columns and rows.</summary>
    internal Fans? Fans { get; init; }

    internal MatrixOrder Order => _numbers.Order;

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
    internal void Postpone(in Matrix error, in Matrix input, float kept, Compute compute) => _numbers.Postpone(error, input, kept, compute);

    /// <summary>output = finish(biases + input · Wᵀ), taking a step that was put off on the way.</summary>
    internal void Multiply(in Matrix input, in Matrix biases, in Matrix output, Finish? finish, Compute compute)
        => _numbers.Multiply(input, biases, output, finish, compute);

    /// <inheritdoc/>
    internal override void MultiplyBack(in Matrix error, in Matrix below, Compute compute) => _numbers.MultiplyBack(error, below, compute);

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
}
