using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>
/// The first sentence of a result: how well the network did with backpropagation, with random feedback, and without feedback.
/// </summary>
internal static class ScoreText
{
    /// <summary>The sentence.</summary>
    /// <param name="rows">The rows that have a test error.</param>
    /// <param name="data">The data.</param>
    /// <param name="layers">Hidden layers; null if not known.</param>
    public static string Of(IReadOnlyList<ComparisonRow> rows, DataRecord data, int? layers)
    {
        var told = rows.Count < RuleText.Many ? rows : Chosen(rows);
        List<string> rules = [.. told.Select(row => $"with {row.RuleName}{(layers == 0 ? "" : Gloss(row))}")];
        if (data.Classification)
        {
            rules[0] = $"{Score(told[0])} of {Sentence.Count(data.Test, "test example")} correctly {rules[0]}";
            return $"{Seeds(told)}, the network answered {Sentence.List([rules[0], .. told.Skip(1).Zip(rules.Skip(1), (row, rule) => $"{Score(row)} {rule}")])}.";
        }

        var scores = Sentence.List([.. told.Zip(rules, (row, rule) => $"{Score(row)} {rule}")]);
        var constant = data.Baseline?.TestError is { } error ? $"; always answering the mean of the training targets gives {NumberText.Significant(error)}" : "";
        return $"{Seeds(told)}, the normalized squared test error is {scores}{constant}.";
    }

    private static string Score(ComparisonRow row) => row.Classification ? NumberText.Error(1 - row.TestError!.Mean, true) : NumberText.Error(row.TestError!.Mean, false);

    private static string Gloss(ComparisonRow row) => row.HasFixedFeedback ? " (fixed random feedback)" : row.TeachesHiddenLayers ? "" : " (no feedback to the hidden layers)";

    private static string Seeds(IReadOnlyList<ComparisonRow> rows)
    {
        var (least, most) = (rows.Min(row => row.TestError!.Count), rows.Max(row => row.TestError!.Count));
        return most == 1 ? "With one seed" : least == most ? $"On average over {most} seeds" : $"On average over {least} to {most} seeds";
    }

    /// <summary>Of many rules: backpropagation, the best with random feedback, and the controls.</summary>
    private static List<ComparisonRow> Chosen(IReadOnlyList<ComparisonRow> rows)
    {
        var random = rows.Where(row => row.HasFixedFeedback).MinBy(row => row.TestError!.Mean);
        List<ComparisonRow> chosen = [.. rows.Where(row => row.Rule == RuleText.Backpropagation || row == random || !row.TeachesHiddenLayers)];
        return chosen.Count > 0 ? chosen : [rows.MinBy(row => row.TestError!.Mean)!];
    }
}
