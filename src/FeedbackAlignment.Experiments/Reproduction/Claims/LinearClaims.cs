using static System.FormattableString;
using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Claims;

/// <summary>Task 1, rows 1–5: a linear network learns a linear map.</summary>
internal static class LinearClaims
{
    private const string Group = "linear";

    private const string Rates = "The paper chose a learning rate for each rule by hand and does not print the values. Ours are η = "
        + "0.0055 (backpropagation), 0.0075 (feedback alignment), 0.15 (shallow) and "
        + "0.002 with noise 0.01 (node perturbation); with them our curves match the paper's. NSE is taken as Σ‖e‖² ∕ Σ‖y*‖² on 500 "
        + "held-out examples.";

    private const string Setup = "specs/paper/linear.json: 30-20-10 linear, 2,000 examples, one at a time";

    /// <summary>The claims.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new()
        {
            Row = 1,
            Id = "linear-speed",
            Group = Group,
            Setup = Setup,
            Reading = Rates,
            Needs = [Linear],
            Statement = "Feedback alignment learns a linear map about as fast as backpropagation, and is ahead early in training.",
            Place = "Fig. 1d",
            Expected = "log10 NSE −11.8 (FA) and −11.0 (BP) after 1,990 examples; FA ahead at 200 and at 500",
            Paper = -11.8,
            Tolerance = "both medians ≤ −10 and within 1.5 decades of the paper at 2,000; FA at least 0.5 decade lower at 200, and lower at 500; which of the two ends lower is reported, not asserted",
            Quantity = "log10 NSE of feedback alignment after 2,000 examples",
            Judge = evidence =>
            {
                var (fa, bp) = (evidence[Linear].Error(PaperRules.FeedbackAlignment, 2000).Log10(), evidence[Linear].Error(PaperRules.Backpropagation, 2000).Log10());
                return new(
                    fa,
                    Check.Within(Invariant($"median log10 NSE of FA at 2,000 (minus BP's it is {Signed(fa.Median - bp.Median)}, in the paper −0.8)"), fa.Median, -11.8 - 1.5, -10),
                    Check.Within("median log10 NSE of BP at 2,000", bp.Median, -11.0 - 1.5, -10),
                    Check.AtLeast("decades that FA is ahead at 200", Lead(evidence, 200), 0.5),
                    Check.AtLeast("decades that FA is ahead at 500", Lead(evidence, 500), 0));
            },
        },
        new()
        {
            Row = 2,
            Id = "linear-reinforcement",
            Group = Group,
            Setup = Setup,
            Reading = Rates,
            Needs = [Linear],
            Statement = "Reinforcement learning (node perturbation) is much slower.",
            Place = "Fig. 1d",
            Expected = "log10 NSE −2.2 at 1,990",
            Paper = -2.23,
            Tolerance = "−3.0 … −1.0 at 2,000, and at least 6 decades above feedback alignment",
            Quantity = "log10 NSE of node perturbation after 2,000 examples",
            Judge = evidence =>
            {
                var perturbation = evidence[Linear].Error(PaperRules.NodePerturbation, 2000).Log10();
                return new(
                    perturbation,
                    Check.Within("mean log10 NSE at 2,000", perturbation.Mean, -3, -1),
                    Check.AtLeast("decades above feedback alignment", perturbation.Mean - evidence[Linear].Error(PaperRules.FeedbackAlignment, 2000).Log10().Mean, 6));
            },
        },
        new()
        {
            Row = 3,
            Id = "linear-shallow",
            Group = Group,
            Setup = Setup,
            Reading = Rates,
            Needs = [Linear],
            Statement = "Learning in the output layer alone leaves more than a quarter of the squared error.",
            Place = "Fig. 1d",
            Expected = "NSE about 0.7 at the end; with 20 random features of 30 inputs it can never get below 1/3",
            Paper = 0.7,
            Tolerance = "in 0.28 … 1.3 throughout",
            Quantity = "NSE of shallow learning after 2,000 examples",
            Judge = evidence => new(
                evidence[Linear].Error(PaperRules.Shallow, 2000),
                Check.AllWithin("NSE at every point of every run", evidence[Linear].Runs(PaperRules.Shallow).SelectMany(run => run.Curve).Select(point => point.ValidationError ?? double.NaN), 0.28, 1.3)),
        },
        new()
        {
            Row = 4,
            Id = "linear-angle",
            Group = Group,
            Setup = Setup,
            Reading = Rates,
            Needs = [Linear],
            Statement = "The angle between the two teaching signals falls from about 90° to below 40°.",
            Place = "Fig. 1e",
            Expected = "84° at 3 examples (not measured here), 36° at 100, 29° at 1,000, 28° at 1,990",
            Paper = 28,
            Tolerance = "80 … 100° at 0, ≤ 45° at 100, 25 … 32° ± 6° at 1,000 and 2,000 (mean of the runs)",
            Quantity = "angle Δh_FA ∡ Δh_BP after 2,000 examples, °",
            Judge = evidence => new(
                evidence[Linear].Angle(PaperRules.FeedbackAlignment, 2000),
                Check.Within("mean angle at 0 (degrees)", evidence[Linear].Angle(PaperRules.FeedbackAlignment, 0).Mean, 80, 100),
                Check.AtMost("mean angle at 100", evidence[Linear].Angle(PaperRules.FeedbackAlignment, 100).Mean, 45),
                Check.Within("mean angle at 1,000", evidence[Linear].Angle(PaperRules.FeedbackAlignment, 1000).Mean, 25 - 6, 32 + 6),
                Check.Within("mean angle at 2,000", evidence[Linear].Angle(PaperRules.FeedbackAlignment, 2000).Mean, 25 - 6, 32 + 6)),
        },
        new()
        {
            Row = 5,
            Id = "linear-descent",
            Group = Group,
            Setup = Setup,
            Reading = Rates,
            Needs = [Linear],
            Statement = "The condition that makes random feedback useful, eᵀWBe > 0, is learned: from 200 examples on it holds for at "
                + "least 99 % of the examples.",
            Place = "text on Fig. 1",
            Expected = "about half of the examples at the beginning, all of them later",
            Tolerance = "30 … 75 % at 0, ≥ 99 % from 200 on",
            Quantity = "share of held-out examples with eᵀWBe > 0 after 200 examples",
            Judge = evidence => new(
                evidence[Linear].Reading(PaperRules.FeedbackAlignment, "hidden1", 200, reading => reading.PositiveShare),
                Check.Within("mean share at 0", evidence[Linear].Reading(PaperRules.FeedbackAlignment, "hidden1", 0, reading => reading.PositiveShare).Mean, 0.3, 0.75),
                Check.AllWithin(
                    "mean share from 200 examples on",
                    evidence[Linear].Measured(PaperRules.FeedbackAlignment).Where(examples => examples >= 200)
                        .Select(examples => evidence[Linear].Reading(PaperRules.FeedbackAlignment, "hidden1", examples, reading => reading.PositiveShare).Mean),
                    0.99, 1)),
        },
    ];

    private static string Signed(double decades) => decades < 0 ? Invariant($"−{-decades:0.0}") : Invariant($"+{decades:0.0}");

    private static double Lead(Evidence evidence, long examples)
        => evidence[Linear].Error(PaperRules.Backpropagation, examples).Log10().Mean - evidence[Linear].Error(PaperRules.FeedbackAlignment, examples).Log10().Mean;
}
