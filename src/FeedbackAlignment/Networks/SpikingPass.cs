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

    private readonly IReadOnlyList<WeightedLayer> _layers;
    private readonly SpikingDynamics _dynamics;
    private readonly SpikeTrains[] _incoming;
    private readonly ErrorSpikes _errors;
    private readonly Matrix[] _currents, _potentials, _rates, _outputs;
    private readonly Matrix _answer;

    public SpikingPass(Network network, SpikingDynamics dynamics, int maxBatch)
        : base(network, maxBatch)
    {
        (_layers, _dynamics) = (network.Layers, dynamics);
        var streams = new RandomStreams(dynamics.Seed);
        _incoming = [.. _layers.Select(layer => new SpikeTrains(maxBatch, layer.Inputs, 1 / dynamics.TimeConstant, Stream($"to-{layer.Name}")))];
        _errors = new ErrorSpikes(maxBatch, network.Outputs, dynamics.TonicRate, dynamics.ErrorGain, Stream("error"));
        (_currents, _potentials, _rates) = (Buffers(), Buffers(), Buffers());
        _outputs = Buffers();
        _answer = new Matrix(maxBatch, network.Outputs);

        Matrix[] Buffers() => [.. _layers.Select(layer => new Matrix(maxBatch, layer.Outputs))];
        RandomStream Stream(string name) => streams.Stream($"{RandomStreams.Noise}/spikes/{name}");
    }

    public override IReadOnlyList<Matrix> Outputs => _outputs;

    public override Matrix Answer(Matrix input)
    {
        Rest();
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
        for (var i = 0; i < _layers.Count; i++)
        {
            _incoming[i].Carry(state, $"spikes/{_layers[i].Name}");
            state.Carry($"potentials/{_layers[i].Name}", _potentials[i]);
        }

        _errors.Carry(state);
    }

    /// <summary>There is nothing to forget: spikes and traces are the pass's own.</summary>
    internal override void ReleaseInput()
    {
    }

    private protected override Matrix Input(int layer) => _incoming[layer].Traces;

    private protected override void Advance(Matrix input)
    {
        for (var i = 0; i < _layers.Count; i++)
        {
            _incoming[i].Fire(i == 0 ? input : _outputs[i - 1], i == 0 ? _dynamics.InputRate : 1);
            var potentials = _potentials[i].Top(input.Rows);
            var currents = _currents[i].Top(input.Rows);
            _layers[i].Integrate(_incoming[i].Spikes, currents);
            Elementwise.Map(potentials, currents, new Leak(1 / _dynamics.TimeConstant));
            _outputs[i] = potentials;
            if (i < _layers.Count - 1)
            {
                _outputs[i] = _rates[i].Top(input.Rows);
                _outputs[i].CopyFrom(potentials);
                _layers[i].Activation.Apply(_outputs[i]);
            }
        }
    }

    private void Rest()
    {
        foreach (var incoming in _incoming)
        {
            incoming.Rest(Answers);
        }

        foreach (var potentials in _potentials)
        {
            potentials.Fill(0);
        }
    }
}
