using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>The outcome of a reproduction in plain words.</summary>
internal static class ReproductionHeadline
{
    public static string Of(ReproductionRecord reproduction) => $"{Outcome(reproduction.Claims)} {Circumstances(reproduction)}";

    /// <summary>How many claims came out how.</summary>
    public static string Outcome(IReadOnlyList<ClaimRecord> claims)
    {
        if (claims.Count == 0)
        {
            return "No claim was looked at.";
        }

        int Count(Verdict verdict) => claims.Count(claim => claim.Verdict == verdict);
        var reading = Count(Verdict.ReproducedWithReading);
        var held = Count(Verdict.Reproduced) + reading;
        var others = new[]
        {
            (Count: Count(Verdict.PartlyReproduced), One: "was partly reproduced", Many: "were partly reproduced"),
            (Count: Count(Verdict.NotReproduced), One: "was not reproduced", Many: "were not reproduced"),
            (Count: Count(Verdict.NotOfThePaper), One: "is not a claim of the paper", Many: "are not claims of the paper"),
            (Count: Count(Verdict.NotRun), One: "was not run", Many: "were not run"),
        }.Where(part => part.Count > 0).Select(part => $"{part.Count} {(part.Count == 1 ? part.One : part.Many)}").ToList();
        var first = $"{held} of {claims.Count} claims {(held == 1 ? "was" : "were")} reproduced";
        var readings = reading == 0 ? "" : $", {reading} of them with a stated reading of what the paper leaves open";
        return others.Count == 0 ? $"{first}{readings}." : $"{first}{readings}; {string.Join(", ", others)}.";
    }

    /// <summary>With which effort, in what time and where.</summary>
    public static string Circumstances(ReproductionRecord reproduction)
    {
        var environment = reproduction.Environment;
        var failed = reproduction.Experiments.Sum(experiment => experiment.Failed);
        var runs = reproduction.Experiments.Sum(experiment => experiment.Runs);
        return $"Effort: {ClaimText.Words(reproduction.Effort)}, {NumberText.Count(runs)} {(runs == 1 ? "run" : "runs")}"
            + (failed > 0 ? $" ({NumberText.Count(failed)} did not complete)" : "")
            + $" in {NumberText.Duration(reproduction.Seconds)}, on {environment.System} ({environment.Architecture}, {NumberText.Count(environment.Processors)} "
            + $"{(environment.Processors == 1 ? "processor" : "processors")}, vectors of {NumberText.Count(environment.VectorBits)} bits{environment.ArithmeticRemark}).";
    }
}
