namespace FeedbackAlignment.Reports;

/// <summary>
/// What a result says of rules beside backpropagation. A difference is told as one only where the test shows it; where it does not, that
/// is never called equality.
/// </summary>
internal static class DifferenceText
{
    /// <summary>The sentences.</summary>
    /// <param name="reference">Backpropagation.</param>
    /// <param name="rows">All rows that have a test error.</param>
    /// <param name="layers">Hidden layers; null if not known.</param>
    public static IEnumerable<string> Of(ComparisonRow reference, IReadOnlyList<ComparisonRow> rows, int? layers)
    {
        // Of what learned nothing, it was said that it did; a distance to it or from it means nothing.
        var learned = rows.Where(row => row != reference && HasLearned(row)).ToList();
        if (learned.Count == 0 || !HasLearned(reference))
        {
            return [];
        }

        var alike = learned.Where(row => Evidence.Compare(row, reference) == Difference.NoEvidence).ToList();
        List<ComparisonRow> apart = [.. learned.Except(alike)];
        if (layers == 0)
        {
            // A note says that they are the same rule.
            alike.RemoveAll(row => row.Errors.All(error => reference.Errors.TryGetValue(error.Key, out var other) && other == error.Value));
        }

        IEnumerable<string> sentences = rows.Count < RuleText.Many ? Few(reference, alike, apart, layers) : Many(reference, alike, apart, rows);
        var control = alike.Find(row => !row.TeachesHiddenLayers);
        return control is null || apart.Count > 0 || layers == 0 || learned.Count < rows.Count - 1 ? sentences
            : sentences.Append($"This task does not tell the rules apart: as far as these runs can show, {control.RuleName}, which leaves the hidden layers as they were drawn, did as well. The result says nothing about how well random feedback teaches hidden layers.");
    }

    private static IEnumerable<string> Few(ComparisonRow reference, List<ComparisonRow> alike, List<ComparisonRow> apart, int? layers)
    {
        if (alike.Count > 0)
        {
            yield return $"There is no evidence of a difference from backpropagation for {Sentence.List([.. alike.Select(row => $"{row.RuleName} ({Interval(row, reference)})")])}.";
        }

        foreach (var row in apart)
        {
            var gloss = row.TeachesHiddenLayers || layers == 0 ? "" : ", where only the output layer learns,";
            yield return Sentence.Capital($"{row.RuleName}{gloss} ended {Distance(row, reference)} than backpropagation{Bounds(row, reference)}.");
        }
    }

    /// <summary>Of many rules, without a sentence for each.</summary>
    private static IEnumerable<string> Many(ComparisonRow reference, List<ComparisonRow> alike, List<ComparisonRow> apart, IReadOnlyList<ComparisonRow> rows)
    {
        var of = $"Of {Sentence.Count(rows.Count - 1, "other rule")}, ";
        if (alike.Count > 0)
        {
            yield return $"{of}{alike.Count} {(alike.Count == 1 ? "shows" : "show")} no evidence of a difference from backpropagation: {Range(alike)}.";
            of = "";
        }

        foreach (var group in apart.GroupBy(row => Evidence.Compare(row, reference)).OrderBy(group => group.Key))
        {
            yield return Sentence.Capital($"{of}{group.Count()} ended measurably {(group.Key == Difference.Worse ? "worse" : "better")}: {Range([.. group])}.");
            of = "";
        }

        foreach (var control in rows.Where(row => !row.TeachesHiddenLayers && HasLearned(row)))
        {
            var worse = rows.Where(row => row != control && Evidence.Compare(row, control) == Difference.Worse).Select(row => row.RuleName).ToList();
            yield return $"{Sentence.Capital(control.RuleName)}, where only the output layer learns, ended at {Error(control)}; "
                + (worse.Count == 0 ? "no rule was measurably worse." : $"measurably worse than that {(worse.Count == 1 ? "was" : "were")} {Sentence.List(worse)}.");
        }
    }

    private static bool HasLearned(ComparisonRow row) => Evidence.Beats(row) is not (Learned.NoEvidence or Learned.Hardly);

    private static string Range(List<ComparisonRow> rows)
    {
        var (best, worst) = (rows.MinBy(row => row.TestError!.Mean)!, rows.MaxBy(row => row.TestError!.Mean)!);
        return best == worst ? $"{best.RuleName} ({Error(best)})" : $"from {best.RuleName} ({Error(best)}) to {worst.RuleName} ({Error(worst)})";
    }

    private static string Error(ComparisonRow row) => NumberText.Error(row.TestError!.Mean, row.Classification);

    /// <summary>The difference and its interval, as the table has them.</summary>
    private static string Interval(ComparisonRow row, ComparisonRow reference)
    {
        var lines = NumberText.Difference(Evidence.Paired(row, reference), row.Classification).Split('\n');
        return lines.Length == 1 ? lines[0] : $"{lines[0]}, 95 % interval {lines[1].Trim('[', ']').Replace(", ", " to ", StringComparison.Ordinal)}";
    }

    /// <summary>The interval of a difference in the direction it is told in.</summary>
    private static string Bounds(ComparisonRow row, ComparisonRow reference)
    {
        if (Evidence.Paired(row, reference) is not { HalfWidth: not null } paired || !row.Classification)
        {
            return $" ({Error(row)})";
        }

        var (a, b) = (Math.Abs(paired.Low!.Value), Math.Abs(paired.High!.Value));
        return $" ({Error(row)}; 95 % interval of the difference {NumberText.Format(100 * Math.Min(a, b), "0.0")} to {NumberText.Format(100 * Math.Max(a, b), "0.0")} points)";
    }

    private static string Distance(ComparisonRow row, ComparisonRow reference)
    {
        var gap = Evidence.Paired(row, reference)!.Mean;
        var way = gap > 0 ? "worse" : "better";
        if (row.Classification)
        {
            return $"{NumberText.Format(100 * Math.Abs(gap), Math.Abs(gap) < 0.001 ? "0.00" : "0.0")} percentage points {way}";
        }

        var factor = row.TestError!.Mean / reference.TestError!.Mean;
        return !double.IsFinite(factor) || factor <= 0 || factor > 1 != gap > 0 ? way : $"{Factor(factor > 1 ? factor : 1 / factor)} times {way}";
    }

    private static string Factor(double factor) => factor < 1e4 ? NumberText.Format(factor, factor < 10 ? "0.0" : "0") : NumberText.Format(factor, "0e+0");
}
