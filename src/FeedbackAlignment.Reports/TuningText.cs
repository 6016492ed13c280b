using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Reports;

/// <summary>The words for a tuning, on the page and on the console.</summary>
public static class TuningText
{
    /// <summary>The number of the trial that is the spec's own setting.</summary>
    internal const int OwnSetting = 0;

    /// <summary>A setting and its value, e.g. <c>learningRate 0.0316</c>.</summary>
    /// <param name="setting">The setting.</param>
    public static string Setting(KeyValuePair<string, double> setting) => $"{setting.Key} {NumberText.Significant(setting.Value)}";

    /// <summary>A trial by its number.</summary>
    internal static string Trial(int number) => number == OwnSetting ? "trial 0 (the spec's own setting)"
        : $"trial {NumberText.Count(number)}";

    /// <summary>How many trials there were, of a search in rungs on each; how many diverged, and in how many the loss grew.</summary>
    /// <param name="rule">The search for a rule.</param>
    public static string Trials(RuleTuningRecord rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var diverged = rule.Trials.Count(trial => trial.Status == RunStatus.Diverged);
        var grew = rule.Trials.Count(trial => trial is { Status: RunStatus.Completed, LossGrew: true });
        var rungs = rule.Trials.GroupBy(trial => trial.Rung).OrderBy(rung => rung.Key).Select(rung => NumberText.Count(rung.Count()));
        return string.Join(" + ", rungs.DefaultIfEmpty("0")) + (diverged > 0 ? $", {NumberText.Count(diverged)} diverged" : "")
            + (grew > 0 ? $", in {NumberText.Count(grew)} the loss grew" : "");
    }

    /// <summary>What the search came to, in a sentence or two.</summary>
    /// <param name="tuning">The tuning.</param>
    public static string Headline(TuningRecord tuning)
    {
        ArgumentNullException.ThrowIfNull(tuning);
        if (!tuning.Finished)
        {
            return $"Not finished: {NumberText.Count(tuning.Rules.Sum(rule => rule.Trials.Count))} trials are done, and there are no winners yet.";
        }

        var best = tuning.Rules.Where(rule => rule.Winner is not null).MinBy(Error);
        if (best is null)
        {
            return "No rule has a winner: no full training completed.";
        }

        var over = Tuned(best) is null ? "" : $" over {Seeds(tuning.Spec.Seeds)}";
        return $"Lowest validation error{over}: {RuleText.Name(best.Rule)}, {NumberText.Error(Error(best), tuning.Data.Classification)}. "
            + "The validation examples chose the settings, so their error flatters; `fa train winners.json` tests.";
    }

    /// <summary>A rule's validation errors with its winner, over the spec's seeds; null where they are not known.</summary>
    /// <param name="rule">The search for a rule.</param>
    public static Summary? Tuned(RuleTuningRecord rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Winner is { } winner ? Errors(rule, winner.Trial) : null;
    }

    /// <summary>A rule's validation errors with the spec's own setting, over the spec's seeds; null where they are not known.</summary>
    /// <param name="rule">The search for a rule.</param>
    public static Summary? Untuned(RuleTuningRecord rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Errors(rule, OwnSetting);
    }

    /// <summary>The error to show for a rule's winner: over the spec's seeds; where it is not known, that of the search.</summary>
    /// <param name="rule">The search for a rule.</param>
    public static double? Error(RuleTuningRecord rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Tuned(rule)?.Mean ?? rule.Winner?.ValidationError;
    }

    /// <summary>What tuning gained, rule by rule, and whether that is more than noise.</summary>
    /// <param name="tuning">The tuning.</param>
    public static IReadOnlyList<string> Gains(TuningRecord tuning)
    {
        ArgumentNullException.ThrowIfNull(tuning);
        return tuning.Spec.Tuning?.FinalSeeds is null ? []
            : [.. tuning.Rules.Where(rule => rule.Winner is not null).Select(rule => $"{rule.Rule}: {Gain(rule, tuning)}")];
    }

    /// <summary>What to be wary of: winners at an end of a range, and rules without one.</summary>
    /// <param name="tuning">The tuning.</param>
    public static IReadOnlyList<string> Warnings(TuningRecord tuning)
    {
        ArgumentNullException.ThrowIfNull(tuning);
        return
        [
            .. tuning.Spec.Tuning?.FinalSeeds is null
                ?
                [
                    "Version 0.1 began this tuning: the spec's own setting was no trial, so a winner can be worse than it; tune in a new "
                    + "folder to compare",
                ]
                : (string[])[],
            .. tuning.Rules.Where(rule => tuning.Finished && rule.Winner is null).Select(rule =>
                $"{rule.Rule}: {(rule.Finals.Count > 0 ? "every finalist diverged with a final seed" : "no full training completed")}; "
                    + "search lower learning rates"),
            .. tuning.Rules.SelectMany(rule => (rule.Winner?.Edges ?? []).Select(edge =>
                $"{rule.Rule}: the winner's {edge.Setting} {NumberText.Significant(edge.Value)} lies at the {(edge.Upper ? "upper" : "lower")} end of its range, {NumberText.Significant(edge.End)}; the range was too small")),
        ];
    }

    /// <summary>How it was searched, and at what cost.</summary>
    internal static string Search(TuningRecord tuning)
    {
        var spec = tuning.Spec.Tuning!;
        var own = spec.FinalSeeds is null ? "" : ", the spec's own and others,";
        var way = spec.Method == TuningMethodIds.Random
            ? $"{NumberText.Count(spec.Trials)} settings for each rule{own} spread evenly over its ranges, each trained in full"
            : $"successive halving (η = {spec.Eta}, {spec.Rungs} rungs) for each rule, with the budget of "
                + $"{NumberText.Count(spec.Trials)} full trainings"
                + (spec.FinalSeeds is null ? "" : ", one of them for the spec's own setting");
        var lost = tuning.BudgetExamples - tuning.PlannedExamples;
        return $"{way}; {NumberText.Count(tuning.FullExamples)} examples are a full training, root {Seeds(spec.TrialSeeds ?? [])}. "
            + $"Each rule was given {NumberText.Count(tuning.BudgetExamples)} examples"
            + (lost > 0 ? $", of which {NumberText.Count(lost)} are lost in rounding" : "")
            + "; a trial that diverged has spent all of its own."
            + (spec.FinalSeeds is null ? ""
                : $" Beyond that budget, {Seeds(spec.FinalSeeds)} chose between finalists, and {Seeds(tuning.Spec.Seeds)} reported.");
    }

    /// <summary>E.g. <c>seed 1</c> or <c>seeds 1, 2, 3</c>.</summary>
    internal static string Seeds(IReadOnlyList<ulong> seeds) => $"seed{(seeds.Count == 1 ? "" : "s")} {string.Join(", ", seeds)}";

    /// <summary>The validation errors of a trial, one a seed; null if it diverged.</summary>
    internal static Summary? Errors(TrialRecord trial)
        => trial.Status == RunStatus.Completed ? Summary.Of(trial.Runs.Select(run => run.ValidationError)) : null;

    private static string Gain(RuleTuningRecord rule, TuningRecord tuning)
    {
        if (rule.Winner is { Trial: OwnSetting })
        {
            return "the spec's own setting stays; no other was better by more than noise.";
        }

        if (rule.Gain is not { } gain)
        {
            return rule.Reported.Any(trial => trial.Trial == OwnSetting)
                ? "the gain of tuning is unknown, because a training with the spec's seeds diverged."
                : "the spec's own setting diverged in the search, so there is nothing to compare with.";
        }

        var lines = NumberText.Difference(gain, tuning.Data.Classification).Split('\n');
        var interval = lines.Length > 1 ? $", 95 % interval {lines[1].Trim('[', ']').Replace(", ", " to ", StringComparison.Ordinal)}" : "";
        var over = $"{lines[0]} on validation over {Seeds(tuning.Spec.Seeds)}{interval}";
        return gain switch
        {
            { HalfWidth: null } => $"tuning gained {over}; a single seed cannot tell this from noise.",
            { Low: > 0 } => $"tuning gained {over}.",
            { High: < 0 } => $"tuning made the rule worse, by {over}.",
            _ => $"the gain of tuning is within noise: {over}.",
        };
    }

    private static Summary? Errors(RuleTuningRecord rule, int number)
        => rule.Reported.FirstOrDefault(trial => trial.Trial == number) is { } reported ? Errors(reported) : null;
}
