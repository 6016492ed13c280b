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
            Setup = "specs/paper/spiking.json, 784-100-10: leaky units that spike at random, errors as spikes around a tonic rate, both pathways and plasticity always on, on the project's digits",
            Reading = "Not the paper's protocol: the 2016 paper's task, sizes, time constants and result are not known here. A stand-in of ours.",
            Tried = "Learning rates, feedback scales, error gains, time constants, initial scales, 100 and 200 hidden units, 6 to 48 time steps: on validation feedback alignment stayed 1.4 to 2.6 points behind its twin at this cost. More passes narrow the distance.",
            IsInReach = false,
            Needs = [Spiking],
            Statement = "Random feedback also serves a spiking network whose forward and error pathways run at the same time.",
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
