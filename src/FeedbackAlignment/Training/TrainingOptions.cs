using System.Diagnostics.CodeAnalysis;
using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>Which weights a training ends with.</summary>
public enum KeptWeights
{
    /// <summary>Those with the lowest error on the validation examples (of equal errors, those with the lower loss).</summary>
    BestOnValidation,

    /// <summary>The last.</summary>
    Last,
}

/// <summary>How long to train, and in what portions.</summary>
public sealed record TrainingOptions
{
    /// <summary>Options that an object initializer sets.</summary>
    public TrainingOptions()
    {
    }

    /// <summary>Sets what must be set; for languages without required properties.</summary>
    /// <param name="examples">Examples to learn from, counting repetitions, ≥ 1.</param>
    /// <param name="learningRate">The learning rate as training goes on.</param>
    [SetsRequiredMembers]
    public TrainingOptions(long examples, LearningRateSchedule learningRate) => (Examples, LearningRate) = (examples, learningRate);

    /// <summary>Examples to learn from, counting repetitions, ≥ 1. The last step takes fewer if they do not fill a batch.</summary>
    public required long Examples { get; init; }

    /// <summary>
    /// Stretches of the training, one after another, each with a rule of its own or with some parameters frozen; together as long as
    /// <see cref="Examples"/>. Null: one, in which the trainer's rule trains everything. The network is evaluated and measured at each
    /// one's end.
    /// </summary>
    public IReadOnlyList<TrainingPhase>? Phases { get; init; }

    /// <summary>The learning rate as training goes on.</summary>
    public required LearningRateSchedule LearningRate { get; init; }

    /// <summary>
    /// The greatest norm of the network's gradients together, &gt; 0: longer ones are clipped, see <see cref="GradientClipping"/>. Null:
    /// none is. Where it is given, a norm that is not finite ends the training as diverged.
    /// </summary>
    public float? ClipNorm { get; init; }

    /// <summary>Examples per step, ≥ 1; the last batch of a pass may be shorter.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Groups into which each batch is divided, from 1 to <see cref="BatchSize"/>: their gradients are summed group by group and added in a
    /// fixed order. Other groups give other bits, and the same gradient within rounding. Several <see cref="Ranks"/> share the groups.
    /// Where a batch is not the sum of its examples, as under batch normalization, it must be 1
    /// (<see cref="LearningRule.SplitObjection"/>).
    /// </summary>
    public int Groups { get; init; } = 1;

    /// <summary>
    /// The processes that train together, of which this is one; null: it is alone. Each makes the same trainer and runs it at the same
    /// time. Weights and results are those of one process with the same <see cref="Groups"/>, to the bit. Rank 0 alone evaluates, and has
    /// an observer that writes; only its result has a test.
    /// </summary>
    public IRanks? Ranks { get; init; }

    /// <summary>
    /// What <see cref="Ranks"/> divide among them: each batch, or the network's layers. It changes no bit. Where they divide the layers,
    /// the groups of a batch follow one another through the ranks, and there may be fewer of them than ranks. All ranks must then have the
    /// same moments to evaluate, to measure and for checkpoints, for at these rank 0 gets all weights.
    /// </summary>
    public Parallelism Parallel { get; init; }

    /// <summary>
    /// Random changes of the pictures that the network learns from; null: none. The training examples must have a
    /// <see cref="DataSet.Image"/>.
    /// </summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>
    /// Which weights the network ends with, and is tested with. Without validation examples it must be <see cref="KeptWeights.Last"/>.
    /// </summary>
    public KeptWeights Keep { get; init; } = KeptWeights.BestOnValidation;

    /// <summary>
    /// Stops early: after so many evaluations in a row, ≥ 1, that were no better on the validation examples than the best before them (a
    /// lower error; of equal errors, a lower loss). The training then ends as <see cref="TrainingStatus.StoppedEarly"/>, with the weights
    /// that <see cref="Keep"/> says and a test. Null: it goes through all its examples. Learning-rate schedules go over the planned
    /// length all the same. Not together with <see cref="Phases"/>.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>
    /// Whether to look at the test examples at the end, once the training has completed or stopped early. Without, they are not touched:
    /// for choosing between trainings. Where there are none, there is no test.
    /// </summary>
    public bool Test { get; init; } = true;

    /// <summary>
    /// When to evaluate on the validation examples; null: after every pass. Without such examples, points of the curve have no evaluation
    /// (NaN).
    /// </summary>
    public Moments? Evaluate { get; init; }

    /// <summary>When to call <see cref="TrainingObserver.OnMeasure"/>; null: never.</summary>
    public Moments? Measure { get; init; }

    /// <summary>
    /// When to call <see cref="TrainingObserver.OnCheckpoint"/>, apart from when the training is stopped; null: never. It changes no bit
    /// of the training.
    /// </summary>
    public Moments? Checkpoint { get; init; }

    /// <summary>Adds to the identity of a training what stands here alone; phases know the rest.</summary>
    internal void Identify(Identity identity, DataSet train)
    {
        identity.Add("batchSize", BatchSize);
        if (Groups > 1)
        {
            identity.Add("groups", Groups);
        }

        identity.Add("clipNorm", ClipNorm);
        identity.Add("keep", Keep == KeptWeights.Last ? "last" : "best-validation");
        identity.Add("patience", Patience);
        (Evaluate ?? Moments.Every(train.Count)).Identify(identity.In("evaluate"));
        Augmentation?.Identify(identity.In("augmentation"), train.Image);
    }

    /// <summary>What a rule for this training is made from: it has room for batches of <see cref="BatchSize"/> examples.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="loss">How wrong an answer is.</param>
    /// <param name="streams">The run's random numbers; feedback weights and noise have streams of their own.</param>
    /// <param name="feedback">How feedback weights are drawn; null: as <see cref="FeedbackOptions"/> has it by default.</param>
    /// <param name="options">Options of the rule, by their ids; null or left out: their defaults.</param>
    /// <exception cref="ArgumentException">
    /// The loss does not suit the network's output layer, or the feedback options do not go together.
    /// </exception>
    /// <seealso cref="RuleSetup(Network, Loss, int, RandomStreams, FeedbackOptions?, IReadOnlyDictionary{string, double}?)"/>
    public RuleSetup CreateSetup(
        Network network, Loss loss, RandomStreams streams, FeedbackOptions? feedback =
            null, IReadOnlyDictionary<string, double>? options = null)
        => new(network, loss, BatchSize, streams, feedback, options);
}
