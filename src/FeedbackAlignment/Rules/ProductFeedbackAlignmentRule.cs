using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Product feedback alignment: the error goes back through two matrices, first a learned B into a wider middle layer, then a fixed random
/// R, Δh = Rᵀ Bᵀ e. B learns from the error and from the layer's input as R sends it there, so B tends to W Rᵀ, and the product B R to the
/// weights W, while neither matrix looks like W. Ji-An, Benna, "Deep learning without weight symmetry", arXiv 2405.20594 (2024).
/// </summary>
/// <remarks>Where the middle layer is the input itself (R = 1), it is Kolen and Pollack's rule, to the bit.</remarks>
public sealed class ProductFeedbackAlignmentRule : ErrorFeedbackRule
{
    /// <summary>How many times wider the middle layer is than the layer below.</summary>
    public static readonly RuleOption ExpansionOption =
        new("expansion", 4, "Width of the middle layer, as a multiple of the width of the layer below.") { Above = 1, AtMost = 64 };

    private readonly Parameter[] _learned;
    private readonly Matrix[] _fixed, _projected;
    private readonly LinearMap[] _toMiddle, _fromMiddle;
    private readonly WeightSource[] _feedback;

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "product-feedback-alignment",
        "product feedback alignment",
        "The error goes back through the product of a learned matrix and a fixed random one, which tends to the forward weights.",
        "Ji-An & Benna 2024, arXiv 2405.20594",
        setup => new ProductFeedbackAlignmentRule(setup))
    {
        Options = [ExpansionOption],
        NeedsWeightDecay = true,
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ Bₗ Rₗ,  ΔBₗ = −η (δₗ₊₁ᵀ (hₗ Rₗᵀ) + λ Bₗ)",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "B R, B learned",
            Operations = "2 m nₗ + 2 m nₗ₊₁ for each hidden layer: the error through B and R, the input through R, and B's gradient; m "
                + "= 4 nₗ by default",
            Memory = "m nₗ and 2 m nₗ₊₁ for each hidden layer: R, B and B's gradient, and what the optimizer keeps of B",
            CountOperations = network => network.Crossed.Sum(Operations),
            CountMemory = network => network.Crossed.Sum(Numbers),
            Pitfalls =
            [
                "Without weight decay the difference between B and W Rᵀ never changes: set optimizer.weightDecay.",
                "B R equals W only as far as RᵀR is the identity. The angle that remains falls with the width of the middle layer, "
                    + "about as 1 ∕ √(expansion).",
                "It costs several times as much as backpropagation, and the wide middle layer most of it.",
            ],
            Choices =
            [
                "R is fixed, m × nₗ, and drawn like feedback weights with variance 1 ∕ m. B is drawn with the variance of feedback "
                    + "weights. So B R begins with the variance of feedback "
                + "alignment's weights.",
                "The same optimizer, learning rate and decay move B and the forward weights. optimizer.feedback cannot give B others.",
            ],
            Unverified = ["We read the paper's abstract and other people's code. The expansion of its experiments was not checked."],
        },
    };

    /// <summary>Draws B and R.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, how to draw feedback weights, and the option.</param>
    /// <exception cref="ArgumentException">The setup has missing feedback connections.</exception>
    public ProductFeedbackAlignmentRule(RuleSetup setup)
        : this(setup, Drawn(setup))
        => NoteGiven();

    /// <summary>Takes given matrices.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="factors">
    /// For every layer B (outputs × m of that layer) and R (m × inputs), to begin with; entry 0 is ignored. B becomes the rule's own.
    /// </param>
    internal ProductFeedbackAlignmentRule(RuleSetup setup, IReadOnlyList<(Matrix Learned, Matrix Fixed)> factors)
        : base(setup)
    {
        WeightedLayer[] above = [.. Network.Layers.Skip(1)];
        _learned = [.. above.Select((layer, i) => new Parameter($"{layer.Name}.feedback", ParameterKind.Weights, factors[i + 1].Learned))];
        _fixed = [.. factors.Skip(1).Select(pair => pair.Fixed)];
        _toMiddle = [.. above.Zip(_fixed, (layer, matrix) => layer.Map.Widened(matrix.Rows))];
        _fromMiddle = [.. above.Zip(_fixed, (layer, matrix) => layer.Map.AtEachPosition(matrix.Rows))];
        _projected = [.. _toMiddle.Select(map => new Matrix(MaxBatch, map.To.Size))];
        _feedback = [.. _learned.Select((parameter, i) => new ProductWeights(parameter, _fixed[i], MaxBatch, Network.Compute))];
        Feedback = [.. _feedback.Select((weights, i) => new FeedbackPath(i + 1, i, weights) { Parameters = [_learned[i]] })];
        NoteGiven(_fixed.Select(matrix => new FixedWeights(matrix)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _learned;

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <summary>Each B with the W of its layer: with another rate or decay B − W Rᵀ would not shrink to 0.</summary>
    public override IReadOnlyList<TiedWeights> Ties
        => [.. _learned.Zip(Network.Layers.Skip(1), (weights, layer) => new TiedWeights(weights, layer.Weights))];

    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _feedback[at.Index - 1], below);

    /// <inheritdoc/>
    protected override void LearnFeedback(in Crossing at, Gradients gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        var (i, projected) = (at.Index - 1, _projected[at.Index - 1].Top(at.Input.Rows));
        _toMiddle[i].Apply(at.Input, _fixed[i], projected);
        _fromMiddle[i].Gradient(projected, at.Error, gradients[_learned[i]]);
    }

    /// <summary>Of a convolution B R is formed once a batch, and the error crosses it once.</summary>
    private static long Operations(LayerCounts layer)
    {
        var middle = (long)ExpansionOption.Default * layer.Columns;
        return layer.IsDense ? 2 * middle * (layer.Rows + layer.Columns)
            : layer.Products + (layer.Positions * middle * (layer.Rows + layer.Columns));
    }

    private static long Numbers(LayerCounts layer)
        => ((long)ExpansionOption.Default * layer.Columns * (layer.Columns + (2 * layer.Rows))) + (layer.IsDense ? 0 : layer.Weights);

    private static (Matrix Learned, Matrix Fixed)[] Drawn(RuleSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var expansion = setup.Option(ExpansionOption);
        var draw = new FeedbackDraw(setup.Feedback, setup.Streams);
        return [default, .. setup.Network.Layers.Skip(1)
            .Select(layer => draw.DrawProduct(
                FeedbackShape.Of(layer.Map), layer.Name, (int)Math.Ceiling(expansion * layer.Map.Columns)))];
    }
}
