using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A step that has been decided but not yet taken: w ← kept · w + error ⊗ input. When one example at a time is learned, a step and the next
/// forward product walk over the same weights; put off until then, both are one walk.
/// </summary>
internal sealed class PendingStep
{
    private readonly Matrix _error, _input;
    private readonly Compute _compute;
    private readonly Matrix _weights;
    private float _kept;

    /// <param name="weights">outputs × inputs, column-major: what to change.</param>
    /// <param name="compute">Does the arithmetic.</param>
    public PendingStep(Matrix weights, Compute compute)
    {
        (_weights, _compute) = (weights, compute);
        (_error, _input) = (new Matrix(1, weights.Rows), new Matrix(1, weights.Columns));
    }

    /// <summary>Remembers a step; there must be none yet.</summary>
    /// <param name="error">1 × outputs, times minus the learning rate.</param>
    /// <param name="input">1 × inputs.</param>
    /// <param name="kept">What is kept of every weight: 1 minus the decay.</param>
    public void Set(Matrix error, Matrix input, float kept)
    {
        error.PaddedLine(0).CopyTo(_error.PaddedLine(0));
        input.PaddedLine(0).CopyTo(_input.PaddedLine(0));
        _kept = kept;
    }

    /// <summary>Takes the step.</summary>
    public void Take()
    {
        if (_kept != 1)
        {
            Elementwise.Map(_weights, new Scale(_kept));
        }

        _compute.Product(_error.Transposed, _input, _weights, accumulate: true);
    }

    /// <summary>Takes the step and adds input · Wᵀ to the output, in one walk over the weights; the same bits as one after the other.</summary>
    /// <param name="input">1 × inputs.</param>
    /// <param name="output">1 × outputs.</param>
    /// <param name="finish">What to do with the finished output; null: nothing.</param>
    public void TakeAndMultiply(Matrix input, Matrix output, Finish? finish)
        => _compute.StepAndProduct(_weights.Transposed, _kept, _input, _error, input, output, finish);
}
