using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Rules;

/// <summary>
/// The controls of a rule that is said to train convolutions: their kernels stay as they were drawn, ΔW = 0, and what lies above them
/// learns by backpropagation. A rule trains convolutions only if it beats the control whose normalizations learn, for those see the exact
/// error. Random kernels: Jarrett, Kavukcuoglu, Ranzato, LeCun, ICCV 2009; training only the normalizations: Frankle, Schwab, Morcos,
/// ICLR 2021, arXiv 2003.00152.
/// </summary>
/// <remarks>Without a convolution nothing is frozen, and the rule is backpropagation to the bit.</remarks>
public sealed class FrozenConvolutionsRule : LearningRule
{
    private readonly BackpropagationRule _exact;
    private readonly Parameter[] _frozen;
    private readonly bool _trainsNorms;

    /// <summary>Makes the rule.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="trainsNorms">
    /// Whether all other parameters learn, those of normalizations between convolutions too; otherwise all that lies below the first dense
    /// layer after the last convolution is frozen.
    /// </param>
    public FrozenConvolutionsRule(RuleSetup setup, bool trainsNorms = true)
        : base(setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        _trainsNorms = trainsNorms;
        HashSet<Module> frozen = [.. trainsNorms ? [.. Network.Layers.Where(IsConvolution)] : Features()];
        _frozen = [.. frozen.SelectMany(module => module.Parameters)];
        _exact = new BackpropagationRule(setup.ReadingFrom(Pass)) { Untaught = frozen };
    }

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "frozen-convolutions",
        "frozen convolutions",
        "Kernels stay random; normalizations and dense layers learn by backpropagation. The control for convolutions.",
        "Frankle, Schwab & Morcos, ICLR 2021, arXiv 2003.00152",
        setup => new FrozenConvolutionsRule(setup))
    {
        NeedsConvolution = true,
        Notes = new()
        {
            Formula = "ΔW = 0 in all convolutions, else eₗ = δₗ₊₁ Wₗ₊₁",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "Wᵀ",
            Frozen = FrozenPart.Convolutions,
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation; less where no normalization lies below",
            Memory = "none",
            Pitfalls =
            [
                "A rule that does not beat this one cannot be said to train convolutions: random ones do as well.",
                "Biases of convolutions are frozen too. Scales and shifts of normalizations learn from the exact error.",
            ],
            Choices = ["The error goes on through the fixed kernels, so that normalizations below them learn."],
            Unverified =
            [
                "We read the paper's abstract, not the full text. It trains the normalizations alone; here dense layers learn too.",
            ],
        },
    };

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Settings
        => new Dictionary<string, double> { ["trainsNorms"] = _trainsNorms ? 1 : 0 };

    /// <inheritdoc/>
    public override string? SplitObjection => null;

    /// <inheritdoc/>
    protected override bool HonorsMask => true;

    /// <inheritdoc/>
    public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        var loss = _exact.EstimateGradients(batch, gradients, hiddenErrors);
        foreach (var parameter in _frozen)
        {
            gradients[parameter].Clear();
        }

        return loss;
    }

    /// <summary>All below the first dense layer after the last convolution.</summary>
    private Module[] Features()
    {
        Module[] modules = [.. Network.All(Network.Root).Where(module => module.Children.Count == 0)];
        var last = Array.FindLastIndex(modules, IsConvolution);
        return last < 0 ? [] : modules[..Array.FindIndex(modules, last + 1, module => module is WeightedLayer)];
    }

    /// <summary>The output layer learns under every rule.</summary>
    private bool IsConvolution(Module module) => module is WeightedLayer { Map: ConvolutionMap } && module != Network.Layers[^1];
}
