using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>Watches a tuning. Trainings go on side by side, so calls come from several threads at once.</summary>
public abstract class TuningObserver
{
    /// <summary>So many trainings of a rule are planned. They can become fewer when a stage ends.</summary>
    /// <param name="rule">The id of the rule.</param>
    /// <param name="trainings">How many, in all stages; those that come later count as often as they can be.</param>
    public virtual void OnPlanned(string rule, int trainings)
    {
    }

    /// <summary>A training has ended, or was found to be done already.</summary>
    /// <param name="key">Which.</param>
    /// <param name="settings">What it tried.</param>
    /// <param name="record">What it left behind.</param>
    /// <param name="wasDone">Whether an earlier call did it.</param>
    public virtual void OnFinished(TrialKey key, IReadOnlyDictionary<string, double> settings, RunRecord record, bool wasDone)
    {
    }
}
