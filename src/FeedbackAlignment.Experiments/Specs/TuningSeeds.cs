namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// The three sets of root seeds of a tuning. Some search, others choose between the finalists, the spec's own report once what came of
/// it. A number that has chosen something flatters it, so no seed is in two sets.
/// </summary>
internal static class TuningSeeds
{
    private const ulong FirstTrial = 101, FirstFinal = 201;
    private const int Finals = 5, MostNamed = 8;

    /// <summary>A tuning whose seeds are filled in: numbers that are in no other set.</summary>
    /// <param name="tuning">The tuning.</param>
    /// <param name="seeds">The spec's own.</param>
    /// <param name="asIn01">Whether it goes on as version 0.1 began it, without final seeds.</param>
    public static TuningSpec Complete(TuningSpec tuning, IReadOnlyList<ulong> seeds, bool asIn01)
    {
        if (asIn01)
        {
            return tuning with { TrialSeeds = tuning.TrialSeeds ?? [FirstTrial], FinalSeeds = null };
        }

        var trial = tuning.TrialSeeds ?? Free(FirstTrial, 1, [.. seeds, .. tuning.FinalSeeds ?? []]);
        return tuning with { TrialSeeds = trial, FinalSeeds = tuning.FinalSeeds ?? Free(FirstFinal, Finals, [.. seeds, .. trial]) };
    }

    /// <summary>Notes seeds that are in two sets.</summary>
    /// <param name="spec">A spec with a complete tuning.</param>
    /// <param name="problems">Where to.</param>
    public static void Check(ExperimentSpec spec, SpecProblems problems)
    {
        var (trial, final) = (spec.Tuning!.TrialSeeds!, spec.Tuning.FinalSeeds ?? []);
        if (spec.Tuning.TriesOwnSetting && spec.Seeds.Concat(trial).Concat(final).CountBy(seed => seed).Any(seed => seed.Value > 1))
        {
            string?[] shared =
            [
                Shared("seeds", spec.Seeds, "tuning.trialSeeds", trial),
                Shared("seeds", spec.Seeds, "tuning.finalSeeds", final),
                Shared("tuning.trialSeeds", trial, "tuning.finalSeeds", final),
            ];
            problems.Add("tuning",
                $"a seed must serve one purpose, but {string.Join("; ", shared.OfType<string>())}; choose others, or leave "
                + "trialSeeds and finalSeeds out, and free ones are chosen");
        }
    }

    private static string? Shared(string name, IReadOnlyList<ulong> seeds, string otherName, IReadOnlyList<ulong> others)
    {
        ulong[] both = [.. seeds.Intersect(others)];
        return both.Length == 0 ? null : $"{Listed(both)} {(both.Length == 1 ? "is" : "are")} in {name} and in {otherName}";
    }

    private static string Listed(ulong[] seeds)
        => string.Join(", ", seeds.Take(MostNamed)) + (seeds.Length > MostNamed ? $" and {seeds.Length - MostNamed} more" : "");

    private static List<ulong> Free(ulong from, int count, HashSet<ulong> taken)
    {
        List<ulong> free = [];
        for (var seed = from; free.Count < count; seed++)
        {
            if (!taken.Contains(seed))
            {
                free.Add(seed);
            }
        }

        return free;
    }
}
