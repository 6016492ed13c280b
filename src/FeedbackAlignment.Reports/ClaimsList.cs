using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>The claims that can be reproduced, before anything is run.</summary>
public static class ClaimsList
{
    /// <summary>What stands over the columns.</summary>
    public static IReadOnlyList<string> Headings { get; } = ["Claim", "Where", "Setup", "Expected", "Tolerance"];

    /// <summary>One row per claim, in their order, a cell per heading.</summary>
    /// <param name="claims">The claims.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(IReadOnlyList<ClaimRecord> claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        return [.. claims.Select(claim => (IReadOnlyList<string>)[claim.Id, claim.Place, claim.Setup, claim.Expected, claim.Tolerance])];
    }
}
