using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>
/// The one training loop, for all rules: batch, gradients, step. It evaluates on the validation examples as it goes, keeps the weights it
/// was told to keep, and looks at the test examples once, at the end.
/// </summary>
public sealed class Trainer
{
    /// <summary>A loss this many times the one before training, or 1 where that was less, counts as exploded.</summary>
    private const double Explosion = 1e4;

    private readonly LearningRule _rule;
    private readonly Optimizer _optimizer;
    private readonly DataSplit _data;
    private readonly TrainingOptions _options;
    private readonly Evaluator _evaluator;
    private readonly Gradients _gradients;
    private readonly ExampleOrder _order;
    private readonly TrainingLog _log;

    /// <summary>Prepares a training.</summary>
    /// <param name="rule">How the network finds out which way to change.</param>
    /// <param name="optimizer">How a gradient becomes a step; made for the rule's <see cref="LearningRule.LearnedParameters"/>.</param>
    /// <param name="data">Examples of the network's widths.</param>
    /// <param name="options">How long, and in what portions.</param>
    /// <param name="streams">The run's random numbers; the order of examples has a stream of its own.</param>
    /// <exception cref="ArgumentException">The data do not fit the network, or an option is out of range.</exception>
    public Trainer(LearningRule rule, Optimizer optimizer, DataSplit data, TrainingOptions options, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Examples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        if (options.BatchSize > rule.MaxBatch)
        {
            throw new ArgumentException($"the batch size is {options.BatchSize}, must be at most {rule.MaxBatch}, what the rule was set up for", nameof(options));
        }

        if (rule.LearnedParameters.Except(optimizer.Parameters).FirstOrDefault() is { } forgotten)
        {
            throw new ArgumentException($"the optimizer does not move {forgotten}; make it for the rule's {nameof(rule.LearnedParameters)}", nameof(optimizer));
        }

        foreach (var set in (ReadOnlySpan<DataSet>)[data.Train, data.Validation, data.Test])
        {
            set.Inputs.RequireShape(set.Count, rule.Network.Inputs, nameof(data));
            set.Targets.RequireShape(set.Count, rule.Network.Outputs, nameof(data));
        }

        (_rule, _optimizer, _data, _options) = (rule, optimizer, data, options);
        _evaluator = new Evaluator(rule.Network, rule.Loss);
        _gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        _order = new ExampleOrder(data.Train, options.BatchSize, streams.Stream(RandomStreams.Order));
        _log = new TrainingLog(data.Train.Count);
    }

    /// <summary>Trains. Can be called once.</summary>
    /// <param name="observer">Watches; null: nobody.</param>
    /// <param name="cancellation">Stops the training between two steps; the result then says so.</param>
    /// <returns>What came out. A loss that explodes or is no number ends the training as diverged; it is not an exception.</returns>
    /// <exception cref="InvalidOperationException">It has been called before.</exception>
    public TrainingResult Run(TrainingObserver? observer = null, CancellationToken cancellation = default)
    {
        if (_log.Curve.Count > 0)
        {
            throw new InvalidOperationException("this training has been run; make another trainer to train on");
        }

        var kept = new KeptPoint(_rule.LearnedParameters, _options.Keep);
        var evaluate = _options.Evaluate ?? Moments.Every(_data.Train.Count);
        var nextEvaluation = evaluate.After(0);
        var nextMeasure = _options.Measure?.After(0) ?? long.MaxValue;
        var learningRate = _options.LearningRate.At(0, (int)Math.Min(_options.BatchSize, _options.Examples));
        var point = EvaluateNow(0, learningRate, kept, observer);
        if (_options.Measure is not null)
        {
            observer?.OnMeasure(0);
        }

        // Not relative to less than 1: a network that is nearly right to begin with may well meet a hard example.
        var highest = Explosion * Math.Max(1, point.Validation.Loss);
        var (status, reason) = (TrainingStatus.Completed, default(string));
        var examples = 0L;
        while (examples < _options.Examples)
        {
            if (cancellation.IsCancellationRequested)
            {
                (status, reason) = (TrainingStatus.Cancelled, $"stopped after {examples} of {_options.Examples} examples");
                break;
            }

            var batch = _order.Next((int)Math.Min(_options.BatchSize, _options.Examples - examples));
            learningRate = _options.LearningRate.At(examples, batch.Count);
            var loss = _rule.EstimateGradients(batch, _gradients);
            _optimizer.Step(_gradients, learningRate);
            examples += batch.Count;
            _log.Add(loss, batch.Count);
            observer?.OnStep(new TrainingProgress(examples, _options.Examples, loss));
            if (!(loss <= highest))
            {
                (status, reason) = (TrainingStatus.Diverged, $"the loss was {loss:g4} after {examples} examples");
                break;
            }

            var isEnd = examples >= _options.Examples;
            if (isEnd || examples >= nextEvaluation)
            {
                nextEvaluation = evaluate.After(examples);
                point = EvaluateNow(examples, learningRate, kept, observer);
                if (!(point.Validation.Loss <= highest))
                {
                    (status, reason) = (TrainingStatus.Diverged, $"the validation loss was {point.Validation.Loss:g4} after {examples} examples");
                    break;
                }
            }

            if (_options.Measure is not null && (isEnd || examples >= nextMeasure))
            {
                nextMeasure = _options.Measure.After(examples);
                observer?.OnMeasure(examples);
            }
        }

        // The curve ends where the training ended, however it did: what is said of the kept weights is then true of them.
        if (examples > point.Examples)
        {
            EvaluateNow(examples, learningRate, kept, observer);
        }

        return Finish(status, reason, examples, kept);
    }

    private CurvePoint EvaluateNow(long examples, float learningRate, KeptPoint kept, TrainingObserver? observer)
    {
        var validation = _evaluator.Evaluate(_data.Validation);
        var point = _log.Point(examples, validation, learningRate);
        kept.Offer(examples, validation);
        observer?.OnEvaluation(point);
        return point;
    }

    private TrainingResult Finish(TrainingStatus status, string? reason, long examples, KeptPoint kept)
    {
        kept.Restore();
        return new TrainingResult
        {
            Status = status,
            Reason = reason,
            Examples = examples,
            Epochs = (double)examples / _data.Train.Count,
            TrainLoss = _log.LastPassLoss,
            Validation = kept.Validation,
            Test = status == TrainingStatus.Completed ? _evaluator.Evaluate(_data.Test) : null,
            KeptAtExamples = kept.Examples,
            Curve = _log.Curve,
        };
    }
}
