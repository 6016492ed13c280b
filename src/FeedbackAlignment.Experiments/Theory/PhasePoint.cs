namespace FeedbackAlignment.Experiments.Theory;

/// <summary>The state of the minimal network: a point of the plane of Fig. 3, or a velocity in it.</summary>
/// <param name="W0">Weight from the input to the hidden unit; the horizontal axis.</param>
/// <param name="W">Weight from the hidden unit to the output; the vertical axis.</param>
public readonly record struct PhasePoint(double W0, double W);

/// <summary>An arrow of a flow field.</summary>
/// <param name="At">Where it is.</param>
/// <param name="Velocity">d(W0, W)/dt there.</param>
public readonly record struct FlowArrow(PhasePoint At, PhasePoint Velocity);

/// <summary>The branches of the solutions W0 W = 1.</summary>
public enum SolutionBranch
{
    /// <summary>Neither was reached.</summary>
    None,

    /// <summary>W0 &gt; 0, so eᵀWBe = W e² &gt; 0: the teaching signal points the way backpropagation's does.</summary>
    Good,

    /// <summary>W0 &lt; −1: solutions as stable, but with a teaching signal opposite to backpropagation's.</summary>
    Bad,
}
