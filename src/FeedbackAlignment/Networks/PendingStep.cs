using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A step that has been decided but not yet taken: w ← kept · w + error ⊗ input. When one example at a time is learned, a step and the next
/// forward product walk over the same weights; put off until then, both are one walk.
/// </summary>
/// <remarks>
/// The decay of lines that a step does not touch otherwise is put off further. It is owed under one kept share; a step with another one
/// settles first. The first step after settling touches all lines: where everybody asks for the weights at every step, or the share
/// changes at every step, putting off would make two walks of one.
/// </remarks>
internal sealed class PendingStep
{
    /// <summary>So many steps may be owed: who asks for the weights does not wait long, and counts stay small.</summary>
    private const int MostOwed = 1024;

    /// <summary>With fewer outputs there are too few multiplications side by side to be faster than memory.</summary>
    private const int FewestOutputs = 128;

    /// <summary>Fewer weights stay in a cache of each processor, and are not worth another layout.</summary>
    private const int WorthFolding = 1 << 16;

    /// <summary>
    /// After so many walks that nobody interrupted, weights are folded: folding and unfolding takes as long as a few walks.
    /// </summary>
    private const int LeastPatience = 32, MostPatience = 1 << 20;

    private readonly Matrix _error, _input;
    private readonly OwedDecay _owed;
    private readonly Compute _compute;
    private readonly Matrix _weights;
    private float _kept;

    // The share under which decay may be owed; 1: none may.
    private float _owedKept = 1;
    private int _owedSteps;

    // Null where weights are too few for another layout.
    private readonly Panels? _panels;
    private int _walks, _patience = LeastPatience;

    /// <param name="weights">outputs × inputs, column-major: what to change.</param>
    /// <param name="compute">Does the arithmetic.</param>
    public PendingStep(Matrix weights, Compute compute)
    {
        (_weights, _compute) = (weights, compute);
        (_error, _input) = (new Matrix(1, weights.Rows), new Matrix(1, weights.Columns));
        _owed = new OwedDecay(weights.Columns);
        if (weights.Rows >= FewestOutputs && (long)weights.Rows * weights.Columns >= WorthFolding)
        {
            _panels = new Panels(weights.Transposed, compute.Threads);
        }
    }

    /// <summary>Whether there is a step.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Whether the weights must not be read before <see cref="Take"/>.</summary>
    public bool IsBehind => IsSet || _owedKept != 1 || _panels is { AreFolded: true };

    /// <summary>Remembers a step; there must be none yet. Decay may be owed.</summary>
    /// <param name="error">1 × outputs, times minus the learning rate.</param>
    /// <param name="input">1 × inputs.</param>
    /// <param name="kept">What is kept of every weight: 1 minus the decay.</param>
    public void Set(Matrix error, Matrix input, float kept)
    {
        error.PaddedLine(0).CopyTo(_error.PaddedLine(0));
        input.PaddedLine(0).CopyTo(_input.PaddedLine(0));
        _kept = kept;
        IsSet = true;
    }

    /// <summary>Takes the step, if there is one, and what is owed before it.</summary>
    public void Take()
    {
        Unfold();
        Settle();
        if (!IsSet)
        {
            return;
        }

        IsSet = false;
        if (_kept != 1)
        {
            Elementwise.Map(_weights, new Scale(_kept));
        }

        _compute.Product(_error.Transposed, _input, _weights, accumulate: true);
    }

    /// <summary>
    /// Takes the step and adds input · Wᵀ to the output, in one walk over the weights; the same bits as one after the other. Afterwards
    /// lines may owe their decay.
    /// </summary>
    /// <param name="input">1 × inputs.</param>
    /// <param name="output">1 × outputs.</param>
    /// <param name="finish">What to do with the finished output; null: nothing.</param>
    public void TakeAndMultiply(Matrix input, Matrix output, Finish? finish)
    {
        if (_kept != _owedKept || _owedSteps == MostOwed)
        {
            Settle();
        }

        FoldIfWorthIt(input);
        var mayOwe = _kept != 1 && _kept == _owedKept && (_owedSteps != 0 || OwedDecay.IsWorthIt(_input, input));
        var owed = mayOwe ? _owed : null;
        if (_panels is { AreFolded: true } panels)
        {
            _compute.StepAndProduct(panels, _kept, _input, _error, input, output, finish, owed);
        }
        else
        {
            _compute.StepAndProduct(_weights.Transposed, _kept, _input, _error, input, output, finish, owed);
        }

        _owedSteps += mayOwe ? 1 : 0;
        _owedKept = _weights.Rows < FewestOutputs ? 1 : _kept;
        IsSet = false;
    }

    /// <summary>
    /// into = error · W where the weights are in panels and lack nothing; otherwise does nothing, and the weights must be asked for.
    /// </summary>
    /// <param name="error">1 × outputs, row-major.</param>
    /// <param name="into">1 × inputs, row-major.</param>
    /// <returns>Whether it was done.</returns>
    public bool TryMultiplyBack(Matrix error, Matrix into)
    {
        if (IsSet || _owedSteps != 0 || _panels is not { AreFolded: true } panels)
        {
            return false;
        }

        _compute.ProductBack(error, panels, into);
        return true;
    }

    private void Settle()
    {
        if (_owedSteps != 0)
        {
            Unfold();
            _compute.Settle(_weights.Transposed, _owedKept, _owed);
            _owedSteps = 0;
        }

        _owedKept = 1;
    }

    private void FoldIfWorthIt(Matrix input)
    {
        _walks++;
        if (_panels is not { AreFolded: false } panels || _walks < _patience)
        {
            return;
        }

        // A thread that is alone leaves out the lines of inputs that are 0 faster where lines are whole.
        if (_compute.Threads > 1 || !OwedDecay.IsWorthIt(_input, input))
        {
            panels.Fold();
        }

        _walks = 0;
    }

    private void Unfold()
    {
        if (_panels is { AreFolded: true } panels)
        {
            panels.Unfold();
            _patience = _walks < _patience ? Math.Min(2 * _patience, MostPatience) : LeastPatience;
        }

        _walks = 0;
    }
}
