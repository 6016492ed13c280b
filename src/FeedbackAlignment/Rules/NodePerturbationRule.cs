using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Node perturbation, a fast form of reinforcement learning: the outputs of all hidden layers are disturbed by noise ξ ~ N(0, σ²) in a
/// second forward pass, and one number per example, how much worse the answer became, says what each unit's part in it was:
/// Δh = (L(h + ξ) − L(h)) ξ ∕ σ². Nothing goes back. Williams, "Simple statistical gradient-following algorithms for connectionist
/// reinforcement learning", Machine Learning 8 (1992); Werfel, Xie, Seung, "Learning curves for stochastic gradient descent in linear
/// feedforward networks", Neural Computation 17 (2005).
/// </summary>
/// <remarks>
/// The output layer learns with its exact error. Every hidden layer has noise of its own, which goes on upward, so each
/// layer's estimate bears the noise of all. Its mean is the error of the loss as the noise smooths it: the exact one for linear layers and
/// squared error, else up to terms in σ². One draw is far from its mean: with one hidden layer of n units it is √(n + 2) times as long as
/// the exact error. Hence the small learning rates.
/// <para>
/// The losses are taken in double (<see cref="Losses.Loss.EvaluateEach"/>), so of their difference only the rounding of the forward pass
/// is lost: one part in 10⁵ of the estimate at σ = 0.01, one in 10³ at σ = 0.0001 (30-20-10 linear, whatever the error). What limits it
/// first is the loss's curvature, ½‖δ‖² beside e·δ, where the noise changes the output by δ: it has no part in the mean, but where the
/// outputs' errors are 0.001, the estimate at σ = 0.01 is 20 times as long as where they are 0.1. So σ sets the error below which
/// learning is slow.
/// </para>
/// </remarks>
public sealed class NodePerturbationRule : LearningRule
{
    /// <summary>Standard deviation σ of the noise.</summary>
    public static readonly RuleOption NoiseOption = new("noise", 0.01, "Standard deviation σ of the noise added to hidden units.") { Above = 0 };

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "node-perturbation",
        "node perturbation",
        "Noise disturbs the hidden units. The change of the loss, one number per example, says how to learn. Nothing goes back.",
        "Williams, Mach. Learn. 8 (1992); Werfel, Xie & Seung, Neural Comput. 17 (2005)",
        setup => new NodePerturbationRule(setup))
    {
        Options = [NoiseOption],
        Notes = new()
        {
            Formula = "eₗ = (L(h + ξ) − L(h)) ξₗ ∕ σ²,  ξ ~ N(0, σ²)",
            Route = ErrorRoute.Scalar,
            Carrier = "ξ",
            Operations = "a second forward pass from the first hidden layer's outputs on, Σ nₗ nₗ₊₁, and Σ nₗ normal deviates",
            Memory = "a second batch of activations, Σ nₗ + C an example",
            CountOperations = network => network.LayerByLayer,
            CountMemory = network => network.HiddenUnits + network.Outputs,
            Pitfalls =
            [
                "The variance of the estimate grows with the number of units, so the learning rate must fall with it.",
                "σ sets an error below which learning is slow, because the curvature of the loss adds noise of its own.",
            ],
            Choices =
            [
                "Every hidden layer gets its own noise in one pass, and the disturbance continues upward. The output layer learns with "
                + "its exact error.",
            ],
        },
    };

    private readonly RandomStream _random;
    private readonly double _deviation;
    private readonly double[] _losses, _disturbedLosses;
    private readonly Matrix[] _disturbed, _errors;

    /// <summary>Makes room.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and the standard deviation σ of the noise.</param>
    /// <exception cref="ArgumentException">
    /// The network is a spiking one: its second pass would not be the first with noise, but the next time step.
    /// </exception>
    public NodePerturbationRule(RuleSetup setup)
        : base(setup)
    {
        RequireAnswersAtOnce(setup, Entry.Name);
        _random = setup.Streams.Stream($"{RandomStreams.Noise}/node-perturbation");
        _deviation = setup.Option(NoiseOption);
        (_losses, _disturbedLosses) = (new double[MaxBatch], new double[MaxBatch]);
        _disturbed = [.. Network.Layers.Select(layer => new Matrix(MaxBatch, layer.Outputs))];
        _errors = [.. Network.Layers.SkipLast(1).Select(layer => new Matrix(MaxBatch, layer.Outputs))];
        Noise = [_random];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RandomStream> Noise { get; }

    /// <inheritdoc/>
    protected override bool HonorsMask => true;

    /// <inheritdoc/>
    public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        hiddenErrors?.Clear();
        var loss = LearnOutputLayer(batch, gradients, out _);
        if (_errors.Length == 0)
        {
            return loss;
        }

        DrawNoise(batch.Count);
        Loss.EvaluateEach(Pass.Outputs[^1], batch.Targets, _losses, batch.Mask.Span);
        Loss.EvaluateEach(RunDisturbed(batch.Count), batch.Targets, _disturbedLosses, batch.Mask.Span);
        for (var index = 0; index < _errors.Length; index++)
        {
            var (layer, error) = (Network.Layers[index], _errors[index].Top(batch.Count));
            BecomeError(error);
            hiddenErrors?.Set(index, error);
            Pass.Localize(index, error);
            layer.Gradient(Pass.InputOf(index), error, gradients);
        }

        return loss;
    }

    /// <summary>Example by example, so that the numbers do not depend on how examples are put into batches.</summary>
    private void DrawNoise(int examples)
    {
        for (var example = 0; example < examples; example++)
        {
            foreach (var noise in _errors)
            {
                var line = noise.PaddedLine(example);
                foreach (ref var value in line[..noise.Columns])
                {
                    value = (float)(_deviation * _random.NextNormal());
                }

                // A loss that is no number has left its mark there.
                line[noise.Columns..].Clear();
            }
        }
    }

    private Matrix RunDisturbed(int examples)
    {
        // What goes into the first layer is not disturbed, so its outputs are known.
        var outputs = _disturbed[0].Top(examples);
        outputs.CopyFrom(Pass.Outputs[0]);
        for (var index = 0; index < _errors.Length; index++)
        {
            Elementwise.Map(outputs, _errors[index].Top(examples), new AddScaled(1));
            var next = _disturbed[index + 1].Top(examples);
            Network.Layers[index + 1].Forward(outputs, next);
            outputs = next;
        }

        return outputs;
    }

    /// <summary>ξ ← (L(h + ξ) − L(h)) ξ ∕ σ², row by row.</summary>
    private void BecomeError(Matrix noise)
    {
        for (var example = 0; example < noise.Rows; example++)
        {
            var factor = (_disturbedLosses[example] - _losses[example]) / _deviation / _deviation;
            Elementwise.Map(noise.PaddedLine(example), new Scale((float)factor));
        }
    }
}
