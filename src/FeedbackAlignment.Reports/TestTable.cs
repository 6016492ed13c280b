using FeedbackAlignment.Experiments.Comparisons;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports;

/// <summary>One rule in a <see cref="TestTable"/>.</summary>
/// <param name="Name">The rule's id, or the name of a cell.</param>
/// <param name="Comparison">It against the reference.</param>
/// <param name="Difference">The mean difference and its 95 % interval.</param>
/// <param name="EffectSize">d_z with Hedges' correction.</param>
/// <param name="T">p of the paired t-test after the correction.</param>
/// <param name="Wilcoxon">p of Wilcoxon's test after the correction; a dash where so few seeds cannot reach the level.</param>
/// <param name="Finding">What the tests say together.</param>
/// <param name="Answers">Pairs of networks that differ on the test examples, of those compared; empty if none was.</param>
public sealed record TestRow(
    string Name, PairedComparison Comparison, string Difference, string EffectSize, string T, string Wilcoxon, string Finding,
    string Answers);

/// <summary>Paired tests as the page and the console show them: the same cells, and the same notes below them.</summary>
public sealed record TestTable
{
    /// <summary>A study may have hundreds of comparisons; notes name so many.</summary>
    private const int MostNamed = 8;

    /// <summary>What the rows are compared with.</summary>
    public required string Reference { get; init; }

    /// <summary>A row for each comparison.</summary>
    public required IReadOnlyList<TestRow> Rows { get; init; }

    /// <summary>Whether there is any number of a test to show.</summary>
    public bool HasTests => Rows.Any(row => row.Comparison.T is not null || row.Comparison.Wilcoxon is { CanDecide: true });

    /// <summary>Whether single test examples were compared.</summary>
    public required bool HasAnswers { get; init; }

    /// <summary>The family, in words: how many comparisons, and with what.</summary>
    public required string Family { get; init; }

    /// <summary>What must be known to read the table, a sentence or two each; only what is true of it.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What stands over the columns of a row on a page.</summary>
    public static IReadOnlyList<string> Headings { get; } =
        ["Rule", "Difference, 95 % interval", "d_z", "t-test p", "Wilcoxon p", "Result", "Networks that differ"];

    /// <summary>The tests of an experiment's rules.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="against">
    /// The id of the rule that the others are compared with; null, or a rule that was not run: backpropagation, else the first rule.
    /// </param>
    /// <returns>Null if there is no pair of rules.</returns>
    public static TestTable? Of(ExperimentRecord experiment, string? against = null)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var rules = RuleResults.Of([experiment]);
        var reference = rules.Any(rule => rule.Rule == against) ? against
            : PairedFamily.BaselineOf(experiment, RuleText.Backpropagation);
        return reference is null || rules.Count < 2 || experiment.Runs.Count == 0 ? null
            : Of(Ordered(PairedFamily.OfTestErrors(experiment, reference)), AnswerComparison.Of(experiment.Runs, reference),
                experiment.Data.Classification);
    }

    /// <summary>The tests of any family of errors.</summary>
    /// <param name="family">The family, at least one comparison.</param>
    /// <param name="answers">The comparisons of single test examples that belong to it.</param>
    /// <param name="classification">Whether the errors are shares of misclassified examples.</param>
    public static TestTable Of(PairedFamily family, IReadOnlyList<AnswerComparison> answers, bool classification)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(answers);
        var references = family.Comparisons.Select(comparison => comparison.Reference).Distinct().ToList();
        return new TestTable
        {
            Reference = references.Count == 1 ? references[0] : "",
            Rows = [.. family.Comparisons.Select(comparison => Row(comparison, answers, classification))],
            HasAnswers = answers.Count > 0,
            Family = FamilyText(family),
            Notes = [.. NotesOf(family, answers, classification).Select(note => ForeignText.Line(note))],
        };
    }

    /// <summary>Many are in the order of their differences, as the rules of a long table are in that of their errors.</summary>
    private static PairedFamily Ordered(PairedFamily family) => family.Comparisons.Count + 1 < RuleText.Many ? family : family with
    {
        Comparisons = [.. family.Comparisons.OrderBy(comparison => comparison.Difference?.Mean ?? double.PositiveInfinity)],
    };

    private static TestRow Row(PairedComparison comparison, IReadOnlyList<AnswerComparison> answers, bool classification)
    {
        List<AnswerComparison> own = [.. answers.Where(pair => pair.Group == comparison.Group)];
        return new TestRow(
            comparison.Group,
            comparison,
            TestText.Difference(comparison, classification),
            comparison.EffectSize is { } effect ? NumberText.Format(effect, Math.Abs(effect) < 10 ? "0.0" : "0") : NumberText.None,
            TestText.P(comparison.T?.AdjustedP),
            comparison.Wilcoxon is { CanDecide: true } test ? TestText.P(test.AdjustedP) : NumberText.None,
            TestText.Finding(comparison),
            own.Count == 0 ? "" : $"{own.Count(pair => pair.Shows)}/{own.Count}");
    }

    private static string FamilyText(PairedFamily family)
        => family.Size == 0 ? "no comparison that needs a test"
            : family.Size == 1 ? "one comparison, no correction" : $"{family.Size} comparisons, p after Holm’s correction";

    private static IEnumerable<string> NotesOf(PairedFamily family, IReadOnlyList<AnswerComparison> answers, bool classification)
    {
        foreach (var open in family.Comparisons.Where(comparison => comparison.Finding == Finding.CannotDecide)
            .GroupBy(comparison => TestText.CannotDecide(comparison)))
        {
            yield return Sentence.Capital(open.Key)
                + (open.Count() == family.Comparisons.Count ? "." : $": {Names([.. open])}.");
        }

        List<PairedComparison> identical = [.. family.Comparisons.Where(comparison => comparison.Finding == Finding.Identical)];
        if (identical.Count > 0)
        {
            yield return $"Identical test errors: {Names(identical)}.";
        }

        if (family.Comparisons.Any(comparison => comparison is { T: not null, Wilcoxon: null or { CanDecide: false } }))
        {
            yield return $"Wilcoxon’s test cannot decide here; it needs at least {family.LeastWilcoxon} seeds that differ. The t-test "
                + "stands alone, and takes the differences for normally distributed.";
        }

        foreach (var line in Some([.. family.Comparisons.Where(comparison => comparison.Diverged > 0)], Diverged, "have diverged seeds"))
        {
            yield return line;
        }

        foreach (var line in Some(
            [.. family.Comparisons.Where(comparison => comparison.Pairs.Any(pair => pair.State == PairState.Missing))], Missing,
            "lack pairs"))
        {
            yield return line;
        }

        if (answers.Count == 0 && classification)
        {
            yield return "The seeds say nothing of other test examples, and answers to single test examples were not compared.";
        }
    }

    private static string Missing(PairedComparison comparison)
    {
        var seeds = comparison.Pairs.Where(pair => pair.State == PairState.Missing).Select(pair => pair.Seed).ToList();
        return $"{comparison.Group}: {SeedList(seeds)} {(seeds.Count == 1 ? "has" : "have")} no result on both sides and "
            + $"{(seeds.Count == 1 ? "makes no pair" : "make no pairs")}.";
    }

    /// <summary>A line for each of the first, and how many more there are.</summary>
    private static IEnumerable<string> Some(
        IReadOnlyList<PairedComparison> comparisons, Func<PairedComparison, string> line, string what)
        => comparisons.Take(MostNamed).Select(line)
            .Concat(comparisons.Count > MostNamed ? [$"{Sentence.Count(comparisons.Count - MostNamed, "more comparison")} {what}."] : []);

    private static string Names(List<PairedComparison> comparisons) => Sentence.List(
    [
        .. comparisons.Take(MostNamed).Select(comparison => comparison.Group),
        .. comparisons.Count > MostNamed ? (string[])[$"{NumberText.Count(comparisons.Count - MostNamed)} more"] : [],
    ]);

    private static string Diverged(PairedComparison comparison)
    {
        List<string> parts =
        [
            .. new[]
            {
                (Pairs: Of(PairState.Diverged), Who: comparison.Group),
                (Pairs: Of(PairState.ReferenceDiverged), Who: comparison.Reference),
                (Pairs: Of(PairState.BothDiverged), Who: $"both {comparison.Group} and {comparison.Reference}"),
            }.Where(part => part.Pairs.Count > 0).Select(part => $"{part.Who} diverged with {SeedList(part.Pairs)}"),
        ];
        return $"{Sentence.List(parts)}: there is no t-test, and the interval has only the seeds that survived, which flatters what "
            + "diverged. Wilcoxon’s test ranks a diverged run as worse than any number.";

        List<ulong> Of(PairState state) => [.. comparison.Pairs.Where(pair => pair.State == state).Select(pair => pair.Seed)];
    }

    private static string SeedList(List<ulong> seeds)
        => $"seed{(seeds.Count == 1 ? "" : "s")} {Sentence.List([.. seeds.Select(seed => $"{seed}")])}";
}
