using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Feedback weights: what carries an error to a hidden layer, or to the inputs.</summary>
/// <param name="From">Index of the layer the error comes from (the layer above, or the output layer for direct feedback).</param>
/// <param name="To">Index of the hidden layer it goes to; −1: it goes to the network's inputs.</param>
/// <param name="Weights">units of <paramref name="From"/> × units of <paramref name="To"/>.</param>
public sealed record FeedbackPath(int From, int To, Matrix Weights)
{
    /// <summary>A path whose weights are drawn when they are asked for.</summary>
    /// <param name="from">Index of the layer the error comes from.</param>
    /// <param name="to">Index of the hidden layer it goes to.</param>
    /// <param name="drawn">units of <paramref name="from"/> × units of <paramref name="to"/>.</param>
    internal FeedbackPath(int from, int to, DrawnMatrix drawn)
        : this(from, to, default(Matrix))
        => Drawn = drawn;

    /// <summary>units of <see cref="From"/> × units of <see cref="To"/>. Where they are regenerated, a new matrix every time.</summary>
    public Matrix Weights
    {
        get
        {
            if (Drawn is not { } drawn)
            {
                return field;
            }

            var weights = new Matrix(drawn.Rows, drawn.Columns);
            drawn.Draw(weights);
            return weights;
        }
        init;
    } = Weights;

    /// <summary>
    /// Whether the weights take no memory, for they are drawn wherever an error goes through them
    /// (<see cref="FeedbackOptions.Regenerate"/>).
    /// </summary>
    public bool IsRegenerated => Drawn is not null;

    private DrawnMatrix? Drawn { get; }
}
