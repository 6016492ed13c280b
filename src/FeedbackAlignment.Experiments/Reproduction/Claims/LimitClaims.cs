using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Claims;

/// <summary>A task on which random feedback must fail, so that the limits are seen too. The paper has none.</summary>
internal static class LimitClaims
{
    /// <summary>The claim.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new()
        {
            Row = 0,
            Id = "banded",
            Group = "limits",
            Setup = "specs/paper/banded.json: three classes in bands of a plane; a unit of the first layer sees one coordinate only",
            Reading = "A negative control after Hunsberger (2018).",
            IsInReach = false,
            Needs = [Banded],
            Statement = "Feedback alignment fails where no unit of the first layer can tell which class its input speaks for; backpropagation does not.",
            Place = "not in the paper; E. Hunsberger's thesis (2018)",
            Expected = "backpropagation learns it, feedback alignment and direct feedback alignment do not",
            Tolerance = "backpropagation ≤ 10 %; feedback alignment and direct feedback alignment ≥ 30 %",
            Quantity = "test error of feedback alignment, %",
            Judge = evidence =>
            {
                Sample Percent(string rule) => evidence[Banded].Test(rule).Times(100);
                return new(
                    Percent(PaperRules.FeedbackAlignment),
                    Check.AtMost("mean test error of backpropagation (%)", Percent(PaperRules.Backpropagation).Mean, 10),
                    Check.AtLeast("mean test error of feedback alignment", Percent(PaperRules.FeedbackAlignment).Mean, 30),
                    Check.AtLeast("mean test error of direct feedback alignment", Percent(PaperRules.DirectFeedbackAlignment).Mean, 30));
            },
        },
    ];
}
