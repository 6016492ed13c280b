using FeedbackAlignment.Experiments.Comparisons;

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

        var told = learned.ToLookup(row => Evidence.Compare(row, reference));

        // Without a hidden layer, a note says that identical ones are the same rule.
        ComparisonRow[] identical = layers == 0 ? [] : [.. told[Difference.Identical]];
        Groups groups = new(
            identical, [.. told[Difference.NoEvidence]], [.. told[Difference.CannotDecide]],
            [.. learned.Where(row => Evidence.Compare(row, reference) is Difference.Worse or Difference.Better)]);
        var sentences = rows.Count < RuleText.Many ? Few(reference, groups, layers) : Many(reference, groups, rows);
        var control = identical.Concat(groups.Alike).FirstOrDefault(row => !row.TeachesHiddenLayers);
        return control is null || groups.Apart.Count > 0 || groups.Open.Count > 0 || layers == 0 || learned.Count < rows.Count - 1
            ? sentences
            : sentences.Append($"This task does not tell the rules apart: as far as these runs can show, {control.RuleName}, which leaves "
                + "the hidden layers as they were drawn, did as well. The result says nothing about how well random feedback teaches "
                + "hidden layers.");
    }

    /// <summary>Rules by what the tests say of them against backpropagation.</summary>
    private sealed record Groups(
        IReadOnlyList<ComparisonRow> Identical, IReadOnlyList<ComparisonRow> Alike, IReadOnlyList<ComparisonRow> Open,
        IReadOnlyList<ComparisonRow> Apart);

    private static IEnumerable<string> Few(ComparisonRow reference, Groups groups, int? layers)
    {
        if (groups.Identical.Count > 0)
        {
            yield return Same(groups.Identical);
        }

        if (groups.Alike.Count > 0)
        {
            yield return "There is no evidence of a difference from backpropagation for "
                + $"{Sentence.List([.. groups.Alike.Select(row => $"{row.RuleName} ({Interval(row)})")])}.";
        }

        foreach (var open in groups.Open.GroupBy(row => (row.Paired!.Seeds, row.Paired.LeastSeeds)))
        {
            var names = Sentence.List([.. open.Select(row => $"{row.RuleName} ({Interval(row)})")]);
            yield return open.Key.Seeds == 0 ? $"No seed has results of both backpropagation and {names}, so nothing can be decided."
                : Sentence.Capital($"{TestText.Seeds(open.Key.Seeds)} cannot decide whether {names} "
                    + $"{(open.Count() == 1 ? "differs" : "differ")} from backpropagation; at least {open.Key.LeastSeeds} are needed.");
        }

        foreach (var row in groups.Apart)
        {
            var gloss = row.TeachesHiddenLayers || layers == 0 ? "" : ", where only the output layer learns,";
            yield return Sentence.Capital($"{row.RuleName}{gloss} ended {Distance(row, reference)} than backpropagation{Bounds(row)}.");
        }
    }

    /// <summary>Of many rules, without a sentence for each.</summary>
    private static IEnumerable<string> Many(ComparisonRow reference, Groups groups, IReadOnlyList<ComparisonRow> rows)
    {
        var of = $"Of {Sentence.Count(rows.Count - 1, "other rule")}, ";
        if (groups.Identical.Count > 0)
        {
            yield return Same(groups.Identical);
        }

        if (groups.Alike.Count > 0)
        {
            yield return $"{of}{groups.Alike.Count} {(groups.Alike.Count == 1 ? "shows" : "show")} no evidence of a difference from "
                + $"backpropagation: {Range(groups.Alike)}.";
            of = "";
        }

        foreach (var open in groups.Open.GroupBy(row => TestText.CannotDecide(row.Paired!)))
        {
            yield return Sentence.Capital($"{of}nothing is decided of {open.Count()} ({open.Key}): {Range([.. open])}.");
            of = "";
        }

        foreach (var group in groups.Apart.GroupBy(row => Evidence.Compare(row, reference)).OrderBy(group => group.Key))
        {
            yield return Sentence.Capital($"{of}{group.Count()} ended measurably {(group.Key == Difference.Worse ? "worse" : "better")}: {Range([.. group])}.");
            of = "";
        }

        foreach (var control in rows.Where(row => !row.TeachesHiddenLayers && HasLearned(row)))
        {
            var family = PairedFamily.Of(rows.Select(row => row.Results), control.Results);
            var worse = rows.Join(family.Comparisons, row => row.Rule, pair => pair.Group, (row, pair) => (row, pair))
                .Where(rule => Evidence.Compare(rule.row, control, rule.pair) == Difference.Worse).Select(rule => rule.row.RuleName)
                    .ToList();
            yield return $"{Sentence.Capital(control.RuleName)}, where only the output layer learns, ended at {Error(control)}; "
                + (worse.Count == 0 ? "no rule was measurably worse." : $"measurably worse than that {(worse.Count == 1 ? "was" : "were")} {Sentence.List(worse)}.");
        }
    }

    private static string Same(IReadOnlyList<ComparisonRow> rows)
        => $"{Sentence.Capital(Sentence.List([.. rows.Select(row => row.RuleName)]))} and backpropagation have identical test errors "
            + $"with {(rows[0].Paired!.Seeds == 1 ? "the one seed" : "every seed")}.";

    private static bool HasLearned(ComparisonRow row) => Evidence.Beats(row) is not (Learned.NoEvidence or Learned.Hardly);

    private static string Range(IReadOnlyList<ComparisonRow> rows)
    {
        var (best, worst) = (rows.MinBy(row => row.TestError!.Mean)!, rows.MaxBy(row => row.TestError!.Mean)!);
        return best == worst ? $"{best.RuleName} ({Error(best)})" : $"from {best.RuleName} ({Error(best)}) to {worst.RuleName} ({Error(worst)})";
    }

    private static string Error(ComparisonRow row) => NumberText.Error(row.TestError!.Mean, row.Classification);

    /// <summary>The difference and its interval, as the table has them.</summary>
    private static string Interval(ComparisonRow row)
    {
        var lines = NumberText.Difference(row.Difference, row.Classification).Split('\n');
        var corrected = row.Paired?.T is { P: <= PairedFamily.Level, AdjustedP: > PairedFamily.Level } test
            ? $", p = {TestText.P(test.P)}, after Holm’s correction {TestText.P(test.AdjustedP)}" : "";
        return lines.Length == 1 ? lines[0]
            : $"{lines[0]}, 95 % interval {lines[1].Trim('[', ']').Replace(", ", " to ", StringComparison.Ordinal)}{corrected}";
    }

    /// <summary>The interval of a difference in the direction it is told in.</summary>
    private static string Bounds(ComparisonRow row)
    {
        if (row.Difference is not { HalfWidth: not null } paired || !row.Classification)
        {
            return $" ({Error(row)})";
        }

        var (a, b) = (Math.Abs(paired.Low!.Value), Math.Abs(paired.High!.Value));
        return $" ({Error(row)}; 95 % interval of the difference {NumberText.Format(100 * Math.Min(a, b), "0.0")} to {NumberText.Format(100 * Math.Max(a, b), "0.0")} points)";
    }

    private static string Distance(ComparisonRow row, ComparisonRow reference)
    {
        var gap = row.Difference?.Mean ?? (row.TestError!.Mean - reference.TestError!.Mean);
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
