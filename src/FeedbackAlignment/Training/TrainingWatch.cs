using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>Evaluates and has measured at the moments the options name, and remembers what came out.</summary>
internal sealed class TrainingWatch(
    Func<DataSet, Evaluation> evaluate, DataSplit data, TrainingLog log, IReadOnlyList<Parameter> parameters,
        IReadOnlyList<ModuleBuffer> buffers,
        TrainingOptions options, Action? prepare)
{
    /// <summary>A loss this many times the one before training, or 1 where that was less, counts as exploded.</summary>
    private const double Explosion = 1e4;

    /// <summary>Without validation examples, so many training examples say what the loss is before training.</summary>
    private const int Few = 256;

    private readonly Moments _evaluate = options.Evaluate ?? Moments.Every(log.TrainExamples);
    private readonly Moments? _measure = options.Measure;
    private readonly Patience? _patience = options.Patience is { } evaluations ? new Patience(evaluations) : null;
    private long _nextEvaluation, _nextMeasure;
    private double _highest;

    public TrainingObserver? Observer { get; set; }

    public KeptPoint Kept { get; } = new(parameters, buffers, options.Keep);

    /// <summary>The look at the network before the first step.</summary>
    public void Begin(float learningRate)
    {
        var point = Evaluate(0, learningRate);
        var first = data.HasValidation ? point.Validation : evaluate(data.Train.Slice(0, Math.Min(Few, data.Train.Count)));

        // Not relative to less than 1: a network that is nearly right to begin with may well meet a hard example.
        _highest = Explosion * Math.Max(1, first.Loss);
        if (_measure is not null)
        {
            Measure(0);
        }
    }

    /// <summary>Looks at the network if it is time to, or the end of a phase.</summary>
    /// <returns>The validation loss, if it has exploded.</returns>
    public double? Look(long examples, float learningRate, bool isEnd)
    {
        if (isEnd || examples >= _nextEvaluation)
        {
            var loss = Evaluate(examples, learningRate).Validation.Loss;
            if (data.HasValidation && HasExploded(loss))
            {
                return loss;
            }
        }

        if (_measure is not null && (isEnd || examples >= _nextMeasure))
        {
            Measure(examples);
        }

        return null;
    }

    /// <summary>The curve ends where the training ended, however it did: what is said of the kept weights is then true of them.</summary>
    public void End(long examples, float learningRate)
    {
        if (examples > log.Curve[^1].Examples)
        {
            Evaluate(examples, learningRate);
        }
    }

    /// <summary>Examples at which it will look again, at the latest.</summary>
    public long NextLook => _measure is null ? _nextEvaluation : Math.Min(_nextEvaluation, _nextMeasure);

    public bool HasExploded(double loss) => !(loss <= _highest);

    /// <summary>Why the training should stop by itself; null: it should not.</summary>
    public string? ReasonToStop => _patience is { IsAtEnd: true } ? _patience.Reason : null;

    /// <param name="state">Where to, or where from.</param>
    /// <param name="examples">Examples learned from until then. All moments to measure until there are past; the next follows.</param>
    public void Carry(StateCarrier state, long examples)
    {
        _nextEvaluation = state.Carry("watch/next-evaluation", _nextEvaluation);
        _nextMeasure = _measure?.After(examples) ?? 0;
        _highest = state.Carry("watch/highest", _highest);
        Kept.Carry(state);
        _patience?.Carry(state);
    }

    private CurvePoint Evaluate(long examples, float learningRate)
    {
        _nextEvaluation = _evaluate.After(examples);
        prepare?.Invoke();
        var evaluation = data.HasValidation ? evaluate(data.Validation) : Evaluation.None;
        var point = log.Point(examples, evaluation, learningRate);
        Kept.Offer(examples, evaluation);
        _patience?.Look(evaluation);
        Observer?.OnEvaluation(point);
        return point;
    }

    private void Measure(long examples)
    {
        _nextMeasure = _measure!.After(examples);
        prepare?.Invoke();
        Observer?.OnMeasure(examples);
    }
}
