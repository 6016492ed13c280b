using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>The weights that a training will end with, as far as it has come.</summary>
internal sealed class KeptPoint(IReadOnlyList<Parameter> parameters, IReadOnlyList<ModuleBuffer> buffers, KeptWeights which)
{
    private readonly Snapshot? _best = which == KeptWeights.BestOnValidation ? new Snapshot(parameters, buffers) : null;
    private bool _any;

    public long Examples { get; private set; }

    public Evaluation Validation { get; private set; }

    /// <summary>Looks at a new evaluation; its weights are kept if they are the ones wanted.</summary>
    public void Offer(long examples, Evaluation validation)
    {
        if (_best is not null && _any && !validation.IsBetterThan(Validation))
        {
            return;
        }

        (_any, Examples, Validation) = (true, examples, validation);
        _best?.Take();
    }

    public void Restore() => _best?.Restore();

    public void Carry(StateCarrier state)
    {
        _any = state.Carry("kept/any", _any ? 1 : 0) == 1;
        Examples = state.Carry("kept/examples", Examples);
        Validation = new Evaluation(state.Carry("kept/loss", Validation.Loss), state.Carry("kept/error", Validation.Error));
        _best?.Carry(state);
    }
}
