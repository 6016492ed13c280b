using FeedbackAlignment.Numerics;
using static System.FormattableString;

namespace FeedbackAlignment.Networks;

/// <summary>How random weights are drawn: initial forward weights and fixed feedback weights alike.</summary>
/// <remarks>
/// Elements are drawn row by row, so the numbers do not depend on how a matrix lies in memory. Fan-in and fan-out are those of the
/// shape outputs × inputs: inputs and outputs. Those of a convolution are the <see cref="LinearMap"/>'s.
/// </remarks>
public sealed class WeightDistribution
{
    private readonly Func<int, int, double> _spread;
    private readonly bool _normal;
    private readonly string _kind;
    private readonly double? _scale;
    private readonly bool _isOwn;

    private WeightDistribution(
        string kind, double? scale, string description, bool normal, Func<int, int, double> spread, bool isOwn = false)
    {
        (Description, _isOwn) = (description, isOwn);
        (_kind, _scale, _normal, _spread) = (kind, scale, normal, spread);
    }

    /// <summary>All weights 0.</summary>
    public static WeightDistribution Zero { get; } = new("zero", scale: null, "zero", normal: false, (_, _) => 0);

    /// <summary>In words and numbers, e.g. <c>uniform ±0.5</c>.</summary>
    public string Description { get; }

    /// <summary>Uniform in [−halfWidth, halfWidth): the paper's ω and β.</summary>
    /// <param name="halfWidth">Half-width, &gt; 0.</param>
    public static WeightDistribution Uniform(double halfWidth)
        => new("uniform", halfWidth, Invariant($"uniform ±{Positive(halfWidth)}"), normal: false, (_, _) => halfWidth);

    /// <summary>Normal with mean 0.</summary>
    /// <param name="deviation">Standard deviation, &gt; 0.</param>
    public static WeightDistribution Normal(double deviation)
        => new("normal", deviation, Invariant($"normal, SD {Positive(deviation)}"), normal: true, (_, _) => deviation);

    /// <summary>Uniform with variance scale²/fan-in (LeCun, Bottou, Orr, Müller 1998).</summary>
    /// <param name="scale">Factor, &gt; 0.</param>
    public static WeightDistribution LeCunUniform(double scale = 1) => Scaled("lecun-uniform", scale, normal: false, (fanIn, _) => 1.0 / fanIn);

    /// <summary>Normal with variance scale²/fan-in.</summary>
    /// <param name="scale">Factor, &gt; 0.</param>
    public static WeightDistribution LeCunNormal(double scale = 1) => Scaled("lecun-normal", scale, normal: true, (fanIn, _) => 1.0 / fanIn);

    /// <summary>Uniform with variance scale²·2/(fan-in + fan-out) (Glorot and Bengio 2010).</summary>
    /// <param name="scale">Factor, &gt; 0.</param>
    public static WeightDistribution GlorotUniform(double scale = 1) => Scaled("glorot-uniform", scale, normal: false, (fanIn, fanOut) => 2.0 / (fanIn + fanOut));

    /// <summary>Normal with variance scale²·2/(fan-in + fan-out).</summary>
    /// <param name="scale">Factor, &gt; 0.</param>
    public static WeightDistribution GlorotNormal(double scale = 1) => Scaled("glorot-normal", scale, normal: true, (fanIn, fanOut) => 2.0 / (fanIn + fanOut));

    /// <summary>Uniform with variance scale²·2/fan-in (He, Zhang, Ren, Sun 2015).</summary>
    /// <param name="scale">Factor, &gt; 0.</param>
    public static WeightDistribution HeUniform(double scale = 1) => Scaled("he-uniform", scale, normal: false, (fanIn, _) => 2.0 / fanIn);

    /// <summary>Normal with variance scale²·2/fan-in.</summary>
    /// <param name="scale">Factor, &gt; 0.</param>
    public static WeightDistribution HeNormal(double scale = 1) => Scaled("he-normal", scale, normal: true, (fanIn, _) => 2.0 / fanIn);

    /// <summary>A distribution of one's own.</summary>
    /// <param name="id">Its name in descriptions and checkpoints; none of the library's.</param>
    /// <param name="scale">Factor, &gt; 0.</param>
    /// <param name="isNormal">Whether it is normal; else it is uniform. Its mean is 0.</param>
    /// <param name="variance">The variance at scale 1, ≥ 0, of fan-in and fan-out.</param>
    /// <exception cref="ArgumentException">
    /// The id is the library's. A variance that cannot be one is refused when weights are drawn.
    /// </exception>
    public static WeightDistribution Create(string id, double scale, bool isNormal, Func<int, int, double> variance)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(variance);
        return Initialization.Standard.Find(id) is null
            ? Scaled(id, scale, isNormal, Checked, isOwn: true)
            : throw new ArgumentException($"{id} is a distribution of the library; another one needs another id", nameof(id));

        double Checked(int fanIn, int fanOut)
            => variance(fanIn, fanOut) is var given && double.IsFinite(given) && given >= 0 ? given
                : throw new ArgumentException(
                    Invariant($"the variance of {id} for {fanIn} inputs and {fanOut} outputs must be a finite number ≥ 0, was {given}"),
                    nameof(variance));
    }

    /// <summary>Draws every element of a matrix.</summary>
    /// <param name="weights">outputs × inputs; receives the weights.</param>
    /// <param name="random">The stream to draw from.</param>
    public void Draw(Matrix weights, RandomStream random) => Draw(weights, random, deviation: null);

    /// <summary>Draws every element from a distribution of this shape, uniform or normal, but of another standard deviation.</summary>
    /// <param name="weights">outputs × inputs; receives the weights.</param>
    /// <param name="random">The stream to draw from; takes as many numbers from it as <see cref="Draw(Matrix, RandomStream)"/>.</param>
    /// <param name="deviation">Standard deviation of the weights; null: the distribution's own.</param>
    /// <param name="fans">What the distribution's own depends on; null: the matrix's columns and rows.</param>
    internal void Draw(Matrix weights, RandomStream random, double? deviation, Fans? fans = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        var drawn = Drawn(weights.Rows, weights.Columns, random, deviation, fans);
        drawn.Draw(weights);
        random.Position = drawn.End;
    }

    /// <summary>The matrix that would be drawn, before it is. The stream stays where it is.</summary>
    /// <param name="outputs">Its rows.</param>
    /// <param name="inputs">Its columns.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="deviation">Standard deviation of the weights; null: the distribution's own.</param>
    /// <param name="fans">What the distribution's own depends on; null: columns and rows.</param>
    internal DrawnMatrix Drawn(int outputs, int inputs, RandomStream random, double? deviation = null, Fans? fans = null)
    {
        var (fanIn, fanOut) = fans ?? new(inputs, outputs);
        return new(outputs, inputs, _normal, deviation * (_normal ? 1 : Math.Sqrt(3)) ?? _spread(fanIn, fanOut), random.Cursor);
    }

    /// <summary>The standard deviation of weights.</summary>
    /// <param name="fanOut">The outputs that an input is seen by: the rows of a dense matrix.</param>
    /// <param name="fanIn">The inputs that an output sees: its columns.</param>
    internal double Deviation(int fanOut, int fanIn) => _spread(fanIn, fanOut) / (_normal ? 1 : Math.Sqrt(3));

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add(Identity.Kind, _kind);
        identity.Add("scale", _scale);
        foreach (var (outputs, inputs) in _isOwn ? Initialization.Sizes : [])
        {
            identity.Add($"deviation of {outputs} × {inputs}", Deviation(outputs, inputs));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Description;

    private static WeightDistribution Scaled(
        string kind, double scale, bool normal, Func<int, int, double> variance, bool isOwn = false)
    {
        // A uniform variable on ±a has variance a²/3.
        var factor = Positive(scale) * (normal ? 1 : Math.Sqrt(3));
        return new(
            kind, scale, Invariant($"{kind} × {scale}"), normal, (fanIn, fanOut) => factor * Math.Sqrt(variance(fanIn, fanOut)), isOwn);
    }

    private static double Positive(double value)
        => double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "the spread of random weights must be a finite number > 0");
}
