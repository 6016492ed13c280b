namespace FeedbackAlignment.Experiments.Theory;

/// <summary>A moment of <see cref="TheoremOne"/>. All norms are Frobenius norms.</summary>
/// <param name="Time">t.</param>
/// <param name="RelativeError">‖E‖ ∕ ‖T‖.</param>
/// <param name="SentError">V = ‖B E‖² ∕ its value at t = 0.</param>
/// <param name="InvariantDrift">‖B W + WᵀBᵀ − A Aᵀ‖ ∕ ‖A Aᵀ‖; 0 at t = 0.</param>
public sealed record TheoremOnePoint(double Time, double RelativeError, double SentError, double InvariantDrift);

/// <summary>What became of the error, and of what the proof of Theorem 1 rests on.</summary>
public sealed record TheoremOneResult
{
    /// <summary>What was integrated.</summary>
    public required TheoremOneSetup Setup { get; init; }

    /// <summary>The course, from t = 0 on, at equal distances.</summary>
    public required IReadOnlyList<TheoremOnePoint> Course { get; init; }

    /// <summary>
    /// The largest of (V after a step) ∕ (V before it) − 1 over all steps: below 0 if V falls all the time. Steps are left out from where
    /// V has fallen to 10⁻²⁰ of its start, which is rounding.
    /// </summary>
    public required double LargestRise { get; init; }

    /// <summary>The largest drift of the invariant over all steps.</summary>
    public required double LargestInvariantDrift { get; init; }

    /// <summary>
    /// The least ‖E‖ ∕ ‖T‖ of any W and A: what the n_hid largest singular values of T leave. 0 unless n_hid &lt; n_out (and n_hid &lt;
    /// n_in).
    /// </summary>
    public required double LeastRelativeError { get; init; }

    /// <summary>The smallest singular value of B ∕ the largest; 0 where B⁺B ≠ I, as for every n_out &gt; n_hid.</summary>
    public required double FeedbackCondition { get; init; }

    /// <summary>‖E‖ ∕ ‖T‖ at the end.</summary>
    public double FinalRelativeError => Course[^1].RelativeError;

    /// <summary>Whether the theorem's conditions hold, so that E must go to 0.</summary>
    public bool MustSucceed => FeedbackCondition > 0;
}
