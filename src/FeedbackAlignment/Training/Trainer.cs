using System.Runtime.InteropServices;
using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>
/// The one training loop, for all rules and phases: batch, gradients, step. It evaluates on the validation examples as it goes, keeps the
/// weights it was told to keep, and looks at the test examples once, at the end.
/// </summary>
public sealed class Trainer
{
    private readonly IReadOnlyList<Parameter> _learned;
    private readonly IReadOnlyList<LearningRule> _rules;
    private readonly Network _network;
    private readonly Optimizer _optimizer;
    private readonly DataSplit _data;
    private readonly TrainingOptions _options;
    private readonly Evaluator _evaluator;
    private readonly Gradients _gradients;
    private readonly GradientClipping? _clipping;
    private readonly BatchGroups? _groups;
    private readonly IRanks? _ranks;
    private readonly LayerPipeline? _pipeline;
    private readonly Action<double[]>? _share;
    private readonly PhasePlan[] _phases;
    private readonly ExampleOrder _order;
    private readonly TrainingLog _log;
    private readonly TrainingWatch _watch;
    private readonly Lazy<string> _identity;
    private readonly Ahead? _ahead;
    private bool _hasBegun, _isHalfRestored;
    private long _examples, _savedAt = -1;
    private float _learningRate;
    private double _norm;

    /// <summary>Prepares a training.</summary>
    /// <param name="rule">How the network finds out which way to change, where a phase does not say it.</param>
    /// <param name="optimizer">
    /// How a gradient becomes a step; made for the <see cref="LearningRule.LearnedParameters"/> of the rule and of all phases' rules.
    /// </param>
    /// <param name="data">Examples of the network's widths.</param>
    /// <param name="options">How long, and in what portions.</param>
    /// <param name="streams">The run's random numbers; the order of examples has a stream of its own.</param>
    /// <exception cref="ArgumentException">
    /// The data do not fit the network, an option is out of range, or phases do not fit each other.
    /// </exception>
    public Trainer(LearningRule rule, Optimizer optimizer, DataSplit data, TrainingOptions options, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Examples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        PhasePlan.Require(rule, options);
        _learned = PhasePlan.Learned(rule, options);
        if (_learned.Except(optimizer.Parameters).FirstOrDefault() is { } forgotten)
        {
            throw new ArgumentException($"the optimizer does not move {forgotten}; make it for the rule's {nameof(rule.LearnedParameters)}", nameof(optimizer));
        }

        TrainerChecks.Require(data, rule.Network, rule.Loss);
        TrainerChecks.Require(options, data);
        TrainerChecks.Require(options, data, rule.Network);
        LearningRule[] rules = [.. (options.Phases ?? []).Select(phase => phase.Rule).Prepend(rule).Distinct()];
        GroupChecks.Require(options, rules);
        (_network, _optimizer, _data, _options) = (rule.Network, optimizer, data, options);
        _evaluator = new Evaluator(rule.Network, rule.Loss.ForEvaluation);
        _gradients = new Gradients(_learned, rule.Network.Compute);
        _clipping = options.ClipNorm is { } limit ? new GradientClipping(rule.Network.Parameters, limit) : null;
        _phases = PhasePlan.Of(rule, options, _gradients);
        _order = new ExampleOrder(
            data.Train, options.BatchSize, streams.Stream(RandomStreams.Order), options.Augmentation?.Of(data.Train, streams));
        _log = new TrainingLog(data.Train.Count);
        _rules = rules;
        _ranks = options.Ranks is { Size: > 1 } ranks ? ranks : null;
        _pipeline = _ranks is null || options.Parallel == Parallelism.Batches ? null
            : new LayerPipeline(options, rules, optimizer, _learned);
        _share = _pipeline is null ? null : _pipeline.Share;
        _ahead = _pipeline is { IsFree: true } ? new Ahead() : null;
        _watch = new TrainingWatch(
            Evaluate, data, _log, _learned, rule.Network.Buffers, options,
            _pipeline is null ? null : () => _pipeline.Gather(memory: false));

        // Only who saves or restores a state pays for a look at all examples.
        _identity = new(() => TrainingIdentity.Of(rule, _phases, optimizer, data, options, streams));
        foreach (var trains in _rules)
        {
            TrainerChecks.Require(trains, optimizer);
            trains.RequireKnownOptions();
        }

        _groups = options.Groups > 1 ? new BatchGroups(options, rules, data.Train, _learned, _pipeline) : null;
    }

    /// <summary>
    /// Goes to where a training stood that was saved: <see cref="Run(TrainingObserver, CancellationToken)"/> then goes on from there, to
    /// the same bits as if it had never stopped. Everything this trainer was made from must have been made as it was then: network,
    /// rules, optimizer, data, options, streams. Threads, test examples, observers and how long it trains may differ. Can be called
    /// again, with another state.
    /// </summary>
    /// <param name="from">What <see cref="TrainingState.Save"/> wrote, from here to the end; a stream that can seek.</param>
    /// <param name="source">What to call it in messages, e.g. the name of the file.</param>
    /// <returns>The note that was saved with it.</returns>
    /// <exception cref="FeedbackAlignment.Data.DataFormatException">
    /// It is damaged, or of another training: the message names all settings that differ, with both values. This trainer can then only
    /// be restored to another state.
    /// </exception>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="InvalidOperationException">The training has been run.</exception>
    public byte[] Restore(Stream from, string source)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (!from.CanSeek)
        {
            throw new ArgumentException("must be a stream that can seek: the checksum is read first", nameof(from));
        }

        RequireNotBegun();
        _isHalfRestored = true;
        var reader = new StateReader(from, source);
        Carry(reader);
        reader.End();

        // There is a checkpoint of this place: the one that it came from.
        (_isHalfRestored, _savedAt) = (false, _examples);
        return reader.Note;
    }

    /// <summary>Trains, from the beginning or from where <see cref="Restore"/> went. Can be called once.</summary>
    /// <param name="observer">Watches; null: nobody.</param>
    /// <param name="cancellation">Stops the training between two steps; the result then says so.</param>
    /// <returns>What came out. A loss that explodes or is no number ends the training as diverged; it is not an exception.</returns>
    /// <exception cref="InvalidOperationException">It has been called before, or another training of the network is going on.</exception>
    public TrainingResult Run(TrainingObserver? observer = null, CancellationToken cancellation = default)
    {
        RequireNotBegun();
        if (_isHalfRestored)
        {
            throw new InvalidOperationException("this trainer could not be restored; restore it to another state, or make another trainer");
        }

        _network.BeginTraining();
        try
        {
            (_hasBegun, _watch.Observer) = (true, observer);
            return Run(cancellation);
        }
        finally
        {
            _network.EndTraining();
        }
    }

    /// <summary>Trains on a thread of the pool. The network must not be used by others until then, except to be asked.</summary>
    /// <param name="progress">Is told how far it is, about a thousand times in all; null: nobody.</param>
    /// <param name="cancellation">
    /// Stops the training between two steps. That is no exception: the result says so, and <see cref="TrainingObserver.OnCheckpoint"/>
    /// has been called.
    /// </param>
    /// <returns>What came out, as from <see cref="Run(TrainingObserver, CancellationToken)"/>.</returns>
    /// <exception cref="InvalidOperationException">It has been run before, or another training of the network is going on.</exception>
    public Task<TrainingResult> RunAsync(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) => RunAsync(progress, null, cancellation);

    /// <inheritdoc cref="RunAsync(IProgress{TrainingProgress}, CancellationToken)"/>
    /// <param name="progress">Is told how far it is, about a thousand times in all; null: nobody.</param>
    /// <param name="observer">Watches, on that thread; null: nobody.</param>
    /// <param name="cancellation">Stops the training between two steps.</param>
    public Task<TrainingResult> RunAsync(IProgress<TrainingProgress>? progress, TrainingObserver? observer, CancellationToken cancellation = default)
    {
        var watcher = progress is null ? observer : new ReportingObserver(progress, observer);
        return Task.Run(() => Run(watcher, cancellation), CancellationToken.None);
    }

    private TrainingResult Run(CancellationToken cancellation)
    {
        if (_pipeline is not null)
        {
            _ranks!.RequireSame(_learned, _examples);
        }

        var ending = new Ending(TrainingStatus.Completed);
        for (var index = Array.FindIndex(_phases, phase => _examples <= phase.End); index < _phases.Length && ending.Status == TrainingStatus.Completed; index++)
        {
            _watch.Observer?.OnPhase(index);
            ending = RunPhase(_phases[index], _watch, cancellation);
            HandOver(_phases[index].Rule, _phases[Math.Min(index + 1, _phases.Length - 1)].Rule);
        }

        _watch.End(_examples, _learningRate);
        return Finish(ending, _watch.Kept);
    }

    /// <summary>The masks of modules go on from one rule's pass to the next one's: their streams belong to the training.</summary>
    private static void HandOver(LearningRule from, LearningRule to)
    {
        foreach (var (before, after) in from.ModuleNoise.Zip(to.ModuleNoise))
        {
            after.Position = before.Position;
        }
    }

    private Ending RunPhase(PhasePlan phase, TrainingWatch watch, CancellationToken cancellation)
    {
        if (_log.Curve.Count == 0)
        {
            _learningRate = phase.LearningRate.At(0, AtMost(phase));
            watch.Begin(_learningRate);
        }

        var nextCheckpoint = NextCheckpoint();
        while (_examples < phase.End)
        {
            // Ranks stop at the same step, so each goes on until all know.
            if (_ranks is null ? cancellation.IsCancellationRequested
                : _pipeline is null ? _groups!.IsAskedToStop : _pipeline.IsAskedToStop && _ahead is not { IsAhead: true })
            {
                Checkpoint();
                return new Ending(TrainingStatus.Cancelled, $"stopped after {_examples} of {_options.Examples} examples");
            }

            var loss = _ahead is null ? Learn(phase, cancellation)
                : LearnAhead(phase, Math.Min(nextCheckpoint, watch.NextLook), cancellation);
            watch.Observer?.OnStep(new TrainingProgress(_examples, _options.Examples, loss));
            if (watch.HasExploded(loss))
            {
                GoBack(phase, cancellation);
                return new Ending(TrainingStatus.Diverged, $"the loss was {loss:g4} after {_examples} examples");
            }

            if (!double.IsFinite(_norm))
            {
                return new Ending(TrainingStatus.Diverged, $"the norm of the gradients was {_norm:g4} after {_examples} examples");
            }

            if (watch.Look(_examples, _learningRate, isEnd: _examples == phase.End) is { } exploded)
            {
                return new Ending(TrainingStatus.Diverged, $"the validation loss was {exploded:g4} after {_examples} examples");
            }

            if (_watch.ReasonToStop is { } reason && _examples < _options.Examples)
            {
                return new Ending(TrainingStatus.StoppedEarly, $"{reason}; stopped after {_examples} of {_options.Examples} examples");
            }

            if (_examples >= nextCheckpoint && _examples < _options.Examples)
            {
                Checkpoint();
                nextCheckpoint = NextCheckpoint();
            }
        }

        return new Ending(TrainingStatus.Completed);
    }

    private long NextCheckpoint() => _options.Checkpoint?.After(_examples) ?? long.MaxValue;

    private void Checkpoint()
    {
        _pipeline?.Gather(memory: true);

        // A stop right after a checkpoint must not push out the one before.
        if (_watch.Observer is { } observer && _savedAt != _examples)
        {
            _savedAt = _examples;
            var state = new TrainingState(_examples, Carry);
            observer.OnCheckpoint(state);
            state.Pass();
        }
    }

    /// <summary>Writes where it stands, before it runs: for ranks that go on from the same place.</summary>
    internal void Save(Stream into) => new TrainingState(_examples, Carry).Save(into);

    /// <summary>Carries all that goes on to the next step.</summary>
    private void Carry(StateCarrier state)
    {
        state.Same("training", _identity.Value);
        CarryProgress(state);
    }

    private void CarryProgress(StateCarrier state)
    {
        _examples = state.Carry("examples", _examples);
        _learningRate = (float)state.Carry("learning-rate", _learningRate);
        state.Require(_examples >= 0 && _examples <= _options.Examples, $"a training of {_options.Examples} examples stands at one of them");
        _order.Carry(state);
        _log.Carry(state);
        _watch.Carry(state, _examples);

        // Asking for the values takes steps and decay that were put off; that changes no bit of what follows.
        foreach (var parameter in _learned)
        {
            state.Carry(parameter.Name, parameter.Read());
        }

        foreach (var buffer in _network.Buffers)
        {
            state.Carry(buffer.Name, buffer.Values);
        }

        _optimizer.Carry(state);
        _clipping?.Carry(state);
        foreach (var rule in _rules)
        {
            rule.Carry(state);
        }
    }

    private void RequireNotBegun()
    {
        if (_hasBegun)
        {
            throw new InvalidOperationException("this training has been run; make another trainer to train on");
        }
    }

    /// <summary>Learns from one batch: in one step, or, in a spiking network, in one for each time step of its presentation.</summary>
    /// <returns>Its mean loss, each time before the step.</returns>
    private double Learn(PhasePlan phase, CancellationToken cancellation)
    {
        var batch = _order.Next(AtMost(phase));
        _learningRate = phase.LearningRate.At(_examples, batch.Count);
        var steps = phase.Rule.Network.Dynamics?.Steps ?? 1;
        var loss = 0.0;
        for (var step = 0; step < steps && double.IsFinite(_norm); step++)
        {
            loss += Step(phase, batch, cancellation) / steps;
        }

        _examples += batch.Count;
        _log.Add(loss, batch.Count);
        return loss;
    }

    /// <summary>
    /// The same where no rank waits for another: learns from several batches, up to the next moment at which somebody looks at the network,
    /// before all ranks know the losses. Then they are handed out one by one.
    /// </summary>
    /// <param name="phase">The phase.</param>
    /// <param name="moment">Examples at which somebody looks.</param>
    /// <param name="cancellation">Asks this rank to stop.</param>
    private double LearnAhead(PhasePlan phase, long moment, CancellationToken cancellation)
    {
        if (!_ahead!.IsAhead)
        {
            _ahead.Begin(CarryProgress);
            for (var examples = _examples; _ahead.Count < LayerPipeline.MostAhead && examples < Math.Min(phase.End, moment);)
            {
                var batch = _order.Next((int)Math.Min(_options.BatchSize, phase.End - examples));
                _learningRate = phase.LearningRate.At(examples, batch.Count);
                _ahead.Add(Step(phase, batch, cancellation), batch.Count, _learningRate);
                examples += batch.Count;
                if (_pipeline!.EndsHere)
                {
                    break;
                }
            }

            _pipeline!.Tell(_ahead.Losses);
        }

        var (loss, count, rate) = _ahead.Next();
        (_learningRate, _examples) = (rate, _examples + count);
        _log.Add(loss, count);
        return loss;
    }

    /// <summary>
    /// Goes back to the batch whose loss was looked at last, if all ranks have learned from more: takes the steps until there again.
    /// </summary>
    private void GoBack(PhasePlan phase, CancellationToken cancellation)
    {
        if (_ahead is not { IsAhead: true })
        {
            return;
        }

        var known = _ahead.GoBack(CarryProgress);
        foreach (var (loss, count, rate) in known)
        {
            var batch = _order.Next(count);
            _learningRate = rate;
            _ = Step(phase, batch, cancellation);
            _examples += count;
            _log.Add(loss, count);
        }
    }

    /// <summary>Takes one step.</summary>
    /// <returns>The batch's mean loss before it.</returns>
    private double Step(PhasePlan phase, Batch batch, CancellationToken cancellation)
    {
        var loss = Estimate(phase.Rule, batch, cancellation.IsCancellationRequested);

        // What has no gradient is left alone by every optimizer, whatever it remembers of it.
        foreach (var gradient in phase.Frozen)
        {
            gradient.Clear();
        }

        _norm = _clipping?.Clip(_gradients, _share) ?? 0;
        if (double.IsFinite(_norm))
        {
            _optimizer.Step(_gradients, _learningRate);
        }

        return loss;
    }

    private double Estimate(LearningRule rule, in Batch batch, bool stop)
    {
        if (_groups is not null)
        {
            return _groups.Estimate(rule, batch, _gradients, stop);
        }

        if (_pipeline is null)
        {
            return rule.EstimateGradients(batch, _gradients);
        }

        _pipeline.Forward(rule, batch, stop, noise: null);
        return _pipeline.Learn(0, _gradients, noise: null);
    }

    private int AtMost(PhasePlan phase) => (int)Math.Min(_options.BatchSize, phase.End - _examples);

    /// <summary>Rank 0 evaluates for all, on all examples: the bits are those of a process by itself.</summary>
    private Evaluation Evaluate(DataSet examples)
    {
        if (_ranks is null)
        {
            return _evaluator.Evaluate(examples);
        }

        if (_pipeline is null)
        {
            _ranks.RequireSame(_learned, _examples);
        }

        var evaluation = _ranks.IsFirst() ? _evaluator.Evaluate(examples) : Evaluation.None;
        Span<double> numbers = [evaluation.Loss, evaluation.Error];
        _ranks.Broadcast(MemoryMarshal.AsBytes(numbers));
        return new Evaluation(numbers[0], numbers[1]);
    }

    private TrainingResult Finish(Ending ending, KeptPoint kept)
    {
        if (_pipeline is null)
        {
            _ranks?.RequireSame(_learned, _examples);
        }

        _pipeline?.Gather(memory: true);
        kept.Restore();
        _pipeline?.Spread();
        return new TrainingResult
        {
            Status = ending.Status,
            Reason = ending.Reason,
            Examples = _examples,
            Epochs = (double)_examples / _data.Train.Count,
            TrainLoss = _log.LastPassLoss,
            Validation = kept.Validation,
            Test = _options.Test && _data.HasTest && ending.IsRegular && _ranks is null or { Rank: 0 } ? _evaluator.Evaluate(_data.Test)
                : null,
            KeptAtExamples = kept.Examples,
            Curve = _log.Curve,
            ClippedSteps = _clipping?.ClippedSteps,
        };
    }

    private sealed record Ending(TrainingStatus Status, string? Reason = null)
    {
        public bool IsRegular => Status is TrainingStatus.Completed or TrainingStatus.StoppedEarly;
    }
}
