using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// How weights connect two sets of units: the geometry without the numbers. Signals go forward through it and errors back, through the
/// numbers of whatever <see cref="WeightSource"/> is given. Backpropagation gives the layer's own weights, feedback alignment fixed random
/// ones.
/// </summary>
public abstract class LinearMap
{
    private protected LinearMap(Shape from, Shape to, int rows, int columns, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        (From, To, Rows, Columns, Compute) = (from, to, rows, columns, compute);
    }

    /// <summary>What kind of map it is, in checkpoints.</summary>
    internal abstract string Kind { get; }

    /// <summary>The shape of one example's inputs.</summary>
    public Shape From { get; }

    /// <summary>The shape of one example's outputs.</summary>
    public Shape To { get; }

    /// <summary>Rows of the weight matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of the weight matrix.</summary>
    public int Columns { get; }

    /// <summary>Inputs that an output sees, where no connection is missing.</summary>
    public virtual int FanIn => Columns;

    /// <summary>Outputs that an input is seen by, where no connection is missing and the picture does not end.</summary>
    public virtual int FanOut => Rows;

    /// <summary>Does the products.</summary>
    internal Compute Compute { get; }

    /// <summary>below = the error at the inputs, as it comes back through the given weights.</summary>
    /// <param name="error">batch × outputs.</param>
    /// <param name="through">The weights to send the error through, of this map's shape.</param>
    /// <param name="below">batch × inputs; receives the error, all of it.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public abstract void Backward(in Matrix error, WeightSource through, in Matrix below);

    /// <summary>output = finish(W input + biases).</summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="weights">The weights, of this map's shape.</param>
    /// <param name="biases">1 × rows.</param>
    /// <param name="output">batch × outputs; receives the result.</param>
    /// <param name="finish">What to apply to the result; null: nothing.</param>
    internal abstract void Forward(in Matrix input, Parameter weights, in Matrix biases, in Matrix output, Finish? finish);

    /// <summary>output = W input, without biases.</summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="weights">Of this map's shape.</param>
    /// <param name="output">batch × outputs; receives the result.</param>
    internal abstract void Apply(Matrix input, Matrix weights, Matrix output);

    /// <summary>
    /// into += the sum over the examples of response ⊗ input; of what uses a weight at several positions, the mean over those that lie
    /// inside the picture.
    /// </summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="response">batch × outputs.</param>
    /// <param name="into">Of the weights' shape.</param>
    internal abstract void AddCorrelation(Matrix input, Matrix response, Matrix into);

    /// <summary>A map of this kind from the same inputs with other rows.</summary>
    /// <param name="rows">Rows of its weight matrix.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal abstract LinearMap Widened(int rows);

    /// <summary>A map that leads to these outputs at every position on its own.</summary>
    /// <param name="inputs">Numbers at a position that it takes.</param>
    internal abstract LinearMap AtEachPosition(int inputs);

    /// <summary>The mean over the examples of each one's gradient, which is summed over its positions.</summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="error">batch × outputs: the local error.</param>
    /// <param name="into">The gradient of the weights; receives it.</param>
    internal abstract void Gradient(in Matrix input, in Matrix error, Gradient into);

    /// <summary>The mean over the examples of each one's gradient of the biases, which is summed over its positions.</summary>
    /// <param name="error">batch × outputs: the local error.</param>
    /// <param name="into">The gradient of the biases; receives it.</param>
    internal virtual void BiasGradient(in Matrix error, Gradient into) => into.SetMean(error);
}
