using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Claims;

/// <summary>Row 27: a spiking network whose two pathways run at once. Not the paper's protocol, which is not known.</summary>
internal static class SpikingClaims
{
    /// <summary>The claim.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new()
        {
            Row = 27,
            Id = "spiking",
            Group = "spiking",
            Setup = "specs/paper/spiking.json, 784-100-10: leaky units that spike at random; errors are spikes around a tonic rate; both "
                + "pathways and plasticity are always on; the data are the project's digits",
            Reading = "This is not the paper's protocol but our stand-in. We do not know the task, sizes, time constants and result of "
                + "the 2016 paper.",
            Tried = "Learning rates, error gains, time constants and scales of the first weights. 100 and 200 units, 6 to 48 time steps, "
                + "1 to 6 passes and four feedback scales. The spec has the list. "
                + "Feedback alignment stayed 1.4 to 2.6 points behind its twin. With longer training the distance shrinks.",
            IsOfThePaper = false,
            Needs = [Spiking],
            Statement = "In our spiking network, forward and error pathways run at the same time. Random feedback trains it to within a "
                + "point of its twin.",
            Place = "2016, at second hand",
            Expected = "as good as the twin that uses W transposed, far better than shallow",
            Tolerance = "within 1 point of the twin; at least 3 points better than shallow",
            Quantity = "test error of feedback alignment, %",
            Judge = evidence =>
            {
                Sample Percent(string rule) => evidence[Spiking].Test(rule).Times(100);
                var fa = Percent(PaperRules.FeedbackAlignment);
                return new(
                    fa,
                    Check.Within("FA − its twin (points)", fa.Mean - Percent(PaperRules.Backpropagation).Mean, -100, 1),
                    Check.AtLeast("points better than shallow", Percent(PaperRules.Shallow).Mean - fa.Mean, 3));
            },
        },
    ];
}
