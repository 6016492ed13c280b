using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Comparisons;

/// <summary>
/// Two trained networks on the same test examples. The seeds of a comparison say nothing of the choice of test examples; this does, and
/// says nothing of other seeds.
/// </summary>
/// <param name="Group">The rule of the one.</param>
/// <param name="Seed">The seed of both.</param>
/// <param name="OnlyGroup">Test examples that only the group's network misreads.</param>
/// <param name="OnlyReference">Test examples that only the reference's network misreads.</param>
/// <param name="P">McNemar's exact two-sided p.</param>
/// <param name="AdjustedP">The p after Holm's correction over all pairs of networks of the family.</param>
public sealed record AnswerComparison(string Group, ulong Seed, int OnlyGroup, int OnlyReference, double P, double AdjustedP)
{
    /// <summary>Whether the two networks differ by more than the choice of test examples.</summary>
    public bool Shows => AdjustedP <= PairedFamily.Level;

    /// <summary>
    /// Every pair of networks of an experiment whose answers are known: each rule's against those of one rule, seed by seed.
    /// </summary>
    /// <param name="runs">The runs.</param>
    /// <param name="against">The rule that the others are compared with.</param>
    /// <returns>By rule in the order of the runs, then by seed; empty where the answers are not known.</returns>
    public static IReadOnlyList<AnswerComparison> Of(IReadOnlyList<RunRecord> runs, string against)
    {
        ArgumentNullException.ThrowIfNull(runs);
        RunRecord[] known = [.. runs.Where(run => run.Status.IsEnd() && run.TestMistakes is { Count: > 0 })
            .DistinctBy(run => (run.Rule, run.Seed))];
        var references = known.Where(run => run.Rule == against).ToDictionary(run => run.Seed);
        var rules = runs.Select(run => run.Rule).Distinct().ToList();
        AnswerComparison[] pairs =
        [
            .. known.Where(run => run.Rule != against
                && references.GetValueOrDefault(run.Seed)?.TestMistakes!.Count == run.TestMistakes!.Count)
                .OrderBy(run => rules.IndexOf(run.Rule)).ThenBy(run => run.Seed)
                .Select(run => Of(run, references[run.Seed])),
        ];
        return [.. pairs.Zip(Holm.Adjust([.. pairs.Select(pair => (double?)pair.P)]), (pair, p) => pair with { AdjustedP = p!.Value })];
    }

    private static AnswerComparison Of(RunRecord run, RunRecord reference)
    {
        var (only, onlyReference) = (0, 0);
        for (var example = 0; example < run.TestMistakes!.Count; example++)
        {
            only += run.TestMistakes[example] && !reference.TestMistakes![example] ? 1 : 0;
            onlyReference += !run.TestMistakes[example] && reference.TestMistakes![example] ? 1 : 0;
        }

        var p = McNemar.P(only, onlyReference);
        return new(run.Rule, run.Seed, only, onlyReference, p, p);
    }
}
