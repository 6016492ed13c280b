using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Weight mirror: feedback weights learn what the forward weights are from noise. In a mirror phase beside every batch, noise x ~ N(0,
/// σ²) goes into each layer alone, y = φ(W x) comes out of it, and B moves towards their correlation: ΔB ∝ ρ E[(y − φ(0)) xᵀ] ∕ σ² − λ B.
/// Akrout, Wilson, Humphreys, Lillicrap, Tweed, "Deep learning without weight transport", NeurIPS 2019, arXiv 1904.05391.
/// </summary>
/// <remarks>
/// By Stein's lemma E[φ(w·x) x] = σ² E[φ′(w·x)] w for each unit, whatever φ and σ: every row of B tends to its row of W, times ρ ∕ λ and
/// the unit's mean slope. That is W itself for linear layers and, with small noise, nearly so for tanh; half of it for rectifiers, about
/// a quarter for logistic units.
/// <para>What moves B is λ B − ρ (the estimate), written as its gradient: so the ordinary optimizer moves it, and one learning rate η
/// gives B the memory of the latest 1 ∕ (η λ) phases.</para>
/// </remarks>
public sealed class WeightMirrorRule : ErrorFeedbackRule
{
    /// <summary>The mirror's rate ρ, beside the learning rate.</summary>
    public static readonly RuleOption RateOption = new("mirrorRate", 1, "Rate ρ of the mirror, as a factor on the learning rate.") { Above = 0 };

    /// <summary>The decay λ of the feedback weights, beside the learning rate.</summary>
    public static readonly RuleOption DecayOption = new("mirrorDecay", 1, "Decay λ of the feedback weights, as a factor on the learning rate. They tend to ρ/λ times the weights.") { AtLeast = 0 };

    /// <summary>Standard deviation σ of the noise.</summary>
    public static readonly RuleOption NoiseOption = new("noise", 0.1, "Standard deviation σ of the noise that goes into a layer.") { Above = 0 };

    /// <summary>How many noise patterns a phase has.</summary>
    public static readonly RuleOption ExamplesOption = new("noiseExamples", 0, "Noise patterns in a mirror phase; 0: as many as the batch has examples.") { AtLeast = 0, AtMost = 1 << 16, IsWhole = true };

    /// <summary>How often there is a phase.</summary>
    public static readonly RuleOption ChanceOption = new("mirrorChance", 1, "Probability that a batch comes with a mirror phase.") { Above = 0, AtMost = 1 };

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "weight-mirror",
        "weight mirror",
        "The error goes back through weights that learn the forward weights from noise.",
        "Akrout et al., NeurIPS 2019, arXiv 1904.05391",
        setup => new WeightMirrorRule(setup))
    {
        Options = [RateOption, DecayOption, NoiseOption, ExamplesOption, ChanceOption],
        DrawsOncePerBatch = true,
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ Bₗ,  ΔBₗ = η (ρ E[(y − φ(0)) xᵀ] ∕ σ² − λ Bₗ),  x ~ N(0, σ²), y = φ(Wₗ₊₁ x)",
            Route = ErrorRoute.LayerByLayer,
            Carrier = "B → Wᵀ by noise",
            Operations = "3 Σ nₗ nₗ₊₁ over the hidden layers (error, mirror forward, correlation) and Σ nₗ normal deviates, with as many noise patterns as examples",
            Memory = "Σ nₗ nₗ₊₁ feedback weights, as many gradients, what the optimizer keeps of them, and for every layer but the first as much noise and response as it has inputs and outputs, of each pattern",
            CountOperations = network => 3 * network.LayerByLayer,
            CountMemory = network => network.Crossed.Sum(layer => (2 * layer.Weights) + layer.Inputs + layer.Outputs),
            Pitfalls =
            [
                "B follows W with the noise of the latest 1 ∕ (ηλ) phases, (1 − μ) ∕ (ηλ) under momentum μ. In a wide layer a single "
                + "pattern's correlation is at nearly 90° to W. So a high learning rate, momentum or few patterns leave a large angle. A "
                + "smaller ρ = λ reduces the angle, but B then approaches W more slowly.",
                "Only the direction of W is recovered. The scale is ρ ∕ λ times each unit's mean slope, a quarter for logistic units. It "
                + "acts as a learning rate of the hidden layers.",
                "optimizer.weightDecay also decays B, in addition to λ. optimizer.feedback.weightDecay 0 leaves λ alone.",
                "Adam and RMSProp amplify the mirror's noise along with its signal. B then drifts by about a learning rate in each step.",
            ],
            Choices =
            [
                "Every layer gets noise of its own, not the noise that comes through the layers below, as in the authors' code. The "
                + "correlation then depends on W alone.",
                "The layer's biases are blocked, and its activity at rest φ(0) is subtracted. This lowers the variance and changes no "
                + "mean. Subtracting a batch's mean would do the same, but not for a single pattern.",
                "A phase comes with every batch, with as many patterns as the batch has examples, as in the authors' code. Decay limits "
                + "the growth of B. Their code instead divides B by the spread of what comes through it.",
                "Noise is normal, and the correlation is divided by σ². So with ρ = λ the B of linear layers tends to W. The authors' "
                + "code has uniform noise of amplitude 0.1 and no such division.",
            ],
            Unverified =
            [
                "We read the paper through its authors' code for small networks. The settings of its ImageNet runs were not checked.",
            ],
        },
    };

    private readonly double _rate, _decay, _deviation, _chance;
    private readonly int _examples;
    private readonly RandomStream _phases;
    private readonly RandomStream[] _random;
    private readonly Parameter[] _feedback;
    private readonly Matrix[] _noise, _response;
    private bool _mirrors;

    /// <summary>Draws the feedback weights to begin with.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, how to draw feedback weights, and the rule's options.</param>
    /// <exception cref="ArgumentException">The network is a spiking one: what noise makes of a layer is then a matter of time.</exception>
    public WeightMirrorRule(RuleSetup setup)
        : base(setup)
    {
        RequireInstant(setup, Entry.Name);
        (_rate, _decay) = (setup.Option(RateOption), setup.Option(DecayOption));
        (_deviation, _chance, _examples) = (setup.Option(NoiseOption), setup.Option(ChanceOption), (int)setup.Option(ExamplesOption));
        var (drawn, above) = (setup.DrawFeedback(), Network.Layers.Skip(1).ToArray());
        _feedback = [.. above.Select((layer, i) => LearnedFeedback.Of(
            setup, layer.Name, FeedbackShape.Of(layer.Map), drawn[i + 1].Read(), layer.Weights.Connections))];
        _phases = setup.Streams.Stream($"{RandomStreams.Noise}/weight-mirror");
        _random = [.. above.Select(layer => setup.Streams.Stream($"{RandomStreams.Noise}/weight-mirror/{layer.Name}"))];
        var room = Math.Max(MaxBatch, _examples);
        (_noise, _response) = ([.. above.Select(layer => new Matrix(room, layer.Inputs))], [.. above.Select(layer => new Matrix(room, layer.Outputs))]);
        Feedback = [.. _feedback.Select((weights, i) => new FeedbackPath(i + 1, i, weights))];
        Noise = [_phases, .. _random];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _feedback;

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<RandomStream> Noise { get; }

    /// <inheritdoc/>
    public override string? SplitObjection => "its mirror phases come with each batch, with noise of their own, and not with its examples";

    /// <summary>Whether all layers mirror beside this batch, or none does.</summary>
    protected override void BeginBatch(Matrix outputError, Matrix targets) => _mirrors = _phases.NextDouble() < _chance;

    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _feedback[at.Index - 1], below);

    /// <summary>gradient = λ B − ρ (y − φ(0))ᵀ x ∕ (n σ²), over n patterns of noise.</summary>
    protected override void LearnFeedback(in Crossing at, Gradients gradients)
    {
        if (!_mirrors)
        {
            return;
        }

        var (i, patterns) = (at.Index - 1, _examples > 0 ? _examples : (int)gradients.Divisor(at.Error));
        var (noise, response) = (_noise[i].Top(patterns), _response[i].Top(patterns));
        DrawNoise(noise, _random[i]);
        at.Layer.Map.Apply(noise, at.Layer.Weights.Read(), response);
        at.Layer.Activation.Apply(response);
        Elementwise.Map(response, new ScaleFrom(at.Layer.Activation.AtRest, (float)(-_rate / (patterns * _deviation * _deviation))));

        var feedback = _feedback[i];
        var gradient = gradients[feedback].Write();
        Elementwise.Map(gradient, feedback.Read(), new TakeScaled((float)_decay));
        at.Layer.Map.AddCorrelation(noise, response, gradient);
    }

    private void DrawNoise(Matrix noise, RandomStream random)
    {
        for (var pattern = 0; pattern < noise.Rows; pattern++)
        {
            foreach (ref var value in noise.Row(pattern))
            {
                value = (float)(_deviation * random.NextNormal());
            }
        }
    }
}
