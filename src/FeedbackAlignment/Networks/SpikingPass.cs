using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The pass of a spiking network: every run is one time step, and potentials and traces go on from run to run. Each row of a batch is a
/// network of its own, with the same weights.
/// </summary>
internal sealed class SpikingPass : ForwardPass
{
    /// <summary>Where the random numbers of answers begin: so far along the streams that no training comes there.</summary>
    private const ulong Answers = 1ul << 63;

    private readonly SpikingDynamics _dynamics;
    private readonly SpikingLayerRun[] _layers;
    private readonly ErrorSpikes _errors;
    private readonly Matrix _answer;

    public SpikingPass(Network network, SpikingDynamics dynamics, int maxBatch)
        : base(network, maxBatch)
    {
        _dynamics = dynamics;
        var streams = new RandomStreams(dynamics.Seed);
        _layers = [.. network.Layers.Select((layer, i) => new SpikingLayerRun(
            layer, i, isOutput: i == network.Layers.Count - 1, maxBatch, i == 0 ? dynamics.InputRate : 1, dynamics.TimeConstant,
                Stream($"to-{layer.Name}")))];
        Layers = _layers;
        Root = new SequenceRun(
            _layers, [.. network.Root.Children.Select(network.Index.SiteOf)], [.. _layers.Select(layer => new Module[] { layer.Layer })]);
        _errors = new ErrorSpikes(maxBatch, network.Outputs, dynamics.TonicRate, dynamics.ErrorGain, Stream("error"));
        _answer = new Matrix(maxBatch, network.Outputs);

        RandomStream Stream(string name) => streams.Stream($"{RandomStreams.Noise}/spikes/{name}");
    }

    public override Matrix Answer(Matrix input)
    {
        foreach (var layer in _layers)
        {
            layer.Rest(Answers);
        }

        var answer = _answer.Top(input.Rows);
        answer.Fill(0);
        for (var step = 0; step < _dynamics.Steps; step++)
        {
            var potentials = Run(input);
            if (step >= _dynamics.Settle)
            {
                Elementwise.Map(answer, potentials, new AddScaled(1));
            }
        }

        Elementwise.Map(answer, new Scale(1f / (_dynamics.Steps - _dynamics.Settle)));
        return answer;
    }

    public override void CarryError(Matrix error) => _errors.Carry(error);

    /// <summary>Each place of a batch has spikes of its own.</summary>
    internal override void Identify(Identity identity) => identity.Add("maxBatch", MaxBatch);

    internal override void Carry(StateCarrier state)
    {
        foreach (var layer in _layers)
        {
            layer.Carry(state);
        }

        _errors.Carry(state);
    }
}
