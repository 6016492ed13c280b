using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Claims;

/// <summary>Task 3, rows 14–17 and 28: students of a deeper nonlinear teacher.</summary>
internal static class DeepClaims
{
    private const string Group = "deep";
    private const string Setup = "specs/paper/deep-3.json and deep-4.json: 30-20-10 and 30-20-10-10 tanh students of a 30-20-10-10 teacher, 400,000 examples, one at a time";

    private const string Reading = "The paper gives neither the learning rate nor the widths of the teacher's weights, the students' "
        + "weights and B. Ours: teacher ± 0.24, students ± 0.05 (biases from 0), B ± 0.6, η = 0.03.";

    /// <summary>The claims.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new()
        {
            Row = 14,
            Id = "deep-bp",
            Group = Group,
            Setup = Setup,
            Reading = Reading,
            Needs = [Deep3, Deep4],
            Statement = "Under backpropagation, four layers are better than three.",
            Place = "Fig. 2d",
            Expected = "NSE 2.2e−3 → 1.1e−3, p = 3e−12 (n = 20)",
            Paper = 2.0,
            Tolerance = "ratio ≥ 1.25, p < 1e−3",
            Quantity = "NSE of three layers over NSE of four",
            Judge = evidence => Deeper(evidence, PaperRules.Backpropagation, 1.25),
        },
        new()
        {
            Row = 15,
            Id = "deep-fa",
            Group = Group,
            Setup = Setup,
            Reading = Reading,
            Needs = [Deep3, Deep4],
            Statement = "Under feedback alignment, four layers are better than three.",
            Place = "Fig. 2d",
            Expected = "NSE 2.2e−3 → 0.9e−3, p = 9e−13 (n = 20)",
            Paper = 2.4,
            Tolerance = "ratio ≥ 1.3, p < 1e−3",
            Quantity = "NSE of three layers over NSE of four",
            Judge = evidence => Deeper(evidence, PaperRules.FeedbackAlignment, 1.3),
        },
        new()
        {
            Row = 16,
            Id = "deep-equal",
            Group = Group,
            Setup = Setup,
            Reading = Reading,
            Tried = "Rough simulations with teachers ± 0.24 and ± 0.28, three of each, and B ± 0.3, ± 0.6 and ± 1. With four layers, "
                + "feedback alignment led early in each and ended 1.3 to 10 times above backpropagation. "
                + "The paper's teacher and learning rate are not known.",
            Needs = [Deep3, Deep4],
            Statement = "With three layers, feedback alignment ends within a factor of 2.5 of backpropagation. With four layers, it is "
                + "ahead early and at the end.",
            Place = "Fig. 2d",
            Expected = "equal with three layers at the end; with four layers FA below BP throughout (at the end 0.8 of it)",
            Paper = 1.0,
            Tolerance = "FA3/BP3 ≤ 2.5; FA4 ahead by a factor ≥ 1.8 at 2,000 and not behind at 50,000; a further part: FA4 not behind at the end",
            Quantity = "final NSE of FA3 over BP3",
            Judge = evidence =>
            {
                var three = evidence[Deep3];
                var four = evidence[Deep4];
                var ratio = three.Test(PaperRules.FeedbackAlignment).Mean / three.Test(PaperRules.Backpropagation).Mean;
                var final = four.Test(PaperRules.FeedbackAlignment).Mean / four.Test(PaperRules.Backpropagation).Mean;
                double Lead(long examples) => four.Error(PaperRules.Backpropagation, examples).Mean / four.Error(PaperRules.FeedbackAlignment, examples).Mean;
                return new(
                    Sample.Of(ratio, three.Test(PaperRules.FeedbackAlignment).N),
                    Check.AtMost("final FA3/BP3", ratio, 2.5),
                    Check.AtLeast("BP4/FA4 at 2,000", Lead(2_000), 1.8),
                    Check.AtLeast("BP4/FA4 at 50,000", Lead(50_000), 1),
                    Check.Further(Check.AtMost("final FA4/BP4", final, 1)));
            },
        },
        new()
        {
            Row = 17,
            Id = "deep-shallow",
            Group = Group,
            Setup = Setup,
            Reading = Reading,
            Needs = [Deep3],
            Statement = "Learning in the output layer alone leaves a tenth of the squared error or more.",
            Place = "Fig. 2d",
            Expected = "NSE 0.131",
            Paper = 0.131,
            Tolerance = "0.10 … 0.25",
            Quantity = "NSE of shallow learning",
            Judge = evidence => new(evidence[Deep3].Test(PaperRules.Shallow), Check.Within("mean NSE", evidence[Deep3].Test(PaperRules.Shallow).Mean, 0.1, 0.25)),
        },
        new()
        {
            Row = 28,
            Id = "deep-direct",
            Group = Group,
            Setup = "specs/paper/deep-4.json: the output's error goes directly to both hidden layers of 30-20-10-10",
            Reading = Reading + " We know this part of the 2016 paper only at second hand.",
            Tried = "96 settings of initial width, η and β, and 260 of direct feedback alone with a scale for each layer. None is within "
                + "30 % of chained feedback while rows 14–16 hold. "
                + "Except for a derivative, direct feedback with D₁, D₂ is chained feedback with B₂ = D₂ and B₁ = D₁D₂⁻¹. A random 10 × "
                + "10 matrix D₂ is badly conditioned, and a fifth of the runs saturate the first layer. "
                + "The gap disappears with D₁ := B₁B₂ or an orthogonal D₂, and also with a second layer wider than the output "
                + "(deep-direct-wide).",
            Needs = [Deep4],
            Statement = "Broadcasting errors from the output directly to every layer works as well as sending them layer by layer.",
            Place = "2016, at second hand; in 2014 in words only",
            Expected = "as good as layer by layer",
            Tolerance = "NSE at most 30 % above feedback alignment's with four layers, and ≤ 0.1",
            Quantity = "NSE of direct feedback alignment over chained feedback alignment",
            Judge = evidence => Direct(evidence[Deep4]),
        },
        new()
        {
            Row = 0,
            Id = "deep-direct-wide",
            Group = Group,
            Setup = "specs/paper/deep-4-wide.json: the same with a second hidden layer of 20 units, so that its feedback matrix is not square",
            Reading = Reading + " The paper's sentence names no network. In ours the second hidden layer is wider than the output.",
            Needs = [Deep4Wide],
            Statement = "In one network with a wider second layer, broadcasting errors from the output directly to every layer works.",
            Place = "2016, at second hand; in 2014 in words only",
            Expected = "as good as layer by layer",
            Tolerance = "NSE at most 30 % above feedback alignment's, and ≤ 0.1",
            Quantity = "NSE of direct feedback alignment over chained feedback alignment",
            Judge = evidence => Direct(evidence[Deep4Wide]),
        },
    ];

    private static Finding Deeper(Evidence evidence, string rule, double least)
    {
        var (three, four) = (evidence[Deep3].Test(rule), evidence[Deep4].Test(rule));
        return new(
            Sample.Of(three.Mean / four.Mean, four.N),
            Check.AtLeast("ratio of mean NSE", three.Mean / four.Mean, least),
            Check.AtMost($"p of Welch's t-test, n = {three.N} and {four.N}", Statistics.WelchP(three, four), 1e-3));
    }

    private static Finding Direct(ExperimentEvidence experiment)
    {
        var (direct, chained) = (experiment.Test(PaperRules.DirectFeedbackAlignment), experiment.Test(PaperRules.FeedbackAlignment));
        var ratio = direct.Mean / chained.Mean;
        return new(
            Sample.Of(ratio, direct.N),
            Check.AtMost("ratio of mean NSE", ratio, 1.3),
            Check.AtMost("mean NSE of direct feedback alignment", direct.Mean, 0.1));
    }
}
