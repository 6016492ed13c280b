using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Comparisons;

/// <summary>What two runs of one seed are for a comparison.</summary>
public enum PairState
{
    /// <summary>Both have a number.</summary>
    Compared,

    /// <summary>The group's run diverged. By rank that is worse than any number; it has no difference.</summary>
    Diverged,

    /// <summary>The reference's run diverged.</summary>
    ReferenceDiverged,

    /// <summary>Both runs diverged.</summary>
    BothDiverged,

    /// <summary>One of the two has no result: it was cancelled, never began, or has no number.</summary>
    Missing,
}

/// <summary>Two runs of one seed, of a group and of its reference.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="State">What they are for the comparison.</param>
/// <param name="Value">The group's number; null if it has none.</param>
/// <param name="Reference">The reference's number; null if it has none.</param>
public sealed record SeedPair(ulong Seed, PairState State, double? Value, double? Reference)
{
    /// <summary>Group minus reference; null unless both have a number.</summary>
    public double? Difference => State == PairState.Compared ? Value - Reference : null;

    /// <summary>
    /// The difference as a rank takes it: infinite where one of the two diverged, 0 where both did, null where one is missing.
    /// </summary>
    internal double? Ranked => State switch
    {
        PairState.Compared => Difference,
        PairState.Diverged => double.PositiveInfinity,
        PairState.ReferenceDiverged => double.NegativeInfinity,
        PairState.BothDiverged => 0,
        _ => null,
    };

    /// <summary>The pairs of two groups, by seed: every seed that is in one of them.</summary>
    internal static IReadOnlyList<SeedPair> Of(ResultGroup group, ResultGroup reference)
    {
        var (values, references) = (BySeed(group), BySeed(reference));
        return
        [
            .. values.Keys.Union(references.Keys).Order()
                .Select(seed => Of(seed, values.GetValueOrDefault(seed), references.GetValueOrDefault(seed))),
        ];
    }

    private static Dictionary<ulong, SeedResult> BySeed(ResultGroup group)
        => group.Results.DistinctBy(result => result.Seed).ToDictionary(result => result.Seed);

    private static SeedPair Of(ulong seed, SeedResult? one, SeedResult? other)
    {
        var state = (one, other) switch
        {
            ({ Status: RunStatus.Diverged }, { Status: RunStatus.Diverged }) => PairState.BothDiverged,
            ({ Status: RunStatus.Diverged }, { Counted: not null }) => PairState.Diverged,
            ({ Counted: not null }, { Status: RunStatus.Diverged }) => PairState.ReferenceDiverged,
            ({ Counted: not null }, { Counted: not null }) => PairState.Compared,
            _ => PairState.Missing,
        };
        return new(seed, state, one?.Counted, other?.Counted);
    }
}
