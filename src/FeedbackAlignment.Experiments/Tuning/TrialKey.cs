namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>One training of a tuning.</summary>
/// <param name="Rule">The id of the rule.</param>
/// <param name="Trial">The trial's number; 0: the spec's own setting.</param>
/// <param name="Rung">The rung's number, from 1.</param>
/// <param name="Seed">The root seed.</param>
public readonly record struct TrialKey(string Rule, int Trial, int Rung, ulong Seed)
{
    /// <summary>The number of the spec's own setting.</summary>
    internal const int Own = 0;

    /// <summary>Its folder among the trials, e.g. <c>feedback-alignment/007/rung-1-seed-101</c>.</summary>
    public override string ToString() => $"{Rule}/{Trial:000}/rung-{Rung}-seed-{Seed}";
}
