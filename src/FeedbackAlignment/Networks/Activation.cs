using System.Globalization;
using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Numerics;
using static System.FormattableString;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The function that a layer applies to its pre-activations z = W x + b, element by element. Most derivatives are taken from the output h,
/// so that z need not be kept. Where h does not tell z, <see cref="DerivativeNeedsInput"/> says so, and a pass keeps both.
/// </summary>
public abstract class Activation : ICatalogEntry
{
    private const string LeakyKind = "leaky-relu";
    private const float UsualSlope = 0.01f;

    private protected Activation(string kind, string summary, bool derivativeNeedsInput)
        => (Id, Kind, Summary, DerivativeNeedsInput) = (kind, kind, summary, derivativeNeedsInput);

    /// <summary>h = z.</summary>
    public static Activation Linear { get; } = new LinearActivation();

    /// <summary>h = 1 ∕ (1 + e^−z).</summary>
    public static Activation Logistic { get; }
        = new Elementary<TakeLogistic, GateByLogistic>("logistic", "1 ∕ (1 + e⁻ᶻ).", default, default)
        {
            AtRest = 0.5f,
            Onnx = new("Sigmoid"),
        };

    /// <summary>h = tanh z.</summary>
    public static Activation Tanh { get; }
        = new Elementary<TakeTanh, GateByTanh>("tanh", "tanh z.", default, default) { Onnx = new("Tanh") };

    /// <summary>h = max(z, 0); its derivative at 0 is 0.</summary>
    public static Activation Relu { get; }
        = new Elementary<Rectify, GateByRectifier>("relu", "max(0, z).", default, default) { Onnx = new("Relu") };

    /// <summary>h = z where z &gt; 0, else 0.01 z, as PyTorch has it by default; its derivative at 0 is 0.01.</summary>
    public static Activation LeakyRelu { get; } = Leaky(LeakyKind, UsualSlope);

    /// <summary>h = ln(1 + e^z).</summary>
    public static Activation Softplus { get; }
        = new Elementary<TakeSoftplus, GateBySoftplus>("softplus", "ln(1 + eᶻ).", default, default)
        {
            AtRest = 0.693147181f,
            Onnx = new("Softplus"),
        };

    /// <summary>h = z ∕ (1 + e^−z), also called swish. Its derivative needs z.</summary>
    public static Activation Silu { get; }
        = new Elementary<TakeSilu, GateBySilu>("silu", "z ∕ (1 + e⁻ᶻ), also called swish.", default, default, derivativeNeedsInput: true);

    /// <summary>
    /// h = z Φ(z), Φ(z) = ½ (1 + erf(z ∕ √2)): the exact form, PyTorch's default, and not the one with tanh. Its derivative needs z.
    /// Φ is right to 1.9 · 10⁻⁷.
    /// </summary>
    public static Activation Gelu { get; }
        = new Elementary<TakeGelu, GateByGelu>(
            "gelu", "z Φ(z) with the normal distribution's Φ, computed exactly and not by tanh.", default, default,
            derivativeNeedsInput: true);

    /// <summary>The activations of this library; the leaky rectifier with its usual slope.</summary>
    public static Catalog<Activation> Standard { get; }
        = new("activation", Linear, Logistic, Tanh, Relu, LeakyRelu, Softplus, Silu, Gelu);

    /// <summary>Its name in specs and files and on the command line; <c>leaky-relu 0.1</c> has a slope of its own.</summary>
    public string Id { get; private init; }

    /// <summary>Its formula, and what else should be known in a line.</summary>
    public string Summary { get; }

    /// <summary>
    /// Whether σ′ is taken from the pre-activations z, and not from the outputs h: two z give the same h, or h does not tell z closely.
    /// </summary>
    public bool DerivativeNeedsInput { get; }

    /// <summary>Its id without a slope.</summary>
    internal string Kind { get; }

    /// <summary>
    /// What stands for it in an ONNX model; null: several operators stand for it, or none.
    /// </summary>
    public OnnxOperator? Onnx { get; private init; }

    /// <summary>Tells functions of somebody's own apart whose ids are the same; null: the id says all.</summary>
    internal virtual string? Fingerprint => null;

    /// <summary>σ(0): what a unit gives that nothing goes into.</summary>
    internal float AtRest { get; private protected init; }

    /// <summary>The same function, for a product to apply to its result; null: it changes nothing.</summary>
    internal Finish? Finish { get; private protected init; }

    /// <summary>h ← σ(z), whatever h was.</summary>
    private protected PairMap? Take { get; init; }

    /// <summary>error ← error ∘ σ′, given z or h; null: it changes nothing.</summary>
    private protected PairMap? Derivative { get; init; }

    /// <summary>
    /// The leaky rectifier with a slope of its own: h = z where z &gt; 0, else slope · z; its derivative at 0 is the slope.
    /// </summary>
    /// <param name="slope">A finite number &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is out of range.</exception>
    public static Activation LeakyReluOf(float slope)
        => !float.IsFinite(slope) || slope <= 0 ? throw new ArgumentOutOfRangeException(nameof(slope), slope, "must be a finite number > 0")
            : slope == UsualSlope ? LeakyRelu
            : Leaky(Invariant($"{LeakyKind} {slope:r}"), slope);

    /// <summary>An activation of one's own, for a catalog: <c>Activation.Standard.With(…)</c>.</summary>
    /// <param name="id">Its name: lower-case words of letters and digits joined by hyphens. The library's own names are taken.</param>
    /// <param name="summary">Its formula, and what else should be known in a line.</param>
    /// <param name="function">
    /// h of z. Several threads call it at once, number by number, so it must give the same for the same z. The results are the same on
    /// every machine only if it is; <see cref="MathF"/> is not.
    /// </param>
    /// <param name="derivative">∂h∕∂z, of h; of z where <paramref name="derivativeNeedsInput"/>.</param>
    /// <param name="derivativeNeedsInput">Whether the derivative is of z, because h does not tell z.</param>
    /// <param name="isSurrogate">
    /// Whether the derivative is another function on purpose. If not, it is compared with differences at many places from −8 to 8.
    /// </param>
    /// <param name="onnx">What stands for it in an ONNX model; null: it cannot be exported to one.</param>
    /// <exception cref="ArgumentException">
    /// The id cannot be one or is the library's, a value or derivative is not finite, or the derivative is not that of the function; the
    /// message says where.
    /// </exception>
    public static Activation Create(
        string id, string summary, Func<float, float> function, Func<float, float> derivative, bool derivativeNeedsInput = false,
        bool isSurrogate = false, OnnxOperator? onnx = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(summary);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(derivative);
        var made = new FunctionActivation(id, summary, function, derivative, derivativeNeedsInput) { Onnx = onnx };
        _ = Standard.With(made);
        return made.Objection(isSurrogate) is not { } objection ? made : throw new ArgumentException(
            $"{id} cannot be used, for {objection}", nameof(derivative));
    }

    /// <summary>The activation with a given id.</summary>
    /// <param name="id">
    /// One of <c>linear</c>, <c>logistic</c>, <c>tanh</c>, <c>relu</c>, <c>leaky-relu</c>, <c>softplus</c>, <c>silu</c>, <c>gelu</c>, or
    /// <c>leaky-relu SLOPE</c>.
    /// </param>
    /// <param name="among">The activations that there are; null: those of the library.</param>
    /// <exception cref="ArgumentException">There is none of that id; the message lists those there are.</exception>
    public static Activation FromId(string id, Catalog<Activation>? among = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Find(id, among ??= Standard) ?? among.Get(id);
    }

    /// <summary>h ← σ(z), in place.</summary>
    /// <param name="values">batch × units: pre-activations in, outputs out.</param>
    public abstract void Apply(Matrix values);

    /// <summary>error ← error ∘ σ′, in place: from ∂loss/∂h to ∂loss/∂z.</summary>
    /// <param name="error">batch × units, the error at the outputs.</param>
    /// <param name="input">
    /// batch × units, the pre-activations z; read only where <see cref="DerivativeNeedsInput"/>, elsewhere it may be left out.
    /// </param>
    /// <param name="output">batch × units, the outputs h.</param>
    /// <exception cref="ArgumentException">
    /// The shapes differ, one is column-major, or the derivative needs the pre-activations and they are not there.
    /// </exception>
    public void MultiplyByDerivative(Matrix error, Matrix input, Matrix output)
        => Derivative?.Apply(error, Source(error, input, output), new(0, Matrix.Padded(error.Columns)));

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => obj is Activation other && Id == other.Id;

    /// <inheritdoc/>
    public sealed override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);

    /// <inheritdoc/>
    public sealed override string ToString() => Id;

    /// <summary>The activation with a given id, which may have a slope behind it; null: there is none.</summary>
    internal static Activation? Find(string id, Catalog<Activation> among)
    {
        var words = id.Split(' ');
        return words is [LeakyKind, var number] && among.Find(LeakyKind) is not null ? OfSlope(number) : among.Find(id);

        static Activation? OfSlope(string number)
            => float.TryParse(
                number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var slope)
                && float.IsFinite(slope) && slope > 0 ? LeakyReluOf(slope) : null;
    }

    /// <summary>output ← σ(input), shared among threads.</summary>
    internal void Apply(Matrix input, Matrix output, Compute compute)
    {
        if (Take is { } take)
        {
            compute.Map(take, output, input);
        }
        else
        {
            output.CopyFrom(input);
        }
    }

    /// <summary>error ← error ∘ σ′, shared among threads.</summary>
    internal void MultiplyByDerivative(in Matrix error, in Matrix input, in Matrix output, Compute compute)
    {
        ref readonly var source = ref Source(error, input, output);
        if (Derivative is { } derivative)
        {
            compute.Map(derivative, error, source);
        }
    }

    private ref readonly Matrix Source(in Matrix error, in Matrix input, in Matrix output)
    {
        if (DerivativeNeedsInput && input.Rows == 0 && error.Rows > 0)
        {
            throw new ArgumentException($"{Id} takes its derivative from the pre-activations, and they were not kept", nameof(input));
        }

        ref readonly var source = ref DerivativeNeedsInput ? ref input : ref output;
        error.RequireShape(source.Rows, source.Columns, nameof(error));
        error.RequireRowMajor(nameof(error));
        source.RequireRowMajor(DerivativeNeedsInput ? nameof(input) : nameof(output));
        return ref source;
    }

    private static Elementary<LeakyRectify, GateByLeakyRectifier> Leaky(string id, float slope)
        => new(
            LeakyKind, Invariant($"z where z > 0, else {slope:r} z; a row of modules may give another slope, as `leaky-relu 0.1`."),
            new(slope), new(slope))
        {
            Id = id,
            Onnx = new("LeakyRelu") { Attributes = new Dictionary<string, float> { ["alpha"] = slope } },
        };

    private sealed class LinearActivation() : Activation("linear", "z.", derivativeNeedsInput: false)
    {
        public override void Apply(Matrix values)
        {
        }
    }

    /// <summary>One that is computed number by number.</summary>
    private sealed class Elementary<TMap, TGate> : Activation
        where TMap : struct, IMap
        where TGate : struct, IMap2
    {
        private readonly TMap _map;

        /// <param name="kind">Its id without a slope.</param>
        /// <param name="summary">Its formula, and what else should be known.</param>
        /// <param name="map">z ↦ h.</param>
        /// <param name="gate">error ← error · σ′, given h, or z where the derivative needs it.</param>
        /// <param name="derivativeNeedsInput">Whether it does.</param>
        public Elementary(string kind, string summary, TMap map, TGate gate, bool derivativeNeedsInput = false)
            : base(kind, summary, derivativeNeedsInput)
        {
            _map = map;
            (Finish, Take, Derivative) = (new Finish<TMap>(map), new PairMap<TakeOf<TMap>>(new(map)), new PairMap<TGate>(gate));
        }

        public override void Apply(Matrix values) => Elementwise.Map(values, _map);
    }
}
