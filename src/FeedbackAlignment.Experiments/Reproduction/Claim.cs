using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>
/// A claim of the paper: what it says, where, and a judgment in code. The verdict follows from the checks; nobody sets it by hand.
/// </summary>
public sealed record Claim
{
    /// <summary>Its id, e.g. <c>mnist-fa</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its row in the table of claims, 1 … 28; 0 for what the paper does not have.</summary>
    public required int Row { get; init; }

    /// <summary>The group it belongs to, e.g. <c>mnist</c>.</summary>
    public required string Group { get; init; }

    /// <summary>What is claimed, in a sentence.</summary>
    public required string Statement { get; init; }

    /// <summary>Where the paper has it.</summary>
    public required string Place { get; init; }

    /// <summary>What is run.</summary>
    public required string Setup { get; init; }

    /// <summary>What the paper reports, or what is to be expected.</summary>
    public required string Expected { get; init; }

    /// <summary>The paper's number, where it has one.</summary>
    public double? Paper { get; init; }

    /// <summary>What is asserted.</summary>
    public required string Tolerance { get; init; }

    /// <summary>What the headline number is, with its unit.</summary>
    public required string Quantity { get; init; }

    /// <summary>What was chosen where the paper leaves it open; null: nothing had to be.</summary>
    public string? Reading { get; init; }

    /// <summary>
    /// For a claim that is known not to come out, or to come out in part: what was tried, and why it may be so. Null: it is expected to.
    /// </summary>
    public string? Tried { get; init; }

    /// <summary>
    /// Whether the paper claims it, of an experiment that is known here; otherwise it counts neither for nor against the paper.
    /// </summary>
    public bool IsOfThePaper { get; init; } = true;

    /// <summary>The least effort at which its experiments go to their end.</summary>
    public Effort LeastEffort { get; init; }

    /// <summary>The experiments it is judged on.</summary>
    internal IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Looks at what came out. Every claim has its own.</summary>
    internal Func<Evidence, Finding> Judge { get; init; } = _ => throw new NotSupportedException("this claim has no judgment");

    /// <summary>The verdict: it follows from the checks.</summary>
    /// <param name="evidence">The experiments that were run.</param>
    internal ClaimRecord Examine(Evidence evidence)
    {
        if (evidence.Effort < LeastEffort)
        {
            return Record(Verdict.NotRun) with { Missing = $"its experiments do not go to their end at this effort; take --effort {LeastEffort.ToString().ToLowerInvariant()}" };
        }

        if (Needs.Select(evidence.Missing).OfType<string>().FirstOrDefault() is { } missing)
        {
            return Record(Verdict.NotRun) with { Missing = missing };
        }

        try
        {
            var finding = Judge(evidence);
            return Record(VerdictOn(finding.Checks)) with
            {
                Measured = finding.Measured.Mean,
                Sd = finding.Measured.Sd,
                N = finding.Measured.N,
                Checks = finding.Checks,
            };
        }
        catch (OperationCanceledException)
        {
            return Record(Verdict.NotRun) with { Missing = "stopped before its end" };
        }
        catch (EvidenceException lacking)
        {
            return Record(IsOfThePaper ? Verdict.NotReproduced : Verdict.NotOfThePaper) with { Checks = [new CheckRecord("every run completes and is measured", lacking.Message, Holds: false)] };
        }
    }

    private Verdict VerdictOn(IReadOnlyList<CheckRecord> checks)
        => !IsOfThePaper ? Verdict.NotOfThePaper
            : checks.Any(check => !check.Holds && !check.IsFurther) ? Verdict.NotReproduced
            : checks.Any(check => !check.Holds) ? Verdict.PartlyReproduced
            : Reading is null ? Verdict.Reproduced : Verdict.ReproducedWithReading;

    private ClaimRecord Record(Verdict verdict) => new()
    {
        Id = Id,
        Row = Row,
        Group = Group,
        Statement = Statement,
        Place = Place,
        Setup = Setup,
        Paper = Paper,
        Expected = Expected,
        Tolerance = Tolerance,
        Reading = Reading,
        Tried = Tried,
        Quantity = Quantity,
        Verdict = verdict,
    };
}

/// <summary>What a judgment found.</summary>
/// <param name="Measured">The headline number, one value per run.</param>
/// <param name="Checks">What was asserted, at least one.</param>
internal sealed record Finding(Sample Measured, params IReadOnlyList<CheckRecord> Checks);
