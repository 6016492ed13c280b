using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>The pass of an ordinary network: module by module, and at once.</summary>
internal sealed class InstantPass : ForwardPass
{
    private readonly IReadOnlyList<LayerRun> _layers;
    private readonly Matrix[] _outputs;
    private readonly Matrix? _rows;

    /// <param name="network">The network.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    /// <param name="streams">The training's random numbers; null for a pass that only answers.</param>
    public InstantPass(Network network, int maxBatch, RandomStreams? streams)
        : base(network, maxBatch)
    {
        var setup = new RunSetup(network.Index, maxBatch, streams);
        Root = setup.Begin(network.Root);
        (_layers, Noise) = (setup.Layers, setup.Noise);
        _outputs = new Matrix[_layers.Count];
        for (var i = 0; i < _outputs.Length; i++)
        {
            _outputs[i] = new Matrix(0, network.Layers[i].Outputs);
        }

        // Only products read either order.
        _rows = network.Root.Children[0] is WeightedLayer ? null : new Matrix(maxBatch, network.Inputs);
    }

    public override IReadOnlyList<Matrix> Outputs => _outputs;

    internal override IReadOnlyList<RandomStream> Noise { get; }

    internal override ModuleRun Root { get; }

    public override Matrix Answer(Matrix input)
    {
        RequireInput(input);
        Go(input, PassMode.Answer);
        return _outputs[^1];
    }

    internal override void ReleaseInput() => Root.ReleaseInput();

    private protected override Matrix Input(int layer) => _layers[layer].Input;

    private protected override void Advance(Matrix input) => Go(input, PassMode.Learn);

    private void Go(Matrix input, PassMode mode)
    {
        if (_rows is { } rows && input.Order != MatrixOrder.RowMajor)
        {
            rows.Top(input.Rows).CopyFrom(input);
            input = rows.Top(input.Rows);
        }

        Root.Forward(input, mode);
        for (var i = 0; i < _outputs.Length; i++)
        {
            _outputs[i] = _layers[i].Output;
        }
    }
}
