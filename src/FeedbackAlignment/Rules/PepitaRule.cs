using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// PEPITA, "present the error to perturb the input to modulate activity": the output's error goes through fixed random weights onto the
/// input, x + F e, and the network runs a second time. Every hidden layer learns from the difference of its activity in both passes and
/// what reached it in the second, ∂W = (h − h′) h′ᵀ, the output layer from its error and the second pass's activity, e h′ᵀ. Nothing goes
/// back. Dellaferrera, Kreiman, "Error-driven input modulation: solving the credit assignment problem without a backward pass", ICML
/// 2022, arXiv 2201.11665.
/// </summary>
/// <remarks>
/// Our F has the shape outputs × inputs; the paper's is its transpose. The error e is the output layer's local error: with the
/// cross-entropy losses the output minus the target, as in the paper. The biases, which the paper has not, learn as weights whose input
/// is 1. As its hidden error the rule names h − h′; the derivative is in it, as σ(z) − σ(z′) has it.
/// </remarks>
public sealed class PepitaRule : LearningRule
{
    /// <summary>Scale of F.</summary>
    public static readonly RuleOption InputScaleOption =
        new("inputScale", 0.05, "Factor on F, after F is drawn like other feedback weights.") { AtLeast = 0 };

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "pepita",
        "PEPITA",
        "Fixed random weights add the output error to the input. Layers learn from the changes in a second forward pass.",
        "Dellaferrera & Kreiman, ICML 2022, arXiv 2201.11665",
        setup => new PepitaRule(setup))
    {
        Options = [InputScaleOption],
        OutputGradientIsExact = false,
        GradientIsErrorTimesInput = false,
        Notes = new()
        {
            Formula = "∂Wₗ = (hₗ − h′ₗ) ⊗ h′ₗ₋₁,  h′₀ = x + F e;  output: ∂W_L = e ⊗ h′_L₋₁",
            Route = ErrorRoute.SecondPass,
            Carrier = "F random",
            Operations = "a second forward pass through the hidden layers, Σ nₗ₋₁ nₗ, and C n₀ for F e",
            Memory = "C n₀ feedback weights and a second batch of inputs and activations, n₀ + Σ nₗ an example",
            CountOperations = network => network.Sites.Count == 0 ? 0 : network.HiddenProducts + (network.Outputs * network.Layers[0].Inputs),
            CountMemory = network => ((network.Outputs + 1) * network.Layers[0].Inputs) + network.HiddenUnits,
            Pitfalls =
            [
                "The update of a hidden layer is roughly proportional to F. With a small F hidden layers learn little compared with the "
                + "output layer. With a large F the second pass sees another picture.",
                "Each layer's difference passes through all forward weights below it. So depth and large initial weights change its "
                + "meaning.",
                "The output layer's gradient is not the exact one. Its inputs are those of the second pass.",
            ],
            Choices =
            [
                "F is drawn like all feedback weights, and multiplied by inputScale. For ten classes and MNIST, Glorot's uniform is "
                + "within a percent of the authors' choice (uniform, half-width 0.05 √(6 ∕ inputs)). he-uniform equals it.",
                "The output layer learns with the error of the first pass. The authors' program for fully connected networks uses that of "
                + "the second.",
                "There is no dropout. The authors use a rate of 10 % with the same mask in both passes.",
                "It takes dense layers one after another only. The authors' program has one convolution, whose kernel moves by a mean over "
                + "positions where other rules have the sum. We have not read in the paper which of these is the rule.",
            ],
            Unverified = ["We did not have the text of the paper. The rule follows its abstract, the authors' program and a summary."],
        },
    };

    private readonly Matrix _feedback, _input;
    private readonly Matrix[] _modulated, _differences;

    /// <summary>Draws F.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    /// <exception cref="ArgumentException">The network is a spiking one: its second pass would be the next time step.</exception>
    public PepitaRule(RuleSetup setup)
        : this(setup, Draw(setup), isGiven: false)
    {
    }

    /// <summary>Takes a given F.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="feedback">outputs × inputs of the network: carries the output error to the inputs.</param>
    /// <exception cref="ArgumentException">The matrix has the wrong shape, or the network is a spiking one.</exception>
    public PepitaRule(RuleSetup setup, Matrix feedback)
        : this(setup, feedback, isGiven: true)
    {
    }

    private PepitaRule(RuleSetup setup, Matrix feedback, bool isGiven)
        : base(setup)
    {
        RequireAnswersAtOnce(setup, Entry.Name);
        feedback.RequireShape(Network.Outputs, Network.Inputs, nameof(feedback));
        _feedback = feedback;
        Feedback = [new FeedbackPath(Network.Layers.Count - 1, -1, new FixedWeights(feedback))];
        if (isGiven)
        {
            NoteGiven(Feedback[0].Source);
        }

        _input = new Matrix(MaxBatch, Network.Inputs);
        _modulated = [.. Network.Layers.SkipLast(1).Select(layer => new Matrix(MaxBatch, layer.Outputs))];
        _differences = [.. Network.Layers.SkipLast(1).Select(layer => new Matrix(MaxBatch, layer.Outputs))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    public override string? SplitObjection => null;

    /// <inheritdoc/>
    protected override bool HonorsMask => true;

    /// <inheritdoc/>
    public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        hiddenErrors?.Clear();
        var loss = LearnOutputLayer(batch, gradients, out var outputError);
        if (_modulated.Length == 0)
        {
            // There is no hidden activity to modulate; what is left is the output layer and its exact gradient.
            return loss;
        }

        var input = _input.Top(batch.Count);
        input.CopyFrom(batch.Inputs);
        Network.Compute.Product(outputError, _feedback, input, accumulate: true);
        for (var index = 0; index < _modulated.Length; index++)
        {
            var (layer, modulated, difference) = (Network.Layers[index], _modulated[index].Top(batch.Count), _differences[index].Top(batch.Count));
            layer.Forward(input, modulated);
            difference.CopyFrom(Pass.Outputs[index]);
            Elementwise.Map(difference, modulated, new AddScaled(-1));
            hiddenErrors?.Set(index, difference);
            layer.Gradient(input, difference, gradients);
            input = modulated;
        }

        Network.Layers[^1].Gradient(input, outputError, gradients);
        return loss;
    }

    private static Matrix Draw(RuleSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var feedback = setup.DrawInputFeedback();
        Elementwise.Map(feedback, new Scale((float)setup.Option(InputScaleOption)));
        return feedback;
    }
}
