using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The function that a layer applies to its pre-activations z = W x + b, element by element. Its derivative is taken from its
/// output h, so the pre-activations need not be kept.
/// </summary>
public abstract class Activation
{
    private protected Activation(string id, string formula, Finish? finish, PairMap? derivative)
        => (Id, Formula, Finish, Derivative) = (id, formula, finish, derivative);

    /// <summary>h = z.</summary>
    public static Activation Linear { get; } = new LinearActivation();

    /// <summary>h = 1 ∕ (1 + e^−z).</summary>
    public static Activation Logistic { get; } = new LogisticActivation();

    /// <summary>h = tanh z.</summary>
    public static Activation Tanh { get; } = new TanhActivation();

    /// <summary>h = max(z, 0); its derivative at 0 is 0.</summary>
    public static Activation Relu { get; } = new ReluActivation();

    /// <summary>All activations.</summary>
    public static IReadOnlyList<Activation> All { get; } = [Linear, Logistic, Tanh, Relu];

    /// <summary>Its name in specs and on the command line.</summary>
    public string Id { get; }

    /// <summary>Its formula, for help and reports.</summary>
    public string Formula { get; }

    /// <summary>σ(0): what a unit gives that nothing goes into.</summary>
    internal virtual float AtRest => 0;

    /// <summary>The same function, for a product to apply to its result; null: it changes nothing.</summary>
    internal Finish? Finish { get; }

    /// <summary>error ← error ∘ σ′, given the outputs; null: it changes nothing.</summary>
    private PairMap? Derivative { get; }

    /// <summary>The activation with a given id.</summary>
    /// <param name="id">One of <c>linear</c>, <c>logistic</c>, <c>tanh</c>, <c>relu</c>.</param>
    /// <exception cref="ArgumentException">There is none of that id; the message lists those there are.</exception>
    public static Activation FromId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return All.FirstOrDefault(activation => activation.Id == id)
            ?? throw new ArgumentException($"no activation is called \"{id}\"; there are {string.Join(", ", All.Select(a => a.Id))}", nameof(id));
    }

    /// <summary>h ← σ(z), in place.</summary>
    /// <param name="values">batch × units: pre-activations in, outputs out.</param>
    public abstract void Apply(Matrix values);

    /// <summary>error ← error ∘ σ′, in place: from ∂loss/∂h to ∂loss/∂z.</summary>
    /// <param name="error">batch × units, the error at the outputs.</param>
    /// <param name="output">batch × units, the outputs h.</param>
    /// <exception cref="ArgumentException">The shapes differ, or one is column-major.</exception>
    public void MultiplyByDerivative(Matrix error, Matrix output)
    {
        RequirePair(error, output);
        Derivative?.Apply(error, output, new(0, Matrix.Padded(error.Columns)));
    }

    /// <summary>error ← error ∘ σ′, shared among threads.</summary>
    internal void MultiplyByDerivative(Matrix error, Matrix output, Compute compute)
    {
        RequirePair(error, output);
        if (Derivative is { } derivative)
        {
            compute.Map(derivative, error, output);
        }
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Id;

    private static void RequirePair(Matrix error, Matrix output)
    {
        error.RequireShape(output.Rows, output.Columns, nameof(error));
        error.RequireRowMajor(nameof(error));
        output.RequireRowMajor(nameof(output));
    }

    private sealed class LinearActivation() : Activation("linear", "z", null, null)
    {
        public override void Apply(Matrix values)
        {
        }
    }

    private sealed class LogisticActivation() : Activation("logistic", "1/(1+e^-z)", new Finish<TakeLogistic>(default), new PairMap<GateByLogistic>(default))
    {
        internal override float AtRest => 0.5f;

        public override void Apply(Matrix values) => Elementwise.Map(values, default(TakeLogistic));
    }

    private sealed class TanhActivation() : Activation("tanh", "tanh z", new Finish<TakeTanh>(default), new PairMap<GateByTanh>(default))
    {
        public override void Apply(Matrix values) => Elementwise.Map(values, default(TakeTanh));
    }

    private sealed class ReluActivation() : Activation("relu", "max(z, 0)", new Finish<Rectify>(default), new PairMap<GateByRectifier>(default))
    {
        public override void Apply(Matrix values) => Elementwise.Map(values, default(Rectify));
    }
}
