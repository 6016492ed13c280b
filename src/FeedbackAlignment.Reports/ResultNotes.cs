using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Reports;

/// <summary>What an experiment's data, network and training leave open, a sentence or two each; only what is true of this one.</summary>
internal static class ResultNotes
{
    /// <summary>Below so many validation examples, one more or less wrong is a step that a choice of weights can hang on.</summary>
    private const int FewExamples = 100;

    /// <summary>Below so many steps, hardly anything can be learned.</summary>
    private const double FewSteps = 20;

    /// <summary>Inputs beyond this are far from what initial weights and learning rates are made for.</summary>
    private const double FarInput = 20;

    /// <summary>The notes on an experiment, the most important first.</summary>
    public static IEnumerable<string> Of(ExperimentRecord experiment)
    {
        var results = RuleResults.Of([experiment]);
        List<ComparisonRow> rows = [.. results.Select(ComparisonRow.Of)];
        return new[]
        {
            Inputs(experiment, rows), LossGrew(experiment, results), Steps(experiment), NoHiddenLayer(experiment),
                Same(experiment, results), TestSize(experiment.Data,
                rows), Seeds(rows),
            ValidationSize(experiment.Data), NoBaseline(experiment.Data, rows),
        }.OfType<string>();
    }

    private static string? Inputs(ExperimentRecord experiment, List<ComparisonRow> rows)
    {
        if (experiment.Data.Baseline is not { } baseline
            || Math.Max(Math.Abs(baseline.LeastInput), Math.Abs(baseline.GreatestInput)) <= FarInput)
        {
            return null;
        }

        var range = $"The inputs reach from {NumberText.Significant(baseline.LeastInput)} to {NumberText.Significant(baseline.GreatestInput)}; "
            + "networks like this one expect inputs near 1.";
        var failed = rows.Any(row => row.Diverged > 0 || Evidence.Beats(row) is Learned.NoEvidence or Learned.Hardly);
        var advice = failed
            ? "The scale of the inputs may be why a rule failed here, so do not blame the rule before you have scaled them"
            : "Scaled inputs may give smaller errors";
        return $"{range} {advice} ({Remedy(experiment.Spec.Data)}).";
    }

    /// <summary>Data that are known by name are never standardized, and standardized ones not again.</summary>
    private static string Remedy(DataSpec data) =>
        (data.Standardize is null or StandardizeIds.None) && !SpecVocabulary.DataSources.Contains(data.Source) ? "--standardize inputs"
            : "data.inputScale";

    /// <summary>
    /// A loss that grows while the error falls: outputs without bound, which a table of errors does not show. After a few steps a loss says
    /// nothing yet.
    /// </summary>
    private static string? LossGrew(ExperimentRecord experiment, IReadOnlyList<RuleResults> results)
    {
        var grown = results.Select(rule => (rule, grew: rule.Completed.Where(run => run.LossGrew).ToList()))
            .Where(rule => rule.grew.Count > 0).ToList();
        if (grown.Count == 0 || Steps(experiment) is not null)
        {
            return null;
        }

        var which = grown.Select(rule => $"{ComparisonRow.Of(rule.rule).RuleName} in {NumberText.Count(rule.grew.Count)} of "
            + Sentence.Count(rule.rule.Runs.Count, "run"));
        var worst = grown.SelectMany(rule => rule.grew).MaxBy(run => run.Curve[^1].ValidationLoss! / run.Curve[0].ValidationLoss!)!.Curve;
        var remedy = experiment.Spec.Optimizer.ClipNorm is null ? ", more weight decay or clipping (optimizer.clipNorm)"
            : " or more weight decay";
        return $"The validation loss ended higher than before the training under {Sentence.List([.. which])} "
            + $"(at most {NumberText.Significant(worst[^1].ValidationLoss!.Value)} after "
            + $"{NumberText.Significant(worst[0].ValidationLoss!.Value)}). "
            + "Outputs on misread examples then grow even while the error falls, and a longer training may diverge. "
            + $"Try a smaller learning rate{remedy}.";
    }

    private static string? Steps(ExperimentRecord experiment)
    {
        var batch = Math.Max(1, experiment.Spec.Training.BatchSize);
        var run = experiment.Runs.Where(run => run.Status.IsEnd()).MinBy(run => run.Examples);
        if (run is null || run.Examples <= 0)
        {
            return null;
        }

        var perEpoch = Math.Ceiling((double)experiment.Data.Train / batch);
        var steps = Math.Max(1, Math.Round(run.Epochs * perEpoch));
        return steps >= FewSteps ? null
            : $"The weights were changed only {(steps == 1 ? "once" : $"{NumberText.Count((long)steps)} times")} ({NumberText.Count(run.Examples)} examples in batches of {NumberText.Count(batch)})"
            + ", which is hardly any training. Take smaller batches or more epochs.";
    }

    private static string? NoHiddenLayer(ExperimentRecord experiment)
    {
        if (NetworkText.HiddenLayers(experiment.Spec) != 0)
        {
            return null;
        }

        List<RuleRecord> same = [.. Run(experiment).Where(rule => rule.Parts.Count == 0 && rule.Route is RuleRoute.LayerByLayer or RuleRoute.Direct or RuleRoute.FirstThenForward or RuleRoute.None)];
        return "This network has no hidden layer, so no error has to be sent back and no random feedback weights are used."
            + (same.Count > 1 ? $" {Sentence.Capital(Sentence.List([.. same.Select(rule => rule.Name)]))} are the same rule here." : "");
    }

    /// <summary>Rules whose runs are the same to the last bit, and why where that is known.</summary>
    private static string? Same(ExperimentRecord experiment, IReadOnlyList<RuleResults> results)
    {
        var layers = NetworkText.HiddenLayers(experiment.Spec);
        var groups = results.Where(result => result.Completed.Any(run => run.Curve.Count > 0))
            .GroupBy(result => string.Join('|', result.Runs.OrderBy(run => run.Seed).Select(Course))).Where(group => group.Count() > 1).ToList();
        if (layers == 0 || groups.Count == 0)
        {
            return null;
        }

        bool Is(string id, RuleResults result) => result.Rule == id;
        return string.Join(' ', groups.Select(group =>
        {
            var reason = layers == 1 && group.Any(result => Is("feedback-alignment", result)) && group.Any(result => Is("direct-feedback-alignment", result))
                ? "With one hidden layer, feedback alignment and direct feedback alignment are the same rule. " : "";
            return $"{reason}{Sentence.Capital(Sentence.List([.. group.Select(result => ComparisonRow.Of(result).RuleName)]))} gave exactly the same results, so in the charts one line hides the {(group.Count() == 2 ? "other" : "others")}.";
        }));
    }

    private static string Course(RunRecord run) => string.Join(';', run.Curve.Select(point => $"{point.Examples}:{point.TrainLoss:R}:{point.ValidationLoss:R}").Prepend($"{run.Seed}:{run.TestError:R}"));

    private static string? TestSize(DataRecord data, List<ComparisonRow> rows)
    {
        var row = rows.Find(row => row.Rule == RuleText.Backpropagation && row.TestError is not null) ?? rows.Find(row => row.TestError is not null);
        if (!data.Classification || row is null || data.Test < 1)
        {
            return null;
        }

        var (low, high) = Evidence.Wilson(Math.Clamp(row.TestError!.Mean, 0, 1), data.Test);
        return $"Because there are {Sentence.Count(data.Test, "test example")}, an error of {NumberText.Error(row.TestError.Mean, true)} is known only to lie between {NumberText.Error(low, true)} and "
            + $"{NumberText.Error(high, true)} (95 % interval). A difference between rules that so few examples cannot show is not counted as evidence.";
    }

    private static string? Seeds(List<ComparisonRow> rows) => rows.Count > 1 && rows.Max(row => row.TestError?.Count ?? 0) == 2
        ? "With two seeds the intervals are very wide. More seeds would show smaller differences."
        : null;

    private static string? ValidationSize(DataRecord data) => data is { Classification: true, Validation: > 0 and < FewExamples }
        ? $"{(data.Validation == 1 ? "There is one validation example" : $"There are only {NumberText.Count(data.Validation)} validation examples")}, so the validation error moves in steps of "
            + $"{NumberText.Format(100.0 / data.Validation, "0.##")} %. It says little about which weights are best."
        : null;

    private static string? NoBaseline(DataRecord data, List<ComparisonRow> rows) => data.Baseline is null && rows.Any(row => row.TestError is not null)
        ? "This record was made by version 0.1, which did not measure what a constant answer scores. So it cannot tell whether a rule learned anything."
        : null;

    private static IEnumerable<RuleRecord> Run(ExperimentRecord experiment) => experiment.Rules.Where(rule => experiment.Spec.Rules.Contains(rule.Id));
}
