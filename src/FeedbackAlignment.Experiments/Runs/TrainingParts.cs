using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>What one training is made of, by its spec: the same on every rank.</summary>
internal sealed class TrainingParts
{
    /// <param name="spec">A complete, valid spec.</param>
    /// <param name="key">Rule and seed.</param>
    /// <param name="split">The examples.</param>
    /// <param name="components">What the spec can name.</param>
    /// <param name="compute">Does the products.</param>
    /// <param name="checkpointEvery">Examples from one checkpoint to the next; null: none but at a stop.</param>
    /// <param name="tests">Whether to look at the test examples at the end.</param>
    /// <param name="showsKernels">Whether pictures of the first kernels are wanted.</param>
    /// <param name="ranks">The processes that train together; null: this one alone.</param>
    public TrainingParts(
        ExperimentSpec spec, RunKey key, DataSplit split, Components components, Compute compute, long? checkpointEvery, bool tests,
        bool showsKernels, IRanks? ranks)
    {
        var builder = new RunBuilder(spec, key, components);
        var measured = Math.Min(spec.Training.MeasureExamples, split.Validation.Count);
        var measures = spec.Training.MeasureEvery != 0;
        var given = GivenWeights.Of(spec.Network, components);
        Network = builder.Network(compute, given);

        // The instruments show the rule all their examples at once.
        var maxBatch = Math.Max(spec.Training.BatchSize, measures ? measured : 1);
        Phases = new RunPhases(spec, key, Network, maxBatch, components);
        Options = builder.Options(split.Train.Count, Phases.Training, measures, checkpointEvery, tests) with { Ranks = ranks };
        MakeProbe = measures ? Probe : null;
        Optimizer = builder.Optimizer(Phases.Learned);
        CarriedState.Restore(spec.Network, given, Phases.First, Optimizer);
        GivenFeedback.Of(spec.Feedback)?.CopyTo(Phases.First);
        FirstKernels = showsKernels ? KernelPictures.OfFirstLayer(Network) : null;
        Trainer = new Trainer(Phases.First, Optimizer, split, Options, builder.Streams);

        AlignmentProbe Probe(LearningRule rule)
            => new(
                rule, builder.Setup(Network, maxBatch, key.Rule), split.Validation.Slice(0, measured),
                spec.Training.MeasurePseudobackprop, spec.Training.MeasureNorms);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The rules, phase by phase.</summary>
    public RunPhases Phases { get; }

    /// <summary>How long to train, and in what portions.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Makes instruments for a rule; null: there are none to read.</summary>
    public Func<LearningRule, AlignmentProbe>? MakeProbe { get; }

    /// <summary>What moves the weights.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The first kernels before training; null: there are none, or none are wanted.</summary>
    public KernelRecord? FirstKernels { get; }

    /// <summary>The training.</summary>
    public Trainer Trainer { get; }
}
