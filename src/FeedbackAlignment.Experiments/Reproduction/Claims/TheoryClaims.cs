namespace FeedbackAlignment.Experiments.Reproduction.Claims;

/// <summary>The theory, rows 18–20 and 24, in double and without training.</summary>
internal static class TheoryClaims
{
    private const string Group = "theory";

    /// <summary>The claims.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new()
        {
            Row = 18,
            Id = "flow-field",
            Group = Group,
            Setup = "the minimal network dW/dt = (1 − W W₀) W₀, dW₀/dt = 1 − W W₀, integrated from 1,600 starts on the plane and beside the separatrix",
            Statement = "From zero, the minimal network reaches a solution with W₀ > 0. From below the separatrix, it ends at a solution "
                + "with eᵀWBe < 0.",
            Place = "Fig. 3",
            Expected = "from (0, 0) to (1.260, 0.794); paths are the parabolas 2W = W₀² + C; separatrix W = (W₀² − 3)/2",
            Paper = 1.26,
            Tolerance = "invariant to 1e−6; end point from 0 to 1e−3; every start ends on the branch that theory predicts",
            Quantity = "W₀ at the end of the path from (0, 0)",
            Judge = evidence =>
            {
                var plane = evidence.Theory.Plane;
                return new(
                    Sample.Of(plane.EndFromZero.W0),
                    Check.AtMost("largest drift of the invariant on any path", plane.LargestInvariantDrift, 1e-6),
                    Check.Within("W₀ at the end from 0", plane.EndFromZero.W0, Math.Cbrt(2) - 1e-3, Math.Cbrt(2) + 1e-3),
                    Check.Within("W at the end from 0", plane.EndFromZero.W, 1 / Math.Cbrt(2) - 1e-3, 1 / Math.Cbrt(2) + 1e-3),
                    Check.AtMost($"starts of {plane.Basins.Count + plane.BesideSeparatrix.Count + plane.Paths.Count} that end elsewhere than theory says", plane.Surprises, 0));
            },
        },
        new()
        {
            Row = 19,
            Id = "theorem-1",
            Group = Group,
            Setup = "dW/dt = E Aᵀ, dA/dt = B E from W = A = 0, 30-20-10, T ± 1, B ± 0.5, fourth-order Runge–Kutta",
            Statement = "Theorem 1, on one network: from zero weights, feedback alignment reduces a linear network's error to zero.",
            Place = "supplementary proof 1",
            Expected = "E → 0, V = ‖BE‖² never rises, B W + WᵀBᵀ − A Aᵀ stays",
            Paper = 0,
            Tolerance = "‖E‖/‖T‖ ≤ 1e−6; V does not rise; relative drift of the invariant ≤ 1e−8",
            Quantity = "‖E‖/‖T‖ at the end",
            Judge = evidence =>
            {
                var result = evidence.Theory.TheoremOne;
                return new(
                    Sample.Of(result.FinalRelativeError),
                    Check.AtMost("‖E‖/‖T‖ at the end", result.FinalRelativeError, 1e-6),
                    Check.AtMost("largest relative rise of V in a step", result.LargestRise, 0),
                    Check.AtMost("largest relative drift of the invariant", result.LargestInvariantDrift, 1e-8));
            },
        },
        new()
        {
            Row = 20,
            Id = "theorem-2",
            Group = Group,
            Setup = "one pair (x, ỹ), W = A = 0, η_A = η_W/(xᵀx): the matrices against the recursion of two scalars",
            Statement = "Theorem 2, on one pair: for a single example, feedback alignment is pseudobackprop as soon as the angle "
                + "is defined.",
            Place = "supplementary proof 3 (proof 2 in the main text's count)",
            Expected = "angle exactly 0",
            Paper = 0,
            Tolerance = "angle ≤ 1e−6 rad at every step, the first of them step 3 or before; scalars to 1e−12",
            Quantity = "largest angle Δh_FA ∡ Δh_PBP, rad",
            Judge = evidence =>
            {
                var result = evidence.Theory.TheoremTwo;
                return new(
                    Sample.Of(result.LargestAngle),
                    Check.AtMost("largest angle (rad)", result.LargestAngle, 1e-6),
                    Check.AtMost("largest relative deviation from the recursion", result.LargestDeviation, 1e-12),
                    Check.AtMost("first step with an angle", result.FirstAngleStep, 3));
            },
        },
        new()
        {
            Row = 24,
            Id = "gauss-newton",
            Group = Group,
            Setup = "200 random networks 30-20-10 with tanh hidden units and linear output",
            Statement = "In 200 random networks, pseudobackprop is a Gauss–Newton step on the hidden activity, with each component "
                + "multiplied by a number ≥ 0.",
            Place = "supplementary proof 2 (proof 3 in the main text's count)",
            Expected = "first-order change of hᵢ = η σ′ᵢ² xᵀx Δh_GN,ᵢ; eᵀWW⁺e > 0",
            Paper = 0,
            Tolerance = "relative 1e−6; eᵀWW⁺e > 0 in all",
            Quantity = "largest relative deviation over all networks",
            Judge = evidence =>
            {
                var result = evidence.Theory.GaussNewton;
                return new(
                    Sample.Of(result.LargestDeviation),
                    Check.AtMost("largest relative deviation", result.LargestDeviation, 1e-6),
                    Check.AtLeast("smallest factor η σ′² xᵀx", result.Factor.Smallest, 0),
                    Check.AtLeast("share of networks with eᵀWW⁺e > 0", result.PositiveShare, 1));
            },
        },
    ];
}
