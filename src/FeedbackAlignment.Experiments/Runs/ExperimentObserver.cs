using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>One training of an experiment.</summary>
/// <param name="Rule">The id of the learning rule.</param>
/// <param name="Seed">The root seed.</param>
public readonly record struct RunKey(string Rule, ulong Seed)
{
    /// <summary>The runs of an experiment, by rule in the spec's order, then by seed.</summary>
    internal static IEnumerable<RunKey> AllOf(ExperimentSpec spec) => spec.Rules.SelectMany(rule => spec.Seeds.Select(seed => new RunKey(rule, seed)));

    /// <summary>
    /// Name of the run's folder, e.g. <c>feedback-alignment-1</c>. Of the names in a mixture, <c>block1/*</c> is <c>block1.all</c>, and
    /// <c>*</c> is <c>others</c>, which can stand in names of files everywhere.
    /// </summary>
    public override string ToString()
    {
        var rule = Rule.Replace("/*", ".all", StringComparison.Ordinal).Replace("*", "others", StringComparison.Ordinal);
        return $"{rule}-{Seed}";
    }
}

/// <summary>Watches an experiment. Runs go on side by side, so calls come from several threads at once.</summary>
public abstract class ExperimentObserver
{
    /// <summary>A run begins.</summary>
    /// <param name="run">Which.</param>
    /// <param name="totalExamples">Examples it will learn from.</param>
    public virtual void OnStarted(RunKey run, long totalExamples)
    {
    }

    /// <summary>A run has taken a step. Called very often.</summary>
    /// <param name="run">Which.</param>
    /// <param name="examples">Examples learned from until now.</param>
    /// <param name="loss">Mean loss of the latest batch.</param>
    public virtual void OnStep(RunKey run, long examples, double loss)
    {
    }

    /// <summary>A run was evaluated on the validation examples.</summary>
    /// <param name="run">Which.</param>
    /// <param name="point">The new point of its learning curve.</param>
    public virtual void OnEvaluation(RunKey run, CurveRecord point)
    {
    }

    /// <summary>
    /// A run is not repeated: its record is there from before. Unless overridden, that counts as one that begins and ends.
    /// </summary>
    /// <param name="run">Which.</param>
    /// <param name="record">What it left behind.</param>
    public virtual void OnFound(RunKey run, RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        OnStarted(run, record.Examples);
        OnFinished(run, record);
    }

    /// <summary>A run has ended, one way or another.</summary>
    /// <param name="run">Which.</param>
    /// <param name="record">What it left behind.</param>
    public virtual void OnFinished(RunKey run, RunRecord record)
    {
    }
}
