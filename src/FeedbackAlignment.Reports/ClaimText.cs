using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>The words and numbers of claims, the same on the page, in the document and on the console.</summary>
internal static class ClaimText
{
    /// <summary>The paper's number with its unit; its words where it has no number.</summary>
    public static string Paper(ClaimRecord claim) => claim.Paper is { } paper && double.IsFinite(paper) ? NumberText.AsGiven(paper) + Unit(claim.Quantity) : claim.Expected;

    /// <summary>
    /// Mean ± standard deviation with the unit and the number of runs, e.g. <c>2.07 ± 0.05 % (n = 5)</c>; a dash if it was not run.
    /// </summary>
    public static string Measured(ClaimRecord claim)
    {
        if (claim.Measured is not { } measured || !double.IsFinite(measured))
        {
            return NumberText.None;
        }

        var unit = Unit(claim.Quantity);
        var number = NumberText.Significant(measured, claim.Sd);
        var runs = claim.N > 0 ? $" (n\u00a0=\u00a0{NumberText.Count(claim.N)})" : "";
        return (unit == "°" ? number.Replace(" ±", "° ±", StringComparison.Ordinal) : number) + unit + runs;
    }

    /// <summary>What the number is, without the unit that already stands behind it.</summary>
    public static string Quantity(ClaimRecord claim) => claim.Quantity.EndsWith(", %", StringComparison.Ordinal) || claim.Quantity.EndsWith(", °", StringComparison.Ordinal)
        ? claim.Quantity[..^3] : claim.Quantity;

    /// <summary>The row in the table of claims; empty for a claim that has none there (row 0).</summary>
    public static string Row(ClaimRecord claim) => claim.Row > 0 ? NumberText.Count(claim.Row) : "";

    /// <summary>The verdict in words, as <c>reproduction.json</c> has it.</summary>
    public static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => "reproduced",
        Verdict.ReproducedWithReading => "reproduced with the stated reading",
        Verdict.PartlyReproduced => "partly reproduced",
        Verdict.NotReproduced => "not reproduced",
        Verdict.NotOfThePaper => "not a claim of the paper",
        _ => "not run",
    };

    /// <summary>A sign before the words, for those who skim.</summary>
    public static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Reproduced => "✓",
        Verdict.ReproducedWithReading => "✓",
        Verdict.PartlyReproduced => "◐",
        Verdict.NotReproduced => "✗",
        Verdict.NotOfThePaper => "○",
        _ => "–",
    };

    /// <summary>A group's heading.</summary>
    public static string Group(string group) => group == "mnist" ? "MNIST" : RuleText.Name(group);

    /// <summary>The effort in words.</summary>
    public static string Words(Effort effort) => effort switch
    {
        Effort.Quick => "quick",
        Effort.Standard => "standard",
        _ => "paper",
    };

    // The quantity ends with its unit.
    private static string Unit(string quantity) => quantity.TrimEnd(' ', ')') switch
    {
        [.., '%'] => "\u00a0%",
        [.., '°'] => "°",
        _ => "",
    };
}
