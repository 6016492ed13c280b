using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>The claims of a reproduction and what came out: the page, the document and the console show the same rows.</summary>
public sealed record ReproductionTable
{
    /// <summary>What stands over the columns of <see cref="Rows"/>.</summary>
    public static IReadOnlyList<string> Headings { get; } = ["Claim", "Paper", "Measured", "Tolerance", "Verdict"];

    /// <summary>One row per claim, in the record's order, a cell per heading; the first cell is the claim's id.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Rows { get; init; }

    /// <summary>How many claims were reproduced, with which effort, in what time and where, in plain words.</summary>
    public required string Headline { get; init; }

    /// <summary>Puts a reproduction into rows.</summary>
    /// <param name="reproduction">The reproduction; it may have no claims.</param>
    public static ReproductionTable Of(ReproductionRecord reproduction)
    {
        ArgumentNullException.ThrowIfNull(reproduction);
        return new ReproductionTable
        {
            Headline = ReproductionHeadline.Of(reproduction),
            Rows =
            [
                .. reproduction.Claims.Select(claim => (IReadOnlyList<string>)
                    [claim.Id, ClaimText.Paper(claim), ClaimText.Measured(claim), claim.Tolerance, $"{ClaimText.Sign(claim.Verdict)} {ClaimText.Words(claim.Verdict)}"]),
            ],
        };
    }
}
