using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Difference target propagation: layers get targets instead of errors. The last hidden layer's target is a step down the loss, ĥ = h −
/// η̂ e, that of every layer below comes through a learned inverse g of the layer above, ĥₗ = hₗ + g(ĥₗ₊₁) − g(hₗ₊₁), and each layer
/// learns to hit its own, ½‖hₗ − ĥₗ‖² with ĥₗ held fast. The inverses learn beside, to bring back what a layer was given: ½‖g(f(x)) −
/// x‖², x = hₗ + ε, ε ~ N(0, σ²). Lee, Zhang, Fischer, Bengio, "Difference target propagation", ECML/PKDD 2015, arXiv 1412.7525.
/// </summary>
/// <remarks>
/// The output layer learns with its exact error, and the last hidden layer's target comes from it through the output weights, as in the
/// paper. So with one hidden layer its gradient is η̂ times backpropagation's, and there is no inverse. As its error the rule names (hₗ −
/// ĥₗ) ∕ η̂, which for the last hidden layer is the exact one. The differences hₗ − ĥₗ are carried themselves, not taken between targets
/// and outputs, so small steps keep their digits.
/// </remarks>
public sealed class DifferenceTargetPropagationRule : LearningRule
{
    /// <summary>Step η̂ to the last hidden layer's target.</summary>
    public static readonly RuleOption StepOption = new("step", 0.33, "Step η̂ from the last hidden layer's outputs to its target, ĥ = h − η̂ e.") { Above = 0 };

    /// <summary>Standard deviation of the noise under which inverses learn.</summary>
    public static readonly RuleOption NoiseOption = new("noise", 0.36, "Standard deviation σ of the noise under which the inverses learn.") { AtLeast = 0 };

    /// <summary>What the inverses' loss counts.</summary>
    public static readonly RuleOption InverseWeightOption =
        new("inverseWeight", 0.34, "Factor on the inverses' gradients: their learning rate relative to the network's. It has no effect under optimizers that divide by the size of the gradient.") { Above = 0 };

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "difference-target-propagation",
        "difference target propagation",
        "Layers get targets instead of errors. Each target comes from the layer above, through an inverse that is learned at the same "
        + "time.",
        "Lee, Zhang, Fischer & Bengio, ECML/PKDD 2015, arXiv 1412.7525",
        setup => new DifferenceTargetPropagationRule(setup))
    {
        Options = [StepOption, NoiseOption, InverseWeightOption],
        GradientIsErrorTimesInput = false,
        Notes = new()
        {
            Formula = "ĥₗ = hₗ + g(ĥₗ₊₁) − g(hₗ₊₁),  ĥ_L₋₁ = h_L₋₁ − η̂ e_L₋₁;  ∂Wₗ of ½‖hₗ − ĥₗ‖²",
            Route = ErrorRoute.Targets,
            Carrier = "g learned",
            Operations = "5 Σ nₗ nₗ₊₁ over the hidden layers but the last (g twice for targets; f, g and g's gradient for the inverses' loss), and C n for the last",
            Memory = "Σ (nₗ₊₁ + 1) nₗ weights and biases of the inverses, over the hidden layers but the last, as many gradients, what the optimizer keeps of them, and Σ (3 nₗ + 2 nₗ₊₁) activations an example",
            CountOperations = network => network.Sites.Count == 0 ? 0
                : (5 * network.Crossed.SkipLast(1).Sum(layer => layer.Products)) + network.Layers[^1].Products,
            CountMemory = network => network.Crossed.SkipLast(1)
                .Sum(layer => (2 * (layer.Rows + 1L) * layer.Columns) + (3 * layer.Columns) + (2 * layer.Rows)),
            Pitfalls =
            [
                "The gradients of hidden layers are proportional to η̂; those of the output layer are not. With plain gradient descent η̂ "
                + "is a learning rate of the hidden layers.",
                "Targets are only as good as the inverses, and the inverses lag behind the layers that they invert. A learning rate that "
                + "suits backpropagation may be too high.",
                "A network with one hidden layer has no inverse. There the rule is backpropagation with another learning rate.",
                "The error of the last hidden layer still comes through the output layer's own weights.",
            ],
            Choices =
            [
                "Step and noise are those of the authors' program for tanh networks on MNIST (0.3277 and 0.3598). The weight of the "
                + "inverses is the ratio of its two learning rates (0.0050 : 0.0149).",
                "The authors' loss is a mean over 100 examples, so their step is in effect a hundredth of ours. RMSProp hides this "
                + "difference, except for the curvature of the targets.",
                "Inverses and layers learn in the same step, from the same batch. The authors' program trains all inverses for a pass "
                + "over the data, then all layers for one.",
                "The local losses are ½‖·‖²; the authors use ‖·‖². This is a factor of 2 in the learning rate.",
                "An inverse has the activation of the layer whose outputs it restores. It is initialized like feedback weights.",
                "It takes dense layers one after another only, as those of the paper. Later papers invert convolutions in ways of their "
                + "own.",
            ],
            Unverified = ["We read only parts of the paper's text. Formulas and numbers are those of the authors' program."],
        },
    };

    private readonly LayerInverse[] _inverses;
    private readonly Matrix[] _missing;
    private readonly RandomStream _random;
    private readonly double _step, _deviation;
    private readonly float _inverseWeight;

    /// <summary>Draws the inverses' initial weights.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, how to draw feedback weights, and the options.</param>
    /// <exception cref="ArgumentException">The network is a spiking one: to run a layer again would be its next time step.</exception>
    public DifferenceTargetPropagationRule(RuleSetup setup)
        : base(setup)
    {
        RequireAnswersAtOnce(setup, Entry.Name);
        (_step, _deviation, _inverseWeight) = (setup.Option(StepOption), setup.Option(NoiseOption), (float)setup.Option(InverseWeightOption));
        _random = setup.Streams.Stream($"{RandomStreams.Noise}/difference-target-propagation");
        var (initial, draw) = (setup.DrawFeedback(), new FeedbackDraw(setup.Feedback, setup.Streams));
        _inverses =
        [
            .. Network.Layers.Zip(Network.Layers.Skip(1).SkipLast(1)).Select((layers, below) => new LayerInverse(
                layers.Second, layers.First, initial[below + 1].Read(),
                    draw.Present(FeedbackShape.Of(layers.Second.Map), layers.Second.Name), MaxBatch, Network.Compute)),
        ];
        _missing = [.. Network.Layers.SkipLast(1).Select(layer => new Matrix(MaxBatch, layer.Outputs))];
        Parameters = [.. _inverses.SelectMany(inverse => inverse.Parameters)];
        Noise = [_random];
    }

    /// <summary>Weights and biases of the inverses, from the first hidden layer's on.</summary>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The inverses' weights, in the shape of the weights of the layers that they undo.</summary>
    public override IReadOnlyList<FeedbackPath> Feedback
        => [.. _inverses.Select((inverse, i) => new FeedbackPath(i + 1, i, inverse.Weights) { Parameters = [.. inverse.Parameters] })];

    /// <inheritdoc/>
    public override IReadOnlyList<RandomStream> Noise { get; }

    /// <inheritdoc/>
    public override string? SplitObjection => null;

    /// <inheritdoc/>
    protected override bool HonorsMask => true;

    /// <inheritdoc/>
    public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        hiddenErrors?.Clear();
        var loss = LearnOutputLayer(batch, gradients, out var outputError);
        if (_missing.Length == 0)
        {
            return loss;
        }

        var output = Network.Layers[^1];
        output.Backward(outputError, through: output.Weights, _missing[^1].Top(batch.Count));
        Elementwise.Map(_missing[^1].Top(batch.Count), new Scale((float)_step));
        for (var index = _missing.Length - 1; index >= 0; index--)
        {
            var (layer, outputs, missing) = (Network.Layers[index], Pass.Outputs[index], _missing[index].Top(batch.Count));
            if (index > 0)
            {
                _inverses[index - 1].PullBack(outputs, missing, _missing[index - 1].Top(batch.Count));
            }

            if (hiddenErrors is not null)
            {
                hiddenErrors.Set(index, missing);
                Elementwise.Map(hiddenErrors[index], new Scale((float)(1 / _step)));
            }

            Pass.Localize(index, missing);
            layer.Gradient(Pass.InputOf(index), missing, gradients);
        }

        LearnInverses(batch, gradients);
        return loss;
    }

    /// <summary>The noise is drawn example by example, so that it does not depend on how examples are put into batches.</summary>
    private void LearnInverses(in Batch batch, Gradients gradients)
    {
        for (var example = 0; example < batch.Count; example++)
        {
            for (var index = 0; index < _inverses.Length; index++)
            {
                _inverses[index].Corrupt(example, Pass.Outputs[index].Row(example), _deviation, _random);
            }
        }

        foreach (var inverse in _inverses)
        {
            inverse.Learn(batch, _inverseWeight, gradients);
        }
    }
}
