using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Makes a <see cref="Network"/> one of leaky units that fire at random, in time steps, with error units that fire as well. Both pathways
/// run in every step, and no state is reset between one example and the next while the network learns.
/// </summary>
/// <remarks>
/// In a step, every unit leaks and integrates what the spikes bring, v ← v + (W s + b − v) ∕ τ, and fires with probability σ(v). An input
/// fires with probability x · <see cref="InputRate"/>. A weight learns from its own spikes under the same leak, x̄ ← x̄ + (s − x̄) ∕ τ,
/// because that is ∂v ∕ ∂w. The output units' potentials are the logits. Their errors e travel as spikes: an error unit fires with
/// probability r (1 + tanh(g e)), r its tonic rate, and what arrives is how far its spike departs from r, over r g: on average tanh(g e)
/// ∕ g, which is e where e is small. It stands in for the spiking network of Lillicrap et al. 2016, whose protocol is not known to us: it
/// is not that experiment.
/// </remarks>
public sealed record SpikingDynamics
{
    /// <summary>Time steps for which an example is presented, ≥ 1; the network learns in each of them.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Time constant τ of potentials and traces, in time steps, 1 … 1000; 1: nothing is kept from one step to the next.</summary>
    public float TimeConstant { get; init; } = 4;

    /// <summary>Probability, in (0, 1], that an input of 1 fires in a step.</summary>
    public float InputRate { get; init; } = 1;

    /// <summary>Probability r, in (0, ½], that an error unit fires in a step while there is no error.</summary>
    public float TonicRate { get; init; } = 0.5f;

    /// <summary>Slope g, &gt; 0, of an error unit's answer: small is linear and noisy, large is quiet and saturates.</summary>
    public float ErrorGain { get; init; } = 1;

    /// <summary>
    /// Time steps, 0 … <see cref="Steps"/> − 1, that an answer leaves out at its beginning, where the potentials come from rest.
    /// </summary>
    public int Settle { get; init; } = 4;

    /// <summary>Root seed of all spikes.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Throws unless all settings are in range and suit the layers.</summary>
    /// <param name="layers">The network's layers.</param>
    /// <exception cref="ArgumentException">
    /// A setting is out of range, a hidden layer is not logistic or the output layer not linear.
    /// </exception>
    internal void RequireFit(IReadOnlyList<WeightedLayer> layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Settle);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Settle, Steps);
        Require(TimeConstant is >= 1 and <= 1000, nameof(TimeConstant), "≥ 1 and ≤ 1000", TimeConstant);
        Require(InputRate is > 0 and <= 1, nameof(InputRate), "> 0 and ≤ 1", InputRate);
        Require(TonicRate is > 0 and <= 0.5f, nameof(TonicRate), "> 0 and ≤ 0.5", TonicRate);
        Require(ErrorGain > 0 && float.IsFinite(ErrorGain), nameof(ErrorGain), "> 0", ErrorGain);
        for (var i = 0; i < layers.Count; i++)
        {
            var right = i == layers.Count - 1 ? Activation.Linear : Activation.Logistic;
            if (layers[i].Activation != right)
            {
                throw new ArgumentException($"{layers[i]}: in a spiking network hidden layers are {Activation.Logistic} and the output layer is {Activation.Linear}", nameof(layers));
            }
        }
    }

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add("steps", Steps);
        identity.Add("timeConstant", TimeConstant);
        identity.Add("inputRate", InputRate);
        identity.Add("tonicRate", TonicRate);
        identity.Add("errorGain", ErrorGain);
        identity.Add("settle", Settle);
        identity.Add("seed", Seed);
    }

    private static void Require(bool inRange, string name, string range, float value)
    {
        if (!inRange)
        {
            throw new ArgumentOutOfRangeException(name, value, $"must be {range}");
        }
    }
}
