using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>
/// Who wins of those that the search cannot tell apart. The least of many errors flatters, so trainings with other seeds choose, and what
/// one has stays unless another setting is better by more than the noise: than half the 95 % t-interval of the mean difference, seed by
/// seed. Where the loss grew, any setting without that is better.
/// </summary>
internal static class FinalChoice
{
    private const int MostChallengers = 2;

    /// <summary>The most finalists of a rule.</summary>
    public const int Most = 1 + MostChallengers;

    /// <summary>
    /// The trials that train again with the final seeds: the spec's own setting, and the best others, two at most, whose difference to
    /// the least error is within the noise over the trial seeds. A single seed shows no noise, so nothing is beyond it. A trial alone has
    /// won.
    /// </summary>
    /// <param name="trials">The trials on the last rung.</param>
    public static IReadOnlyList<TrialRecord> Finalists(IEnumerable<TrialRecord> trials)
    {
        TrialRecord[] ranked = [.. Judgement.Ranked(trials)];
        return
        [
            .. ranked.Where(IsOwn),
            .. ranked.Where(trial => !IsOwn(trial) && !IsBetter(ranked[0], trial)).Take(MostChallengers),
        ];
    }

    /// <summary>The winner by the final seeds; null if none completed all its trainings.</summary>
    /// <param name="finals">The finalists, each trained with the final seeds.</param>
    public static TrialRecord? Winner(IEnumerable<TrialRecord> finals)
    {
        TrialRecord[] ranked = [.. Judgement.Ranked(finals)];
        return ranked.FirstOrDefault(IsOwn) is { } own
            ? ranked.FirstOrDefault(trial => IsBetter(trial, own)) ?? own
            : ranked.FirstOrDefault();
    }

    /// <summary>What a setting gains over another in validation error, seed by seed; null if a training of either diverged.</summary>
    /// <param name="trial">The setting.</param>
    /// <param name="other">The other, trained with the same seeds.</param>
    public static Summary? Gain(TrialRecord trial, TrialRecord other) =>
        trial.Status != RunStatus.Completed || other.Status != RunStatus.Completed ? null
        : Summary.Of(trial.Runs.Zip(other.Runs, (run, before) => before.ValidationError - run.ValidationError));

    private static bool IsOwn(TrialRecord trial) => trial.Trial == TrialKey.Own;

    private static bool IsBetter(TrialRecord trial, TrialRecord other) =>
        trial.LossGrew == other.LossGrew ? Gain(trial, other) is { Low: > 0 } : other.LossGrew;
}
