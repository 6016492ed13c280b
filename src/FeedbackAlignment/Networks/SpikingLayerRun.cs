using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A layer of spiking units in one pass. A run forward is one time step: the units below fire, their spikes charge this layer's potentials,
/// and a hidden layer gives rates. Its weights learn from the traces of the spikes.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="index">Its index among the network's layers.</param>
/// <param name="isOutput">Whether its potentials are the answer; a hidden layer gives rates.</param>
/// <param name="maxBatch">The most examples side by side.</param>
/// <param name="rate">The probability with which a unit below fires whose rate is 1.</param>
/// <param name="timeConstant">Of traces and potentials, in steps.</param>
/// <param name="random">Decides who fires.</param>
internal sealed class SpikingLayerRun(
    WeightedLayer layer, int index, bool isOutput, int maxBatch, float rate, float timeConstant, RandomStream random) : LayerRun(
        layer, index)
{
    private readonly SpikeTrains _incoming = new(maxBatch, layer.Inputs, 1 / timeConstant, random);
    private readonly Matrix _currents = new(maxBatch, layer.Outputs), _potentials = new(maxBatch, layer.Outputs),
        _rates = new(maxBatch, layer.Outputs);

    /// <inheritdoc/>
    public override Matrix Input => _incoming.Traces;

    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode)
    {
        _incoming.Fire(input, rate);
        var (potentials, currents) = (_potentials.Top(input.Rows), _currents.Top(input.Rows));
        Layer.Integrate(_incoming.Spikes, currents);
        Elementwise.Map(potentials, currents, new Leak(1 / timeConstant));
        Output = potentials;
        if (!isOutput)
        {
            Output = _rates.Top(input.Rows);
            Output.CopyFrom(potentials);
            Layer.Activation.Apply(Output);
        }
    }

    /// <inheritdoc/>
    public override void Localize(in Matrix error)
        => Layer.Activation.MultiplyByDerivative(error, _potentials.Top(error.Rows), Output, Layer.Map.Compute);

    /// <summary>Carries traces, potentials and the place in the random numbers.</summary>
    public void Carry(StateCarrier state)
    {
        _incoming.Carry(state, $"spikes/{Layer.Name}");
        state.Carry($"potentials/{Layer.Name}", _potentials);
    }

    /// <summary>Forgets spikes and potentials.</summary>
    /// <param name="position">Where its random numbers go on.</param>
    public void Rest(ulong position)
    {
        _incoming.Rest(position);
        _potentials.Fill(0);
    }
}
