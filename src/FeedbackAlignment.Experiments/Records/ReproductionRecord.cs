using System.Text.Json.Serialization;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>How much is spent on a reproduction.</summary>
public enum Effort
{
    /// <summary>Fewest seeds: under a minute. Claims that need many runs are judged on few, or not at all.</summary>
    Quick,

    /// <summary>Enough runs for every tolerance: under ten minutes on two cores.</summary>
    Standard,

    /// <summary>The paper's own 20 runs of 1.8 million examples: hours.</summary>
    Paper,
}

/// <summary>What came out for a claim.</summary>
public enum Verdict
{
    /// <summary>Every check holds, at the paper's stated setting.</summary>
    [JsonStringEnumMemberName("reproduced")]
    Reproduced,

    /// <summary>Every check holds, where the paper leaves something open that we had to choose.</summary>
    [JsonStringEnumMemberName("reproduced with the stated reading")]
    ReproducedWithReading,

    /// <summary>
    /// The checks of the claim's main part hold, but one of a further part does not. The claim as a whole is not reproduced.
    /// </summary>
    [JsonStringEnumMemberName("partly reproduced")]
    PartlyReproduced,

    /// <summary>A check of the claim's main part does not hold.</summary>
    [JsonStringEnumMemberName("not reproduced")]
    NotReproduced,

    /// <summary>
    /// The paper does not claim it, or its experiment is not known here. It counts neither for nor against the paper; the checks say what
    /// holds here.
    /// </summary>
    [JsonStringEnumMemberName("not a claim of the paper")]
    NotOfThePaper,

    /// <summary>The experiments it needs were not run: the data are missing, or the effort is too small.</summary>
    [JsonStringEnumMemberName("not run")]
    NotRun,
}

/// <summary>What a reproduction of the paper left behind: the content of <c>reproduction.json</c>.</summary>
public sealed record ReproductionRecord
{
    /// <summary>The claims, in the order of their rows.</summary>
    public required IReadOnlyList<ClaimRecord> Claims { get; init; }

    /// <summary>How much was spent.</summary>
    public required Effort Effort { get; init; }

    /// <summary>The experiments that were run.</summary>
    public required IReadOnlyList<ReproducedExperimentRecord> Experiments { get; init; }

    /// <summary>Where and with what.</summary>
    public required EnvironmentRecord Environment { get; init; }

    /// <summary>Wall-clock seconds of all of it.</summary>
    public required double Seconds { get; init; }
}

/// <summary>What was asked of a reproduction: the content of <c>plan.json</c>, with which <c>fa resume</c> goes on.</summary>
public sealed record ReproductionPlanRecord
{
    /// <summary>The ids of the claims.</summary>
    public required IReadOnlyList<string> Claims { get; init; }

    /// <summary>How much to spend.</summary>
    public required Effort Effort { get; init; }

    /// <summary>Whether claims that come out otherwise than expected make it fail.</summary>
    public bool Strict { get; init; }

    /// <summary>Examples from one checkpoint of a run to the next; null: only at a stop.</summary>
    [JsonConverter(typeof(PositiveCountConverter))]
    public long? CheckpointEvery { get; init; }

    /// <summary>The folder with data files; null: where the environment says.</summary>
    public string? DataFolder { get; init; }

    /// <summary>How products are added; plans from before there was a choice are fused.</summary>
    public Arithmetic Arithmetic { get; init; } = Arithmetic.Fused;
}

/// <summary>An experiment of a reproduction.</summary>
/// <param name="Id">Its id, and its folder beside <c>reproduction.json</c>, in which <c>spec.json</c> runs it again.</param>
/// <param name="Title">What it is.</param>
/// <param name="Runs">Runs: rules × seeds.</param>
/// <param name="Failed">Runs that did not complete.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="Missing">Why it was not run; null if it was.</param>
public sealed record ReproducedExperimentRecord(string Id, string Title, int Runs, int Failed, double Seconds, string? Missing = null);

/// <summary>A claim of the paper, and what came out.</summary>
public sealed record ClaimRecord
{
    /// <summary>Its id, e.g. <c>mnist-fa</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its row in the table of claims.</summary>
    public required int Row { get; init; }

    /// <summary>The group it belongs to, e.g. <c>mnist</c>.</summary>
    public required string Group { get; init; }

    /// <summary>What is claimed, in a sentence.</summary>
    public required string Statement { get; init; }

    /// <summary>Where the paper has it.</summary>
    public required string Place { get; init; }

    /// <summary>What is run.</summary>
    public required string Setup { get; init; }

    /// <summary>The paper's number, in the unit of <see cref="Measured"/>; null where it has none.</summary>
    public double? Paper { get; init; }

    /// <summary>What the paper reports or what is to be expected, in words.</summary>
    public required string Expected { get; init; }

    /// <summary>What is asserted.</summary>
    public required string Tolerance { get; init; }

    /// <summary>What was chosen where the paper leaves it open; null: nothing had to be.</summary>
    public string? Reading { get; init; }

    /// <summary>
    /// For a claim that is known not to come out, or to come out in part: what was tried, and why it may be so. Null: it is expected to.
    /// </summary>
    public string? Tried { get; init; }

    /// <summary>
    /// Whether it came out otherwise than is known: a check fails that should hold, or all hold where one was known to fail. Of a claim
    /// that is known to come out in part, the main part must hold and a further one must not.
    /// </summary>
    [JsonIgnore]
    public bool IsSurprise => Verdict != Verdict.NotRun
        && (Checks.All(check => check.Holds) == (Tried is not null) || (Checks.Any(check => check.IsFurther) && Checks.Any(check => !check.IsFurther && !check.Holds)));

    /// <summary>The headline number; null if it was not run.</summary>
    public double? Measured { get; init; }

    /// <summary>What that number is and its unit.</summary>
    public required string Quantity { get; init; }

    /// <summary>Standard deviation over runs; null for fewer than two, or where there is none.</summary>
    public double? Sd { get; init; }

    /// <summary>Runs that the number is the mean of.</summary>
    public int N { get; init; }

    /// <summary>What came out.</summary>
    [JsonConverter(typeof(VerdictConverter))]
    public required Verdict Verdict { get; init; }

    /// <summary>Why it was not run; null if it was.</summary>
    public string? Missing { get; init; }

    /// <summary>What was asserted, one by one.</summary>
    public IReadOnlyList<CheckRecord> Checks { get; init; } = [];
}

/// <summary>One assertion.</summary>
/// <param name="Text">What must hold, e.g. <c>error ≤ 2.5 %</c>.</param>
/// <param name="Found">What was found, e.g. <c>2.07 %</c>.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="IsFurther">Whether it is of a further part of the claim: if only such checks fail, the claim is partly reproduced.</param>
public sealed record CheckRecord(string Text, string Found, bool Holds, bool IsFurther = false);
