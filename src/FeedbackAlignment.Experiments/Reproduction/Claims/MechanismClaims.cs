using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Claims;

/// <summary>Rows 25 and 26: how random feedback becomes useful (2016).</summary>
internal static class MechanismClaims
{
    private const string Group = "mechanism";
    private const long Phase = 20_000, SwitchAt = 4_000;

    /// <summary>The claims.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new()
        {
            Row = 25,
            Id = "freeze",
            Group = Group,
            Setup = "specs/paper/freeze.json: W frozen, then W₀, then W again, 20,000 examples each; freeze-redrawn.json: the same with "
                + "B redrawn after the first phase",
            Reading = "We do not know the task and rates of the figure. We use the 30-20-10 tanh student of task 3, teacher ± 0.25, η = "
                + "10⁻⁴. The control is ours.",
            Needs = [Freeze, FreezeRedrawn],
            Statement = "While only W₀ learns, the error does not fall; then W learns. After that B's signal is useful, but only if it "
                + "is the same B that W₀ learned with.",
            Place = "2016, a figure on mechanics (seen as a picture)",
            Expected = "NSE flat at 1.08, then to 0.76, then to 0.56",
            Tolerance = "phase 1 within ± 20 %; phase 2 falls by ≥ 25 %; phase 3 by ≥ 5 %; angle about 90° → < 60° after phase 2; with B redrawn phase 3 does not fall",
            Quantity = "fall of NSE in phase 3, %",
            Judge = evidence =>
            {
                var freeze = evidence[Freeze];
                var control = evidence[FreezeRedrawn];
                var fall = Fall(freeze, 2 * Phase, 3 * Phase);
                return new(
                    fall,
                    Check.Within("mean change in phase 1 (%)", -Fall(freeze, 0, Phase).Mean, -20, 20),
                    Check.AtLeast("mean fall in phase 2 (%)", Fall(freeze, Phase, 2 * Phase).Mean, 25),
                    Check.AtLeast("mean fall in phase 3 (%)", fall.Mean, 5),
                    Check.Within("mean angle at the beginning (degrees)", freeze.Angle(PaperRules.FeedbackAlignment, 0).Mean, 75, 105),
                    Check.AtMost("mean angle after phase 2", freeze.Angle(PaperRules.FeedbackAlignment, 2 * Phase).Mean, 60),
                    Check.AtLeast("mean angle after phase 2, B redrawn", control.Angle(PaperRules.FeedbackAlignment, 2 * Phase).Mean, 75),
                    Check.AtMost("mean fall in phase 3, B redrawn (%)", Fall(control, 2 * Phase, 3 * Phase).Mean, 0));
            },
        },
        new()
        {
            Row = 26,
            Id = "switch",
            Group = Group,
            Setup = "specs/paper/switch.json: linear 30-20-10, backpropagation for 4,000 examples, feedback alignment for 20,000",
            Reading = "We do not know the task and rates of the figure. Without noise the error is near zero at the switch. So the peak "
                + "comes some thousand examples later and is a tenth of the paper's.",
            Needs = [Switch],
            Statement = "After a switch from backpropagation to feedback alignment, the error rises at least tenfold. Then it falls to a "
                + "tenth of its peak or less.",
            Place = "2016, a supplementary figure (seen as a picture)",
            Expected = "a short jump to about 0.24 of the initial error",
            Paper = 0.24,
            Tolerance = "peak ≥ 10 × the error at the switch (almost 0 here); at the end ≤ 10 % of the peak; the size of the jump is "
                + "reported, not asserted",
            Quantity = "NSE at the peak (1 at the beginning)",
            Judge = evidence =>
            {
                var runs = evidence[Switch].Runs(PaperRules.FeedbackAlignment);
                var before = evidence[Switch].Error(PaperRules.FeedbackAlignment, SwitchAt);
                var spike = new Sample(runs.Select(run => run.Curve.Where(point => point.Examples > SwitchAt).Max(point => point.ValidationError ?? double.NaN)));
                var end = new Sample(runs.Select(run => run.Curve[^1].ValidationError ?? double.NaN));
                return new(
                    spike,
                    Check.AtLeast("least of the runs' peaks over their errors at the switch", spike.Values.Zip(before.Values, (high, low) => high / low).Min(), 10),
                    Check.AtMost("greatest of the runs' final errors over their peaks", end.Values.Zip(spike.Values, (low, high) => low / high).Max(), 0.1));
            },
        },
    ];

    private static Sample Fall(ExperimentEvidence experiment, long from, long to)
        => new(experiment.Error(PaperRules.FeedbackAlignment, from).Values.Zip(experiment.Error(PaperRules.FeedbackAlignment, to).Values, (before, after) => 100 * (before - after) / before));
}
