using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// What sets the size of feedback weights, and so of the errors that they bring. Without normalization the distribution does; with it
/// only the shape of the distribution counts, uniform or normal, and the size follows from the number of connections.
/// </summary>
/// <remarks>
/// A feedback matrix B is errors × units: a unit's error is Σ over the error components i of δᵢ Bᵢⱼ, so its fan-in is the number of
/// components that reach it, and the fan-out of a component is the number of units that it reaches. Missing connections count in neither;
/// where they are missing at random the expected number is taken.
/// </remarks>
public sealed class FeedbackNormalization
{
    private readonly double _scale;
    private readonly Kind _kind;

    private FeedbackNormalization(Kind kind, double scale)
    {
        if (!double.IsFinite(scale) || scale <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "the scale of feedback weights must be a finite number > 0");
        }

        (_kind, _scale) = (kind, scale);
    }

    private enum Kind
    {
        None,
        FanIn,
        FanOut,
        ErrorNorm,
    }

    /// <summary>None: the weights are as the distribution gives them.</summary>
    public static FeedbackNormalization None { get; } = new(Kind.None, 1);

    /// <summary>
    /// Variance scale² ∕ fan-in: the error that a unit gets is as large as one component of the error that is sent, times the scale.
    /// </summary>
    /// <param name="scale">Factor, &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number &gt; 0.</exception>
    public static FeedbackNormalization FanIn(double scale = 1) => new(Kind.FanIn, scale);

    /// <summary>
    /// Variance scale² ∕ fan-out: the error of all units together is as large as the whole error that is sent, times the scale, on
    /// average over the draws of B.
    /// </summary>
    /// <param name="scale">Factor, &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number &gt; 0.</exception>
    public static FeedbackNormalization FanOut(double scale = 1) => new(Kind.FanOut, scale);

    /// <summary>
    /// Every matrix is multiplied so that ‖B‖² = scale² · its rows (Frobenius norm): for white errors E‖δB‖² = scale² E‖δ‖², for this
    /// very B. Then layer-by-layer and direct feedback bring errors of one size to every layer, derivatives aside, and can be compared
    /// (Hunsberger 2018).
    /// </summary>
    /// <param name="scale">Factor, &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number &gt; 0.</exception>
    public static FeedbackNormalization ErrorNorm(double scale = 1) => new(Kind.ErrorNorm, scale);

    /// <summary>The standard deviation to draw with; null: the distribution's own.</summary>
    /// <param name="fanIn">Error components that reach a unit.</param>
    /// <param name="fanOut">Units that an error component reaches.</param>
    internal double? Deviation(double fanIn, double fanOut) => _kind switch
    {
        Kind.FanIn => _scale / Math.Sqrt(fanIn),
        Kind.FanOut => _scale / Math.Sqrt(fanOut),
        _ => null,
    };

    /// <summary>Whether a matrix must be multiplied by <see cref="Factor"/> once it has been drawn.</summary>
    internal bool NeedsNorm => _kind == Kind.ErrorNorm;

    /// <summary>The factor by which to multiply a matrix that has been drawn, for one error norm.</summary>
    /// <param name="errors">Its rows.</param>
    /// <param name="squaredNorm">Its squared Frobenius norm, &gt; 0.</param>
    internal double Factor(int errors, double squaredNorm) => _scale * Math.Sqrt(errors / squaredNorm);

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add(Identity.Kind, _kind switch
        {
            Kind.FanIn => "fan-in",
            Kind.FanOut => "fan-out",
            Kind.ErrorNorm => "error-norm",
            _ => "none",
        });
        identity.Add("scale", _scale);
    }

    /// <inheritdoc/>
    public override string ToString() => _kind == Kind.None ? "none" : FormattableString.Invariant($"{_kind} × {_scale}");
}
