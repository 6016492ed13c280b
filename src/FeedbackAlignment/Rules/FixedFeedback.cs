using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Fixed random feedback from one layer to the one below: a matrix, or one that is drawn again wherever an error goes through it. The
/// bits are the same.
/// </summary>
internal sealed class FixedFeedback
{
    private readonly Matrix _kept;
    private readonly DrawnMatrix? _drawn;

    /// <param name="kept">units above × units below.</param>
    public FixedFeedback(Matrix kept) => _kept = kept;

    /// <param name="drawn">units above × units below.</param>
    public FixedFeedback(DrawnMatrix drawn) => _drawn = drawn;

    /// <summary>below = error · B.</summary>
    /// <param name="layer">The layer that the error stands above.</param>
    /// <param name="error">batch × units above.</param>
    /// <param name="below">batch × units below; receives the error there.</param>
    public void Backward(WeightedLayer layer, Matrix error, Matrix below)
    {
        if (_drawn is { } drawn)
        {
            layer.Backward(error, through: drawn, below);
        }
        else
        {
            layer.Backward(error, through: _kept, below);
        }
    }

    /// <summary>The path of an error through it.</summary>
    /// <param name="from">Index of the layer the error comes from.</param>
    /// <param name="to">Index of the hidden layer it goes to.</param>
    public FeedbackPath Path(int from, int to) => _drawn is { } drawn ? new(from, to, drawn) : new(from, to, _kept);
}
