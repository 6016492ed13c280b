using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>How far the tuning of one rule has come.</summary>
/// <param name="rule">The id of the rule.</param>
/// <param name="plan">What the tuning trains.</param>
internal sealed class RuleCourse(string rule, TuningPlan plan)
{
    private TrialRecord? _winner;

    /// <summary>The id of the rule.</summary>
    public string Rule => rule;

    /// <summary>Its trials of the search that are done.</summary>
    public List<TrialRecord> Trials { get; } = [];

    /// <summary>Its finalists, trained with the final seeds, if there is a choice between them.</summary>
    public List<TrialRecord> Finals { get; } = [];

    /// <summary>The winner and the spec's own setting, trained with the spec's seeds.</summary>
    public List<TrialRecord> Reported { get; } = [];

    private IEnumerable<TrialRecord> Full => Trials.Where(trial => trial.Rung == plan.Last.Number);

    /// <summary>The trials that are to be trained with the final seeds: none where there is no choice.</summary>
    public IReadOnlyList<int> Finalists => FinalChoice.Finalists(Full) is { Count: > 1 } finalists
        ? [.. finalists.Select(trial => trial.Trial)] : [];

    /// <summary>The trials that are to be trained with the spec's seeds: the spec's own setting, then a winner that is not it.</summary>
    public IReadOnlyList<int> ToReport => _winner is null ? []
        : [.. Judgement.Ranked(Full).Select(trial => trial.Trial).Where(trial => trial == TrialKey.Own || trial == _winner.Trial).Order()];

    /// <summary>Chooses the winner: by the final seeds, where finalists were trained with them, else the best of the search.</summary>
    public void Choose()
    {
        var chosen = Finals.Count > 0 ? FinalChoice.Winner(Finals) : Judgement.Ranked(Full).FirstOrDefault();
        _winner = Full.FirstOrDefault(trial => trial.Trial == chosen?.Trial);
    }

    /// <summary>What it has come to.</summary>
    /// <param name="finished">Whether all stages are done; else there is no winner yet.</param>
    /// <param name="space">What was searched.</param>
    public RuleTuningRecord Record(bool finished, IReadOnlyDictionary<string, RangeSpec> space) => new()
    {
        Rule = rule,
        Space = space,
        Trials = Trials,
        Finals = Finals,
        Winner = finished && _winner is not null ? Judgement.Winner(_winner, space) : null,
        Reported = Reported,
        Gain = finished && _winner is not { Trial: TrialKey.Own } && Reported is [var own, var tuned] ? FinalChoice.Gain(tuned, own) : null,
        LearnedExamples = Trials.Sum(trial => trial.Runs.Sum(run => run.Examples)),
        Seconds = Trials.Concat(Finals).Concat(Reported).Sum(trial => trial.Seconds),
    };
}
