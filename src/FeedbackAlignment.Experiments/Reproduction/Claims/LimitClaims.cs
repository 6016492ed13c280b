using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Claims;

/// <summary>A task on which random feedback fails, if not wholly, so that the limits are seen too. The paper has none.</summary>
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
            Setup = "specs/paper/banded.json: three classes in bands of a plane; tanh 2-10-6-3, a unit of the first layer sees one coordinate only",
            Reading = "A negative control after Hunsberger (2018). We chose the setting so that the gap is large.",
            IsOfThePaper = false,
            Needs = [Banded],
            Statement = "On one task, feedback alignment keeps at least 30 % error while backpropagation gets below 10 %. No unit of the "
                + "first layer sees enough of the input to tell the class.",
            Place = "not in the paper; E. Hunsberger's thesis (2018)",
            Expected = "backpropagation learns it; feedback alignment and direct feedback alignment keep much of their error (chance: 67 %)",
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
