using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Playground;

/// <summary>
/// One of the two networks, with its rule. It learns as <see cref="Trainer"/> does, to the bit, but can be stopped after each batch and
/// interfered with.
/// </summary>
internal sealed class Learner
{
    /// <summary>Test examples that the instruments look at.</summary>
    public const int MostMeasured = 50;

    private readonly LearningRule _rule;
    private readonly RuleSetup _setup;
    private readonly Settings _settings;
    private readonly RuleEntry _entry;
    private readonly ExampleOrder _order;
    private readonly Gradients _gradients;
    private readonly Sgd _optimizer;
    private readonly Evaluator _evaluator;
    private readonly AlignmentProbe _probe;
    private readonly DataSet _test;
    private readonly Parameter[] _hidden;
    private double _lossSum;
    private long _lossExamples;
    private int _draws;

    public Learner(Settings settings, RuleEntry entry, DataSplit data, Compute compute)
    {
        var streams = new RandomStreams(settings.Seed);
        int[] sizes = [data.Train.Inputs.Columns, .. settings.Hidden, data.Train.Targets.Columns];
        Network = Network.Mlp(string.Join('-', sizes), settings.Seed, new() { Hidden = settings.Activation }, compute);
        Measured = data.Test.Slice(0, Math.Min(MostMeasured, data.Test.Count));
        var feedback = new FeedbackOptions { Distribution = WeightDistribution.GlorotUniform(settings.Scale) };
        _setup = new(Network, settings.Task.Loss, Math.Max(settings.Batch, Measured.Count), streams, feedback);
        _rule = entry.Create(_setup);
        _order = new(data.Train, settings.Batch, streams.Stream(RandomStreams.Order));
        _gradients = new(_rule.LearnedParameters, compute);
        _optimizer = new(_rule.LearnedParameters, weightDecay: (float)settings.Decay);
        _evaluator = new(Network, settings.Task.Loss.ForEvaluation);
        _probe = new(_rule, _setup, Measured);
        _hidden = [.. _rule.LearnedParameters.Except(Network.Layers[^1].Parameters)];
        (_settings, _entry, _test) = (settings, entry, data.Test);
    }

    public Network Network { get; }

    /// <summary>What the instruments look at.</summary>
    public DataSet Measured { get; }

    public long Examples { get; private set; }

    /// <summary>Whether the loss became no number, which ends its learning.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>Whether only the output layer learns.</summary>
    public bool IsFrozen { get; set; }

    public float Rate { get; set; }

    public IReadOnlyList<FeedbackPath> Feedback => _rule.Feedback;

    /// <summary>Mean loss of the training examples since it was asked for last; NaN if there were none.</summary>
    public double TakeTrainLoss()
    {
        var mean = _lossSum / _lossExamples;
        (_lossSum, _lossExamples) = (0, 0);
        return mean;
    }

    /// <summary>Learns from whole batches until it has seen so many examples: the bits do not depend on how often it stops.</summary>
    public void LearnUntil(long examples)
    {
        while (Examples < examples)
        {
            var batch = _order.Next(_settings.Batch);
            Examples += batch.Count;
            if (HasDiverged)
            {
                continue;
            }

            var loss = _rule.EstimateGradients(batch, _gradients);
            if (IsFrozen)
            {
                foreach (var parameter in _hidden)
                {
                    _gradients[parameter].Clear();
                }
            }

            (_lossSum, _lossExamples) = (_lossSum + (loss * batch.Count), _lossExamples + batch.Count);
            HasDiverged = !double.IsFinite(loss);
            if (!HasDiverged)
            {
                _optimizer.Step(_gradients, Rate);
            }
        }
    }

    public Evaluation Evaluate() => _evaluator.Evaluate(_test);

    /// <summary>The instruments' readings, layer by layer; <see cref="ErrorsAt"/> has what they compared.</summary>
    public IReadOnlyList<AlignmentReading> Measure() => _probe.Read();

    /// <summary>The errors at a hidden layer as the rule and as backpropagation sees them; measured examples × units, or no rows.</summary>
    public (Matrix Rule, Matrix Exact) ErrorsAt(int layer) => _probe.ErrorsAt(layer);

    public string Fingerprint() => Numerics.Fingerprint.Of(_rule.LearnedParameters.Select(parameter => parameter.Read()));

    /// <summary>Draws B again, from another stream.</summary>
    public void RedrawFeedback()
    {
        _draws++;
        var feedback = _setup.Feedback with { Streams = _setup.Streams.Child($"playground/{_draws}") };
        var other = _entry.Create(new(Network, _setup.Loss, 1, _setup.Streams, feedback));
        Change((path, index) => path.CopyFrom(other.Feedback[index].Weights));
    }

    /// <summary>Sets B to the forward weights that it stands for.</summary>
    public void CopyForwardToFeedback() => Change((weights, index) => weights.CopyFrom(
        AlignmentProbe.ForwardWeights(Network, _rule.Feedback[index])
            ?? throw new FormatException("there are no forward weights of B's shape")));

    public void FlipFeedback() => Change((weights, _) => Elementwise.Map(weights, new Scale(-1)));

    /// <summary>Takes half of B's connections out, chosen at random.</summary>
    public void RemoveHalf() => Change((weights, index) =>
    {
        _draws++;
        var random = _setup.Streams.Child($"playground/{_draws}").Stream("removed");
        int[] places = [.. Enumerable.Range(0, weights.Rows * weights.Columns)];
        random.Shuffle(places);
        foreach (var place in places.Take(places.Length / 2))
        {
            weights[place / weights.Columns, place % weights.Columns] = 0;
        }
    });

    private void Change(Action<Matrix, int> change)
    {
        if (_rule.Feedback.Count == 0)
        {
            throw new FormatException($"{_entry.Name} has no feedback weights of its own to change");
        }

        if (_rule.Feedback.FirstOrDefault(path => path.Source is not (FixedWeights or Parameter)) is not null)
        {
            throw new FormatException($"the feedback weights of {_entry.Name} follow from others at every step, so they cannot be changed");
        }

        for (var index = 0; index < _rule.Feedback.Count; index++)
        {
            change(_rule.Feedback[index].Weights, index);
        }
    }
}
