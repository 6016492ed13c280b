using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Comparisons;

/// <summary>
/// Comparisons that are read together, so that p is corrected for all of them. Each of the two tests is corrected over the whole family.
/// Pure functions of the numbers.
/// </summary>
/// <param name="Comparisons">The comparisons.</param>
/// <param name="Size">How many the correction counts: all but identical ones, which need no test.</param>
/// <param name="LeastWilcoxon">The least number of differences with which Wilcoxon's test can reach the level in this family.</param>
public sealed record PairedFamily(IReadOnlyList<PairedComparison> Comparisons, int Size, int LeastWilcoxon)
{
    /// <summary>The chance of one or more false findings in a family that a finding allows.</summary>
    public const double Level = 0.05;

    /// <summary>Two runs are the least that have a spread, which a t-test needs.</summary>
    private const int LeastT = 2;

    /// <summary>Each group against one reference.</summary>
    /// <param name="groups">The groups; the reference may be among them and is passed over.</param>
    /// <param name="reference">What they are compared with.</param>
    public static PairedFamily Of(IEnumerable<ResultGroup> groups, ResultGroup reference)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(reference);
        return Of([.. groups.Where(group => group.Name != reference.Name).Select(group => (group, reference))]);
    }

    /// <summary>The test errors of an experiment's rules against those of one of them.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="against">The rule's id; one without runs gives comparisons without pairs.</param>
    public static PairedFamily OfTestErrors(ExperimentRecord experiment, string against)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return Of(
            RulesOf(experiment).Select(rule => ResultGroup.OfTest(rule, experiment.Runs)),
            ResultGroup.OfTest(against, experiment.Runs));
    }

    /// <summary>What an experiment's rules are compared with unless told otherwise: backpropagation, or else the first rule.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="backpropagation">The id of backpropagation.</param>
    /// <returns>The rule's id; null if there is no rule.</returns>
    public static string? BaselineOf(ExperimentRecord experiment, string backpropagation)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var rules = RulesOf(experiment);
        return rules.Contains(backpropagation) ? backpropagation : rules.Count > 0 ? rules[0] : null;
    }

    /// <summary>Any pairs of groups, each with its own reference.</summary>
    /// <param name="pairs">The groups and their references.</param>
    public static PairedFamily Of(IReadOnlyList<(ResultGroup Group, ResultGroup Reference)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Draft[] drafts = [.. pairs.Select(
            pair => new Draft(pair.Group.Name, pair.Reference.Name, SeedPair.Of(pair.Group, pair.Reference)))];

        // Identical ones are decided without a test; a comparison without a p counts as p = 1, so that the family is the one asked for.
        Draft[] tested = [.. drafts.Where(draft => !draft.IsIdentical)];
        var t = Holm.Adjust([.. tested.Select(draft => draft.T?.P)]);
        double?[] ranked = [.. tested.Select(draft => draft.Ranks?.P)];
        var wilcoxon = Holm.Adjust(ranked);
        var least = WilcoxonSignedRank.LeastCount(Level / Math.Max(1, tested.Length));
        var tests = tested.Index()
            .ToDictionary(draft => draft.Item, draft => (T: Student(draft.Index), Wilcoxon: SignedRanks(draft.Index)));
        return new([.. drafts.Select(draft => Judge(draft, tests.GetValueOrDefault(draft), least))], tested.Length, least);

        PairedTest? Student(int index) => tested[index].T is { } test
            ? new(test.T, tested[index].Differences.Count, test.P, t[index]!.Value, CanDecide: true) : null;

        PairedTest? SignedRanks(int index) => tested[index].Ranks is { } ranks
            ? new(ranks.RankSum, ranks.Ranked, ranks.P, wilcoxon[index]!.Value, CanReach(ranked, index, ranks.LeastP)) : null;
    }

    /// <summary>Rules as the spec has them, and those of runs that it does not name.</summary>
    /// <param name="experiment">The experiment.</param>
    public static IReadOnlyList<string> RulesOf(ExperimentRecord experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return [.. experiment.Spec.Rules.Concat(experiment.Runs.Select(run => run.Rule)).Distinct()];
    }

    /// <summary>Whether a test could reach the level beside the others as they are: with its smallest p in the place of its own.</summary>
    private static bool CanReach(double?[] values, int place, double leastP)
        => Holm.Adjust([.. values.Select((p, index) => index == place ? leastP : p)])[place] <= Level;

    private static PairedComparison Judge(Draft draft, (PairedTest? T, PairedTest? Wilcoxon) tests, int leastWilcoxon)
    {
        var finding = FindingOf(draft, tests);
        return new PairedComparison
        {
            Group = draft.Group,
            Reference = draft.Reference,
            Pairs = draft.Pairs,
            Difference = Summary.Of(draft.Differences.Select(value => (double?)value)),
            EffectSize = draft.IsIdentical ? null : PairedT.EffectSize(draft.Differences, draft.Size),
            T = tests.T,
            Wilcoxon = tests.Wilcoxon,
            Finding = finding,
            LeastSeeds = finding != Finding.CannotDecide ? null
                : draft.Diverged == 0 && draft.Differences.Count < LeastT ? LeastT : leastWilcoxon,
        };
    }

    private static Finding FindingOf(Draft draft, (PairedTest? T, PairedTest? Wilcoxon) tests)
    {
        if (draft.IsIdentical)
        {
            return Finding.Identical;
        }

        PairedTest[] deciding = [.. new[] { tests.T, tests.Wilcoxon }.OfType<PairedTest>().Where(test => test.CanDecide)];
        if (deciding.Length == 0)
        {
            return Finding.CannotDecide;
        }

        int[] signs = [.. deciding.Select(test => Math.Sign(test == tests.T ? test.Statistic : draft.RankBalance))];
        return !deciding.All(test => test.Shows) || signs.Distinct().Count() > 1 ? Finding.NotShown
            : signs[0] > 0 ? Finding.Greater : Finding.Smaller;
    }

    /// <summary>A comparison before the family is known.</summary>
    private sealed class Draft
    {
        public Draft(string group, string reference, IReadOnlyList<SeedPair> pairs)
        {
            (Group, Reference, Pairs) = (group, reference, pairs);
            double[] ranked = [.. pairs.Select(pair => pair.Ranked).OfType<double>()];
            Differences = [.. pairs.Select(pair => pair.Difference).OfType<double>()];
            Diverged = ranked.Length - Differences.Count;
            Size = pairs.Where(pair => pair.State == PairState.Compared)
                .Select(pair => Math.Max(Math.Abs(pair.Value!.Value), Math.Abs(pair.Reference!.Value))).DefaultIfEmpty(0).Max();
            IsIdentical = Differences.Count > 0 && Diverged == 0 && Differences.All(difference => difference == 0);
            T = Diverged == 0 ? PairedT.Test(Differences, Size) : null;
            Ranks = WilcoxonSignedRank.Test(ranked, Size);
        }

        public string Group { get; }

        public string Reference { get; }

        public IReadOnlyList<SeedPair> Pairs { get; }

        public IReadOnlyList<double> Differences { get; }

        /// <summary>Pairs in which a run diverged: a t-test over the others would flatter what diverges.</summary>
        public int Diverged { get; }

        /// <summary>The greatest number that was subtracted.</summary>
        public double Size { get; }

        public bool IsIdentical { get; }

        public (double T, double P)? T { get; }

        public SignedRankResult? Ranks { get; }

        /// <summary>Positive ranks minus the mean of what they could be.</summary>
        public double RankBalance => Ranks is { } ranks ? ranks.RankSum - (ranks.Ranked * (ranks.Ranked + 1) / 4.0) : 0;
    }
}
