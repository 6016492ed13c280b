using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Weight perturbation: the weights and biases of all hidden layers are disturbed at once by noise ξ of variance σ² in a second forward
/// pass, and one number, how much worse the batch was answered, says what each weight's part in it was: ∂W = (L(W + ξ) − L(W)) ξ ∕ σ².
/// Nothing goes back, and no unit needs to know of its inputs. Williams, "Simple statistical gradient-following algorithms for
/// connectionist reinforcement learning", Machine Learning 8 (1992); Jabri, Flower, "Weight perturbation", IEEE Transactions on Neural
/// Networks 3 (1992); Werfel, Xie, Seung, "Learning curves for stochastic gradient descent in linear feedforward networks", Neural
/// Computation 17 (2005).
/// </summary>
/// <remarks>
/// The output layer learns with its exact error, as under node perturbation, and is not disturbed. There is one draw for a batch. To
/// first order in σ the estimate's mean is the gradient g, and with normal noise its variance in a layer of n weights and biases, summed
/// over them, is n‖g‖² + ‖gₗ‖², where g is the gradient of all hidden weights and gₗ the layer's: √n times as long as the gradient, where
/// <see cref="NodePerturbationRule"/> has the number of units and averages over the batch besides. With random signs instead of normal
/// deviates the variance is n‖g‖² − ‖gₗ‖², and a draw takes a bit.
/// <para>
/// It asks nothing of the network: the loss of a batch is a function of the weights, whatever the modules are. Scales and shifts of
/// normalizations are disturbed as well. In the second pass dropout has the masks of the first, and batch normalization the statistics
/// under the disturbed weights, so that the mean is the gradient of the loss that is learned from.
/// </para>
/// </remarks>
public sealed class WeightPerturbationRule : LearningRule
{
    /// <summary>Standard deviation σ of the noise.</summary>
    public static readonly RuleOption NoiseOption = new("noise", 0.001, "Standard deviation σ of the noise added to hidden weights and biases.") { Above = 0 };

    /// <summary>Whether the noise is ±σ.</summary>
    public static readonly RuleOption SignsOption =
        new("signs", 0, "1: the noise is σ with a random sign, which is much faster to draw; 0: it is normal.") { AtLeast = 0, AtMost = 1, IsWhole = true };

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "weight-perturbation",
        "weight perturbation",
        "Noise disturbs the hidden weights. The change of the loss, one number per batch, says how to learn. Nothing goes back.",
        "Williams, Mach. Learn. 8 (1992); Jabri & Flower, IEEE Trans. Neural Netw. 3 (1992); Werfel, Xie & Seung, Neural Comput. 17 (2005)",
        setup => new WeightPerturbationRule(setup))
    {
        Options = [NoiseOption, SignsOption],
        DrawsOncePerBatch = true,
        HasHiddenErrors = false,
        GradientIsErrorTimesInput = false,
        Notes = new()
        {
            Formula = "∂Wₗ = (L(W + ξ) − L(W)) ξₗ ∕ σ²,  ξ ~ N(0, σ²)",
            Route = ErrorRoute.Scalar,
            Carrier = "ξ",
            Operations = "a second forward pass, n₀ n₁ + Σ nₗ nₗ₊₁; for a batch, as many normal deviates (with signs: bits) as there are hidden weights",
            Memory = "two copies of the hidden weights and biases, noise and sum, and a second batch of activations, Σ nₗ + C an example",
            CountOperations = network => network.Sites.Count == 0 ? 0 : network.Layers[0].Products + network.LayerByLayer,
            CountMemory = network => (2 * network.Layers.SkipLast(1).Sum(layer => layer.Weights + layer.Rows))
                + network.HiddenUnits + network.Outputs,
            Pitfalls =
            [
                "The variance of the estimate grows with the number of weights; under node perturbation it grows only with the number of "
                + "units. The learning rate must fall with it.",
                "One draw serves a whole batch, so larger batches do not reduce the noise. Under node perturbation they do.",
                "A batch takes a normal deviate for every hidden weight. For small batches this can be most of the work. With the option "
                + "signs it takes one bit, and the variance is no larger.",
            ],
            Choices =
            [
                "All hidden weights and biases are disturbed at once; Jabri and Flower disturb one after another. The output layer is not "
                + "disturbed. It learns with its exact error, as under node perturbation.",
                "In networks of modules scales and shifts of normalizations are disturbed as well. Dropout leaves the same units out in "
                + "both passes; batch normalization takes its statistics anew in the second.",
                "Noise of random signs is that of Cauwenberghs and of Alspector (1993), and of Spall (1992).",
            ],
            Unverified =
            [
                "The papers of Williams and of Jabri and Flower were not available to us. The rule follows the abstract of Werfel, Xie "
                + "and Seung, and later papers.",
            ],
        },
    };

    private readonly RandomStream _random;
    private readonly double _deviation;
    private readonly bool _signs;
    private readonly double[] _losses, _disturbedLosses;
    private readonly Disturbed[] _parameters;
    private readonly SecondPass _second;

    /// <summary>Makes room.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how the noise is.</param>
    /// <exception cref="ArgumentException">
    /// The network is a spiking one: its second pass would not be the first with noise, but the next time step.
    /// </exception>
    public WeightPerturbationRule(RuleSetup setup)
        : base(setup)
    {
        RequireInstant(setup, Entry.Name);
        _random = setup.Streams.Stream($"{RandomStreams.Noise}/weight-perturbation");
        (_deviation, _signs) = (setup.Option(NoiseOption), setup.Option(SignsOption) == 1);
        (_losses, _disturbedLosses) = (new double[MaxBatch], new double[MaxBatch]);
        _parameters =
        [
            .. Network.Parameters.Except(Network.Layers[^1].Parameters).Select(own => new Disturbed(own, Room(own), Room(own))),
        ];
        _second = new(Network, Pass, setup.Streams);
        Noise = [_random];

        static Matrix Room(Parameter own) => new(own.Rows, own.Columns, own.Order);
    }

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
        _second.BeforeTheFirst();
        var loss = LearnOutputLayer(batch, gradients, out _);
        if (_parameters.Length == 0)
        {
            return loss;
        }

        foreach (var (own, noise, _) in _parameters)
        {
            Draw(noise);
            own.TakeMissingOutOf(noise);
        }

        var factor = (float)(Worsening(batch, gradients) / _deviation / _deviation);
        foreach (var (own, noise, _) in _parameters)
        {
            Elementwise.Map(gradients[own].Write(), noise, new TakeScaled(factor));
        }

        return loss;
    }

    /// <summary>L(W + ξ) − L(W), each the mean over the batch.</summary>
    private double Worsening(Batch batch, Gradients gradients)
    {
        Loss.EvaluateEach(Pass.Outputs[^1], batch.Targets, _losses, batch.Mask.Span);
        Loss.EvaluateEach(RunDisturbed(batch.Inputs), batch.Targets, _disturbedLosses, batch.Mask.Span);
        var sum = 0.0;
        for (var example = 0; example < batch.Count; example++)
        {
            sum += _disturbedLosses[example] - _losses[example];
        }

        return sum / gradients.ExampleDivisor;
    }

    /// <summary>Runs the network under W + ξ. Afterwards it has W again, to the bit: W + ξ − ξ would be rounded.</summary>
    private Matrix RunDisturbed(Matrix inputs)
    {
        foreach (var (own, noise, kept) in _parameters)
        {
            var values = own.Read();
            kept.CopyFrom(values);
            Elementwise.Map(values, noise, new AddScaled(1));
        }

        try
        {
            return _second.Run(inputs);
        }
        finally
        {
            foreach (var (own, _, kept) in _parameters)
            {
                own.Read().CopyFrom(kept);
            }
        }
    }

    private void Draw(Matrix noise)
    {
        var (bits, left) = (0u, 0);
        for (var line = 0; line < noise.Lines; line++)
        {
            foreach (ref var value in noise.Line(line))
            {
                if (!_signs)
                {
                    value = (float)(_deviation * _random.NextNormal());
                    continue;
                }

                if (left == 0)
                {
                    (bits, left) = (_random.NextUInt32(), 32);
                }

                // The lowest bit becomes the sign: a branch would be guessed wrong every second time.
                value = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits((float)_deviation) | (bits << 31));
                bits >>= 1;
                left--;
            }
        }
    }

    /// <param name="Own">A parameter that is disturbed.</param>
    /// <param name="Noise">By how much; of the parameter's shape and order.</param>
    /// <param name="Kept">Its numbers while it is disturbed.</param>
    private readonly record struct Disturbed(Parameter Own, Matrix Noise, Matrix Kept);
}
