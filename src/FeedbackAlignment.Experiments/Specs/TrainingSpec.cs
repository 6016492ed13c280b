using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>How long and in what portions.</summary>
public sealed record TrainingSpec
{
    /// <summary>Passes over the training examples. Not together with <see cref="Examples"/> or <see cref="Phases"/>; null with null there: 20.</summary>
    [Bounds(Above = 0, AtMost = 1e6)]
    public double? Epochs { get; init; }

    /// <summary>Examples to learn from, counting repetitions. Not together with <see cref="Epochs"/> or <see cref="Phases"/>.</summary>
    [Bounds(AtLeast = 1)]
    public long? Examples { get; init; }

    /// <summary>
    /// Stretches of the training, one after another, in which some layers are frozen, another rule trains, or feedback weights are drawn anew. One optimizer
    /// and one schedule go through all. Null: one stretch of all <see cref="Epochs"/> or <see cref="Examples"/>.
    /// </summary>
    [NotEmpty]
    public IReadOnlyList<PhaseSpec>? Phases { get; init; }

    /// <summary>Examples per step; 1: one at a time, as in the paper.</summary>
    [Bounds(AtLeast = 1)]
    public int BatchSize { get; init; } = 64;

    /// <summary>Which weights are tested.</summary>
    [OneOf(typeof(KeepIds))]
    public string Keep { get; init; } = KeepIds.BestValidation;

    /// <summary>
    /// Stops a run after so many evaluations in a row that were no better on validation. The schedule still goes over the planned length. Not together with
    /// <see cref="Phases"/>. Null: never.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int? Patience { get; init; }

    /// <summary>Examples between two evaluations on validation; null: one pass.</summary>
    [Bounds(AtLeast = 1)]
    public long? EvaluateEvery { get; init; }

    /// <summary>How many evaluations more before the first of these, at 1/2, 1/4, 1/8 … of the distance.</summary>
    [Bounds(AtLeast = 0, AtMost = 62)]
    public int EarlyEvaluations { get; init; }

    /// <summary>Examples between two readings of the instruments; null: like evaluations, and more often in the first pass. 0: never.</summary>
    [Bounds(AtLeast = 0)]
    public long? MeasureEvery { get; init; }

    /// <summary>How many validation examples the instruments look at (all, if there are fewer).</summary>
    [Bounds(AtLeast = 1)]
    public int MeasureExamples { get; init; } = 256;

    /// <summary>Whether the instruments also read the angle to pseudobackprop, Δh = W⁺ e, which takes a pseudo-inverse for every layer.</summary>
    public bool MeasurePseudobackprop { get; init; }

    /// <summary>Threads that work on one step; null: the processors, divided among the runs. Changes speed, never a result.</summary>
    [Bounds(AtLeast = 1, AtMost = 256)]
    public int? Threads { get; init; }
}
