namespace FeedbackAlignment.Experiments.Theory;

/// <summary>A linear network and target for <see cref="TheoremOne"/>, and how it is integrated.</summary>
public sealed record TheoremOneSetup
{
    /// <summary>
    /// 30–8–10: more outputs than hidden units, so no B has B⁺B = I, and the error may stay. Here no weights could bring it to 0.
    /// </summary>
    public static TheoremOneSetup TooFewHiddenUnits { get; } = new() { Hidden = 8, LastTime = 20 };

    /// <summary>Seed of T (stream <c>data/theory</c>) and B (stream <c>feedback/theory</c>).</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>n_in, ≥ 1.</summary>
    public int Inputs { get; init; } = 30;

    /// <summary>n_hid, ≥ 1.</summary>
    public int Hidden { get; init; } = 20;

    /// <summary>n_out, ≥ 1.</summary>
    public int Outputs { get; init; } = 10;

    /// <summary>T is uniform in ± this.</summary>
    public double TargetHalfWidth { get; init; } = 1;

    /// <summary>B is uniform in ± this.</summary>
    public double FeedbackHalfWidth { get; init; } = 0.5;

    /// <summary>Length of an integrator's step, &gt; 0.</summary>
    public double StepSize { get; init; } = 0.004;

    /// <summary>The integration ends once ‖E‖ ∕ ‖T‖ is no more than this …</summary>
    public double EnoughError { get; init; } = 1e-7;

    /// <summary>… or at this time.</summary>
    public double LastTime { get; init; } = 60;
}
