using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Claims;

/// <summary>Fig. 4, rows 21–23: the linear task over nine scales of the initial weights.</summary>
internal static class ScaleClaims
{
    private const string Group = "scale";
    private const string Setup = "specs/paper/scale.json with network.initialization.scale from 0.0001 to 0.25: 30-20-10 linear, η 10⁻³, 20,000 examples, one at a time";
    private const long End = 20_000, BeforeRounding = 15_000;

    private const string Reading = "Fig. 4 is \"essentially as Fig. 1\", but its curves require other widths. The time course at small ω "
        + "requires half the product of the widths of T and B in Fig. 1. The spread over ω requires a small T. So we use T ± 0.125 "
        + "with B ± 2. "
        + "Angles are measured on 256 held-out examples instead of the current training example. The optimizer keeps the rounding "
        + "remainders of its steps (compensated-sgd).";

    /// <summary>The claims.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new()
        {
            Row = 21,
            Id = "scale-error",
            Group = Group,
            Setup = Setup,
            Reading = Reading,
            Needs = Ids,
            Statement = "Networks with smaller initial weights tend to end with a lower error.",
            Place = "Fig. 4a",
            Expected = "log10 NSE from −10.7 (ω 0.0001) to −5.8 (ω 0.25)",
            Paper = -10.7,
            Tolerance = "Spearman's ρ of ω and mean log10 NSE ≥ 0.9; the errors themselves are not asserted",
            Quantity = "log10 NSE at ω = 0.0001 after 20,000 examples",
            Judge = evidence => new(
                Error(evidence, Scales[0]),
                Check.AtLeast("Spearman's ρ over nine scales", Statistics.Spearman(Scales.Select(scale => (double)scale), Scales.Select(scale => Error(evidence, scale).Mean)), 0.9)),
        },
        new()
        {
            Row = 22,
            Id = "scale-angle",
            Group = Group,
            Setup = Setup,
            Reading = Reading,
            Needs = Ids,
            Statement = "From small initial weights, the angle to backpropagation ends at 22 to 34°. From larger ones it ends higher: at "
                + "50° or more for ω = 0.25.",
            Place = "Fig. 4b",
            Expected = "24 … 26° for ω ≤ 0.01, 74° at ω = 0.25",
            Paper = 24.3,
            Tolerance = "22 … 34° for ω ≤ 0.01; does not fall with ω from 0.01 on; ≥ 50° at 0.25",
            Quantity = "angle Δh_FA ∡ Δh_BP at ω = 0.0001, °",
            Judge = evidence => new(
                BackpropagationAngle(evidence, Scales[0]),
                Check.AllWithin("mean angle for ω ≤ 0.01 (degrees)", Scales.Where(scale => scale <= 0.01f).Select(scale => BackpropagationAngle(evidence, scale).Mean), 22, 34),
                Check.Rising("mean angle rises with ω from 0.01 on", Scales.Where(scale => scale >= 0.01f).Select(scale => BackpropagationAngle(evidence, scale).Mean)),
                Check.AtLeast("mean angle at ω = 0.25", BackpropagationAngle(evidence, Scales[^1]).Mean, 50)),
        },
        new()
        {
            Row = 23,
            Id = "scale-pseudobackprop",
            Group = Group,
            Setup = Setup,
            Reading = Reading
                + " Below an NSE of 1e−10, the error of a network in float is only rounding. So the limit is computed from the "
                + "same dynamics "
                + "for small steps (an ODE) in double, at t = η · 20,000. Float must agree with it where rounding does not dominate.",
            Needs = Ids,
            Statement = "From small weights, feedback alignment comes within 3° of pseudobackprop, W⁺e, in the limit of small steps. At "
                + "each of nine scales it is nearer to pseudobackprop than to backpropagation.",
            Place = "Fig. 4c",
            Expected = "1.2° at ω = 0.0001, 1.4° at 0.001; below the angle to backpropagation at every ω",
            Paper = 1.2,
            Tolerance = "≤ 3° for ω ≤ 0.001 in double, ≤ 5° in float at ω = 0.0001 after 15,000; below the angle to backpropagation for all ω",
            Quantity = "angle Δh_FA ∡ Δh_PBP at ω = 0.0001 in double, °",
            Judge = evidence =>
            {
                var small = evidence.Theory.Scales.Where(course => course.Scale <= 0.0011).ToArray();
                return new(
                    Sample.Of(small[0].Course[^1].ToPseudobackprop),
                    Check.AllWithin("angle in double for ω ≤ 0.001 at the end (degrees)", small.Select(course => course.Course[^1].ToPseudobackprop), 0, 3),
                    Check.AtMost("mean angle in float at ω = 0.0001 after 15,000", PseudobackpropAngle(evidence, Scales[0], BeforeRounding).Mean, 5),
                    Check.AtLeast(
                        "least margin below the angle to backpropagation over nine scales, in float",
                        Scales.Min(scale => BackpropagationAngle(evidence, scale).Mean - PseudobackpropAngle(evidence, scale, End).Mean), 0),
                    Check.AtLeast(
                        "the same in double",
                        evidence.Theory.Scales.Min(course => course.Course[^1].ToBackpropagation - course.Course[^1].ToPseudobackprop), 0));
            },
        },
    ];

    private static IReadOnlyList<string> Ids => [.. Scales.Select(ScaleId)];

    private static Sample Error(Evidence evidence, float scale) => evidence[ScaleId(scale)].Error(PaperRules.FeedbackAlignment, End).Log10();

    private static Sample BackpropagationAngle(Evidence evidence, float scale) => evidence[ScaleId(scale)].Angle(PaperRules.FeedbackAlignment, End);

    private static Sample PseudobackpropAngle(Evidence evidence, float scale, long examples)
        => evidence[ScaleId(scale)].Reading(PaperRules.FeedbackAlignment, "hidden1", examples, reading => reading.PseudobackpropAngle);
}
