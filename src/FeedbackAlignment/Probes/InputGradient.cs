using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Probes;

/// <summary>
/// The exact derivative of each example's loss with respect to its inputs, of a network that answers: without dropout masks, and with the
/// running statistics of batch normalization. Whatever rule has trained the network, the derivative is that of backpropagation. The fast
/// gradient sign method steps along its signs (Goodfellow, Shlens, Szegedy, arXiv 1412.6572, 2015).
/// </summary>
/// <example>
/// <code>
/// var gradient = new InputGradient(network, loss, maxBatch: 256);
/// Matrix slopes = gradient.Evaluate(inputs, targets);    // examples × inputs
/// </code>
/// </example>
public sealed class InputGradient
{
    private readonly Network _network;
    private readonly Loss _loss;
    private readonly ForwardPass _pass;
    private readonly Matrix _error;
    private readonly OwnWeightsWalk _walk;

    /// <summary>Makes room.</summary>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="loss">How wrong an answer is.</param>
    /// <param name="maxBatch">The most examples at once, ≥ 1.</param>
    /// <exception cref="ArgumentException">The network is a spiking one: its answers are drawn, and have no derivative.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBatch"/> is below 1.</exception>
    public InputGradient(Network network, Loss loss, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        if (network.Dynamics is not null)
        {
            throw new ArgumentException("the answers of a spiking network are drawn, and have no derivative", nameof(network));
        }

        (_network, _loss, _pass) = (network, loss, network.CreatePass(maxBatch));
        _error = new Matrix(maxBatch, network.Outputs);
        _walk = new OwnWeightsWalk(network, maxBatch);
    }

    /// <summary>Evaluates the derivatives.</summary>
    /// <param name="inputs">examples × inputs, at most as many examples as there is room for.</param>
    /// <param name="targets">examples × outputs.</param>
    /// <returns>examples × inputs: a row is ∂(the example's loss)/∂(its inputs). Valid until the next call.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit the network, or there are too many examples.</exception>
    public Matrix Evaluate(Matrix inputs, Matrix targets)
    {
        var outputs = _pass.Answer(inputs);
        var error = _error.Top(inputs.Rows);
        _ = _loss.Evaluate(outputs, targets, error);
        _pass.Localize(_network.Layers.Count - 1, error);
        _walk.Begin(inputs.Rows);
        return _pass.Root.Backward(error, _walk, isWanted: true);
    }

    /// <summary>Takes errors across the layers' own weights, and keeps no gradient.</summary>
    private sealed class OwnWeightsWalk(Network network, int maxBatch) : Walk
    {
        private readonly Matrix[] _below = [.. network.Layers.Select(layer => new Matrix(maxBatch, layer.Inputs))];

        /// <summary>Norms write theirs without asking.</summary>
        public override Gradients Gradients { get; } = new(network.Parameters, network.Compute);

        public void Begin(int examples) => Gradients.Begin(examples);

        public override void Cross(WeightedLayer layer, int step, Matrix localError, Matrix input, Matrix below)
            => layer.Backward(localError, through: layer.Weights, below);

        public override void Learn(WeightedLayer layer, Matrix localErrors, Matrix inputs)
        {
        }

        internal override bool IsOutput(LayerRun layer) => layer.Index == _below.Length - 1;

        internal override bool IsTaught(Module module) => false;

        internal override void Arrive(LayerRun layer, in Matrix error)
        {
        }

        internal override Matrix Cross(LayerRun layer, in Matrix localError)
        {
            var below = _below[layer.Index].Top(localError.Rows);
            layer.Layer.Backward(localError, through: layer.Layer.Weights, below);
            return below;
        }

        internal override bool IsBrought(int site) => false;

        internal override Matrix Bring(int site, in Matrix activity) => throw new InvalidOperationException("no error is brought here");
    }
}
