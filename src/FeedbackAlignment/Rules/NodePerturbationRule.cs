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
/// <para>
/// Whatever learns is disturbed: the outputs of each hidden layer, those of a convolution unit by unit at every position, and those of a
/// normalization. So every gradient comes from noise of its own, and no error crosses a module: of a kernel it is the sum over positions
/// of error × input, as under every rule. The second pass has the masks of the first. Under batch normalization one example's noise
/// changes the answers to the others. There, all that lies below the normalization learns from the change of the whole batch's loss,
/// Σ (L(h + ξ) − L(h)) in place of the example's own: otherwise the mean would not be the gradient.
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
                "A convolution has a unit at every position: networks of pictures have many units and few weights.",
                "Below a batch normalization the whole batch's loss says how to learn, so a larger batch does not reduce the noise there.",
            ],
            Choices =
            [
                "Every hidden layer gets its own noise in one pass, and the disturbance continues upward. The output layer learns with "
                + "its exact error.",
                "In networks of modules the outputs of normalizations are disturbed as well, so that nothing goes back through them. "
                + "Dropout leaves the same units out in both passes.",
            ],
        },
    };

    private readonly RandomStream _random;
    private readonly double _deviation;
    private readonly double[] _losses, _disturbedLosses;
    private readonly Node[] _nodes;
    private readonly SecondPass _second;
    private readonly LocalWalk _walk = new();

    /// <summary>Makes room.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and the standard deviation σ of the noise.</param>
    /// <exception cref="ArgumentException">
    /// The network is a spiking one: its second pass would not be the first with noise, but the next time step. Or a module runs layers in
    /// a way of its own, e.g. at several time steps.
    /// </exception>
    public NodePerturbationRule(RuleSetup setup)
        : base(setup)
    {
        RequireInstant(setup, Entry.Name);
        _random = setup.Streams.Stream($"{RandomStreams.Noise}/node-perturbation");
        _deviation = setup.Option(NoiseOption);
        (_losses, _disturbedLosses) = (new double[MaxBatch], new double[MaxBatch]);
        _nodes = Nodes();
        var byModule = _nodes.ToDictionary(node => node.Module);
        _second = new(
            Network, Pass, setup.Streams, (module, run) => byModule.TryGetValue(module, out var node) ? Disturb(node, run) : null);
        Noise = [_random];
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
        if (_nodes.Length == 0)
        {
            return loss;
        }

        DrawNoise(batch.Count);
        Loss.EvaluateEach(Pass.Outputs[^1], batch.Targets, _losses, batch.Mask.Span);
        Loss.EvaluateEach(_second.Run(batch.Inputs), batch.Targets, _disturbedLosses, batch.Mask.Span);
        var all = 0.0;
        for (var example = 0; example < batch.Count; example++)
        {
            all += _disturbedLosses[example] - _losses[example];
        }

        _walk.Begin(gradients, hiddenErrors);
        foreach (var node in _nodes)
        {
            var error = node.Noise.Top(batch.Count);
            BecomeError(error, node.IsMixed ? all : null);
            node.Run.Backward(error, _walk, isWanted: false);
        }

        return loss;
    }

    /// <summary>All modules that learn but the output layer, from the input up.</summary>
    private Node[] Nodes()
    {
        Module[] modules = [.. Network.All(Network.Root).Where(module => module is not (Sequence or Residual))];
        if (modules.FirstOrDefault(module => module.Children.Count > 0 && module.Parameters.Any()) is { } other)
        {
            throw new ArgumentException(
                $"{Entry.Name} needs layers that run once, in sequences and residual blocks; {other} runs its own in another way");
        }

        var mixing = Array.FindLastIndex(modules, module => module.MixesExamples);
        return
        [
            .. modules.Index().Where(module => module.Item != Network.Layers[^1] && module.Item.Parameters.Any()).Select(module => new Node(
                module.Item, Pass.Runs[module.Item], new Matrix(MaxBatch, module.Item.To.Size), module.Index < mixing)),
        ];
    }

    /// <summary>What goes into a layer with nothing that learns below it is not disturbed, so its outputs are known.</summary>
    private DisturbedRun Disturb(Node node, RunSetup setup)
    {
        var layer = node.Module as WeightedLayer;
        var isKnown = layer is not null && Network.Index.Below[Network.Index.IndexOf(layer)] is null;
        return new DisturbedRun(
            isKnown ? node.Run : node.Module.Begin(setup), isKnown, node.Noise,
            layer is null || isKnown ? new Matrix(MaxBatch, node.Module.To.Size) : default);
    }

    /// <summary>Example by example, so that the numbers do not depend on how examples are put into batches.</summary>
    private void DrawNoise(int examples)
    {
        for (var example = 0; example < examples; example++)
        {
            foreach (var node in _nodes)
            {
                var line = node.Noise.PaddedLine(example);
                foreach (ref var value in line[..node.Noise.Columns])
                {
                    value = (float)(_deviation * _random.NextNormal());
                }

                // A loss that is no number has left its mark there.
                line[node.Noise.Columns..].Clear();
            }
        }
    }

    /// <summary>ξ ← (L(h + ξ) − L(h)) ξ ∕ σ², row by row.</summary>
    /// <param name="noise">batch × units: ξ; becomes the error.</param>
    /// <param name="change">The change of the loss, the same for all rows; null: each example's own.</param>
    private void BecomeError(Matrix noise, double? change)
    {
        for (var example = 0; example < noise.Rows; example++)
        {
            var factor = (change ?? (_disturbedLosses[example] - _losses[example])) / _deviation / _deviation;
            Elementwise.Map(noise.PaddedLine(example), new Scale((float)factor));
        }
    }

    /// <param name="Module">A module that learns.</param>
    /// <param name="Run">It in the undisturbed pass.</param>
    /// <param name="Noise">maxBatch × outputs: ξ, and then the error.</param>
    /// <param name="IsMixed">Whether a module above mixes the examples of a batch.</param>
    private sealed record Node(Module Module, ModuleRun Run, Matrix Noise, bool IsMixed);

    /// <summary>Gives a module its gradients from its own error. No error crosses weights.</summary>
    private sealed class LocalWalk : Walk
    {
        private Gradients? _gradients;
        private HiddenErrors? _hiddenErrors;

        public override Gradients Gradients => _gradients ?? throw new InvalidOperationException("no batch is under way");

        public void Begin(Gradients gradients, HiddenErrors? hiddenErrors) => (_gradients, _hiddenErrors) = (gradients, hiddenErrors);

        public override void Cross(WeightedLayer layer, int step, Matrix localError, Matrix input, Matrix below) => throw Crossed();

        public override void Learn(WeightedLayer layer, Matrix localErrors, Matrix inputs) => throw Crossed();

        internal override bool IsOutput(LayerRun layer) => false;

        internal override void Arrive(LayerRun layer, in Matrix error) => _hiddenErrors?.Set(layer.Index, error);

        internal override Matrix Cross(LayerRun layer, in Matrix localError) => throw Crossed();

        internal override bool IsBrought(int site) => false;

        internal override Matrix Bring(int site, in Matrix activity) => throw Crossed();

        private static InvalidOperationException Crossed() => new("under node perturbation no error crosses weights");
    }
}
