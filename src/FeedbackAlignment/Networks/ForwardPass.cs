using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Runs a network forward and keeps what a learning rule reads: what the layers gave, and what their weights learn from. Several passes
/// over one network do not disturb each other. <see cref="Network.CreatePass"/> makes the kind that suits the network.
/// </summary>
public abstract class ForwardPass
{
    private readonly Network _network;
    private readonly Matrix? _rows;
    private readonly LayerRun[] _layers = [];

    private protected ForwardPass(Network network, int maxBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        (_network, MaxBatch) = (network, maxBatch);
        // Only the products of dense layers read either order.
        _rows = network.Root.Children[0] is WeightedLayer { Map: DenseMap } ? null : new Matrix(maxBatch, network.Inputs);
    }

    /// <summary>The most examples in a batch.</summary>
    public int MaxBatch { get; }

    /// <summary>
    /// What the layers gave, batch × outputs each, from the first layer on. In a spiking network: the hidden
    /// layers' rates and the output layer's potentials. Valid until the next run.
    /// </summary>
    public IReadOnlyList<Matrix> Outputs { get; private init; } = [];

    /// <summary>
    /// What a layer's weights learn from, batch × inputs of the layer: the network's input, or the layer below's outputs; in a spiking
    /// network their spikes, low-pass filtered.
    /// </summary>
    /// <param name="layer">Index of the layer, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public Matrix InputOf(int layer) => _layers[Indices.Require(layer, _layers.Length, "layers")].Input;

    /// <summary>
    /// error ← error ∘ σ′ of a layer at the latest run, in place: from ∂loss/∂outputs to ∂loss/∂pre-activations.
    /// </summary>
    /// <param name="layer">Index of the layer, from 0.</param>
    /// <param name="error">batch × outputs of the layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    /// <exception cref="ArgumentException">The error has another shape, or is column-major.</exception>
    public void Localize(int layer, Matrix error) => _layers[Indices.Require(layer, _layers.Length, "layers")].Localize(error);

    /// <summary>Runs the network; a spiking network goes on by one time step.</summary>
    /// <param name="input">batch × inputs, at most <see cref="MaxBatch"/> rows.</param>
    /// <returns>batch × outputs. Valid until the next run.</returns>
    /// <exception cref="ArgumentException">The input has the wrong width or too many rows.</exception>
    public Matrix Run(Matrix input) => Go(input, PassMode.Learn);

    /// <summary>
    /// What the network answers. In a spiking network: the output units' potentials, averaged over a presentation that begins at rest.
    /// The same examples get the same answers, whatever was run before.
    /// </summary>
    /// <param name="input">batch × inputs, at most <see cref="MaxBatch"/> rows.</param>
    /// <returns>batch × outputs. Valid until the next run.</returns>
    /// <exception cref="ArgumentException">The input has the wrong width or too many rows.</exception>
    public virtual Matrix Answer(Matrix input) => Go(input, PassMode.Answer);

    /// <summary>
    /// Makes the output layer's local error what reaches the weights: itself; in a spiking network what the error units' spikes say of
    /// it.
    /// </summary>
    /// <param name="error">batch × outputs; changed in place.</param>
    public virtual void CarryError(Matrix error)
    {
    }

    /// <summary>The streams from which modules draw while the network learns; their places belong to the training.</summary>
    internal virtual IReadOnlyList<RandomStream> Noise => [];

    /// <summary>The modules' runs, through which errors go back.</summary>
    internal ModuleRun Root { get; private protected init; } = null!;

    /// <summary>The run of each module; empty in a spiking network.</summary>
    internal IReadOnlyDictionary<Module, ModuleRun> Runs { get; private protected init; } = ReadOnlyDictionary<Module, ModuleRun>.Empty;

    /// <summary>The runs of all layers with weights, in the network's order.</summary>
    private protected LayerRun[] Layers
    {
        init => (_layers, Outputs) = (value, new LayerOutputs(value));
    }

    /// <summary>Adds what settings of its own it has to the identity of a training.</summary>
    internal virtual void Identify(Identity identity)
    {
    }

    /// <summary>Carries what goes on from run to run.</summary>
    internal virtual void Carry(StateCarrier state)
    {
    }

    /// <summary>Forgets the latest input, so that a pass that waits keeps nobody's examples in memory.</summary>
    internal void ReleaseInput() => Root.ReleaseInput();

    /// <summary>
    /// Where inlining ends: otherwise the compiler follows the modules of a network from the caller on and has used up its budget when it
    /// comes to the activation, a tenth of a tiny network's step.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Matrix Go(Matrix input, PassMode mode)
    {
        if (input.Columns != _network.Inputs || input.Rows > MaxBatch)
        {
            throw new ArgumentException($"input is {input.Shape}, must be at most {MaxBatch} × {_network.Inputs}", nameof(input));
        }

        Root.Forward(Readable(input), mode);
        return Root.Output;
    }

    /// <summary>The network's input in an order that its first module reads.</summary>
    private protected Matrix Readable(Matrix input)
    {
        if (_rows is not { } rows || input.Order == MatrixOrder.RowMajor)
        {
            return input;
        }

        rows.Top(input.Rows).CopyFrom(input);
        return rows.Top(input.Rows);
    }
}
