using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>Counts evaluations that were no better than the best, whichever weights are kept.</summary>
/// <param name="evaluations">How many in a row end the training.</param>
internal sealed class Patience(int evaluations)
{
    private Evaluation _best = Evaluation.None;
    private int _worse;

    public bool IsAtEnd => _worse >= evaluations;

    public string Reason => $"{evaluations} evaluations in a row were no better on the validation examples";

    public void Look(Evaluation validation)
    {
        var isBetter = validation.IsBetterThan(_best);
        (_best, _worse) = isBetter ? (validation, 0) : (_best, _worse + 1);
    }

    public void Carry(StateCarrier state)
    {
        _best = new Evaluation(state.Carry("patience/loss", _best.Loss), state.Carry("patience/error", _best.Error));
        _worse = (int)state.Carry("patience/worse", _worse);
        state.Require(_worse >= 0 && _worse < evaluations, $"a training that waits for {evaluations} evaluations has waited for fewer");
    }
}
