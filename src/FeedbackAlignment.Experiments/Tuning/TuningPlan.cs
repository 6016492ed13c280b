using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>What a tuning trains: its rungs, and the settings and spec of every training.</summary>
internal sealed class TuningPlan
{
    private readonly ExperimentSpec _spec;
    private readonly RuleCatalog _rules;
    private readonly TrialDraws _draws;
    private readonly TrialSpecs _specs;

    /// <param name="spec">A complete spec.</param>
    /// <param name="trainExamples">Training examples there are.</param>
    /// <param name="rules">The rules there are.</param>
    /// <exception cref="SpecException">The shortest trainings would have no example, or be too many.</exception>
    public TuningPlan(ExperimentSpec spec, int trainExamples, RuleCatalog rules)
    {
        (_spec, _rules) = (spec, rules);
        FullExamples = SpecCompletion.TotalExamples(spec.Training, trainExamples);
        Rungs = Rung.Of(spec.Tuning!, FullExamples);
        _draws = new TrialDraws(spec.Tuning!, rules);
        _specs = new TrialSpecs(spec, FullExamples, rules);
    }

    /// <summary>Examples of a full training.</summary>
    public long FullExamples { get; }

    /// <summary>The stages of the search.</summary>
    public IReadOnlyList<Rung> Rungs { get; }

    /// <summary>The last, whose trainings are full.</summary>
    public Rung Last => Rungs[^1];

    /// <summary>Root seeds of the search.</summary>
    public IReadOnlyList<ulong> TrialSeeds => _spec.Tuning!.TrialSeeds!;

    /// <summary>Root seeds that choose between finalists; none as in version 0.1.</summary>
    public IReadOnlyList<ulong> FinalSeeds => _spec.Tuning!.FinalSeeds ?? [];

    /// <summary>Root seeds that are reported.</summary>
    public IReadOnlyList<ulong> ReportSeeds => _spec.Seeds;

    /// <summary>Trainings of the search for each rule.</summary>
    public int Trainings => Rungs.Sum(rung => rung.Trials) * TrialSeeds.Count;

    /// <summary>The most trainings that choose between a rule's finalists.</summary>
    public int MostFinals => Last.Trials > 1 ? Math.Min(FinalChoice.Most, Last.Trials) * FinalSeeds.Count : 0;

    /// <summary>The most trainings that report what came of a rule's tuning.</summary>
    public int MostReported => FinalSeeds.Count > 0 ? Math.Min(2, Last.Trials) * ReportSeeds.Count : 0;

    /// <summary>Examples of the search for each rule.</summary>
    public long Examples => Rungs.Sum(rung => rung.Trials * TrialSeeds.Count * rung.Examples);

    /// <summary>
    /// The trials on a rung: on the first the first numbers, then the best of the rung before. Places that diverged trials leave empty
    /// stay so; they are spent. The spec's own setting is on the last, however it compares.
    /// </summary>
    /// <param name="rung">The rung.</param>
    /// <param name="before">The rule's trials that are done.</param>
    public IReadOnlyList<int> Chosen(Rung rung, IEnumerable<TrialRecord> before)
    {
        var searched = rung.Trials - (rung.HasOwn ? 1 : 0);
        IEnumerable<int> best = rung == Rungs[0]
            ? Enumerable.Range(1, searched)
            : Judgement.Ranked(before.Where(trial => trial.Rung == rung.Number - 1)).Take(searched).Select(trial => trial.Trial).Order();
        return rung.HasOwn ? [TrialKey.Own, .. best] : [.. best];
    }

    /// <summary>Every training there can be.</summary>
    public IEnumerable<TrialKey> AllKeys =>
        from rung in Rungs
        from rule in _spec.Rules
        from trial in Enumerable.Range(TrialKey.Own, 1 + Rungs[0].Trials)
        from seed in rung == Last ? [.. TrialSeeds, .. FinalSeeds, .. ReportSeeds] : TrialSeeds
        select new TrialKey(rule, trial, rung.Number, seed);

    /// <summary>What is searched for a rule, by setting.</summary>
    public IReadOnlyDictionary<string, RangeSpec> Space(string rule) => TuningSpace.Of(_spec.Tuning!, rule, _rules);

    /// <summary>The settings of a trial, by name.</summary>
    public IReadOnlyDictionary<string, double> Settings(string rule, int trial) => trial != TrialKey.Own
        ? _draws.Settings(rule, trial)
        : Space(rule).Keys.ToDictionary(name => name, name => Tunable.Of(name, _rules)!.Own(_spec, _rules.Get(rule)));

    /// <summary>What a training runs.</summary>
    public ExperimentSpec SpecOf(TrialKey key)
        => _specs.Of(key.Rule, key.Trial, Settings(key.Rule, key.Trial), Rungs.Single(rung => rung.Number == key.Rung).Examples, key.Seed);

    /// <summary>What runs winners, with the spec's seeds.</summary>
    public ExperimentSpec SpecOf(IEnumerable<RuleTuningRecord> winners) => _specs.Of(winners);
}
