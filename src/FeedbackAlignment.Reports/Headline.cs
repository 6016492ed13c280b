using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>
/// The result of an experiment in plain words. The first sentence has the scores; each other sentence is there only where the data bear
/// it out.
/// </summary>
internal static class Headline
{
    /// <summary>The sentences for the rows of one experiment.</summary>
    /// <param name="rows">The rows, at least one.</param>
    /// <param name="experiment">The experiment.</param>
    public static string Of(IReadOnlyList<ComparisonRow> rows, ExperimentRecord experiment)
    {
        var scored = rows.Where(row => row.TestError is not null).ToList();
        if (scored.Count == 0)
        {
            return NoScore(rows, experiment.Data);
        }

        var layers = NetworkText.HiddenLayers(experiment.Spec);
        var reference = scored.Find(row => row.Rule == RuleText.Backpropagation);
        List<string> sentences = [ScoreText.Of(scored, experiment.Data, layers), .. NotLearned(scored)];
        if (reference is null)
        {
            sentences.Add(rows.Any(row => row.Rule == RuleText.Backpropagation)
                ? "Backpropagation has no test error, so there is nothing to compare with."
                : "Backpropagation was not part of this experiment, so there is nothing to compare with.");
        }
        else
        {
            sentences.AddRange(DifferenceText.Of(reference, scored, layers));
            if (rows.Count == 1)
            {
                sentences.Add("No other rule was run, so there is nothing to compare it with.");
            }
        }

        if (scored.All(row => row.TestError!.Count == 1))
        {
            sentences.Add(scored.Count == 1 ? "There is one seed, so the spread between seeds is not known." : "Each rule has one seed, so the spread between seeds is not known and these differences may be chance.");
        }

        sentences.AddRange(rows.Select(Incomplete).OfType<string>());
        return string.Join(' ', sentences);
    }

    private static string NoScore(IReadOnlyList<ComparisonRow> rows, DataRecord data)
    {
        var ended = rows.Sum(row => row.Completed);
        if (ended == 0)
        {
            return $"No run came to its end ({Outcomes(rows)}), so there is no test error to report.";
        }

        var came = $"{Sentence.Count(ended, "run")} came to {(ended == 1 ? "its" : "their")} end, but";
        return data is { Classification: false, Baseline: { TestError: null } }
            ? $"{came} there is no test error: every test target is 0, and the error is measured relative to the targets."
            : $"{came} no test error was recorded.";
    }

    private static IEnumerable<string> NotLearned(List<ComparisonRow> rows)
    {
        var constant = rows[0].Classification
            ? $"always answering the most frequent class of the training examples is right on {NumberText.Error(1 - rows[0].Baseline?.TestError, true)} of the test examples"
            : $"always answering the mean of the training targets gives {NumberText.Significant(rows[0].Baseline?.TestError ?? double.NaN)}";
        var nothing = rows.Where(row => Evidence.Beats(row) == Learned.NoEvidence).ToList();
        if (nothing.Count > 0)
        {
            var who = nothing.Count == rows.Count && rows.Count > 1 ? "any rule" : Names(nothing);
            yield return $"There is no evidence that {who} learned anything: {constant}.";
        }

        var hardly = rows.Where(row => Evidence.Beats(row) == Learned.Hardly).ToList();
        if (hardly.Count > 0)
        {
            yield return Sentence.Capital(nothing.Count > 0 ? $"{Names(hardly)} did little better than that." : $"{Names(hardly)} learned hardly anything: {constant}.");
        }
    }

    private static string Names(List<ComparisonRow> rows) => Sentence.List([.. rows.Select(row => row.RuleName)]);

    private static string? Incomplete(ComparisonRow row)
    {
        var all = row.Completed + row.Diverged + row.Cancelled;
        if (row.Diverged + row.Cancelled == 0)
        {
            return null;
        }

        var outcome = row.Cancelled == 0 ? "diverged" : row.Diverged == 0 ? (row.Cancelled == 1 ? "was cancelled" : "were cancelled") : "diverged or were cancelled";
        var stopped = row.Diverged + row.Cancelled;
        return row.Completed == 0
            ? $"{Sentence.Capital(row.RuleName)} has no result: {(all == 1 ? "its only run" : $"all {all} runs")} {outcome}."
            : $"{stopped} of {all} runs of {row.RuleName} {outcome} and {(stopped == 1 ? "is" : "are")} left out of its mean.";
    }

    private static string Outcomes(IReadOnlyList<ComparisonRow> rows) => string.Join(", ", new[]
    {
        (rows.Sum(row => row.Diverged), "diverged"),
        (rows.Sum(row => row.Cancelled), rows.Sum(row => row.Cancelled) == 1 ? "was cancelled" : "were cancelled"),
        (rows.Sum(row => row.NotStarted), "never started"),
    }.Where(part => part.Item1 > 0).Select(part => $"{part.Item1} {part.Item2}").DefaultIfEmpty("none was recorded"));
}
