using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The network.</summary>
public sealed record NetworkSpec
{
    /// <summary>Layer sizes from input to output, e.g. <c>784-1000-10</c>, or <c>784-100x240-10</c> with a hundred layers alike; null: hidden layers of 200 and 100 units between what the data have.</summary>
    [LayerSizes]
    public string? Layers { get; init; }

    /// <summary>Activation of the hidden layers.</summary>
    [OneOf(typeof(ActivationIds))]
    public string Activation { get; init; } = ActivationIds.Tanh;

    /// <summary>Activation of the output layer. The cross-entropy losses bring their own and need <c>linear</c> here.</summary>
    [OneOf(typeof(ActivationIds))]
    public string OutputActivation { get; init; } = ActivationIds.Linear;

    /// <summary>Whether units have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the initial weights are drawn (biases start at 0).</summary>
    public InitializationSpec Initialization { get; init; } = new();

    /// <summary>
    /// Connections that are missing for good, by the name of their layer: <c>hidden1</c>, <c>hidden2</c>, … <c>output</c>. A layer that is not
    /// named has them all. Needs <see cref="Layers"/>.
    /// </summary>
    [LayerKeys]
    public IReadOnlyDictionary<string, ConnectionsSpec> Connections { get; init; } = new Dictionary<string, ConnectionsSpec>();

    /// <summary>Makes the units leaky and lets them fire at random, the error's units too; null: an ordinary network. A stand-in, not the protocol of Lillicrap et al. 2016, which is not known to us.</summary>
    public SpikingSpec? Spiking { get; init; }
}

/// <summary>How a spiking network lives: in time steps, with both pathways and the learning on in each of them.</summary>
public sealed record SpikingSpec
{
    /// <summary>Time steps for which an example is presented; the network learns in each of them, and nothing is reset from one example to the next.</summary>
    [Bounds(AtLeast = 1, AtMost = 10000)]
    public int Steps { get; init; } = 20;

    /// <summary>Time constant of potentials and of the traces that weights learn from, in time steps.</summary>
    [Bounds(AtLeast = 1, AtMost = 1000)]
    public float TimeConstant { get; init; } = 4;

    /// <summary>Probability that an input of 1 fires in a time step.</summary>
    [Bounds(Above = 0, AtMost = 1)]
    public float InputRate { get; init; } = 1;

    /// <summary>Probability r that an error unit fires in a time step while there is no error e; its spikes carry tanh(g e) ∕ g, g the gain.</summary>
    [Bounds(Above = 0, AtMost = 0.5)]
    public float TonicRate { get; init; } = 0.5f;

    /// <summary>Gain g of the error units: small is linear and noisy, large is quiet and saturates.</summary>
    [Bounds(Above = 0)]
    public float ErrorGain { get; init; } = 1;

    /// <summary>Time steps that an evaluation's answers leave out at their beginning, at rest; the rest is averaged.</summary>
    [Bounds(AtLeast = 0)]
    public int Settle { get; init; } = 4;
}

/// <summary>How initial weights are drawn.</summary>
public sealed record InitializationSpec
{
    /// <summary>The distribution.</summary>
    [OneOf(typeof(WeightSchemeIds))]
    public string Scheme { get; init; } = WeightSchemeIds.GlorotUniform;

    /// <summary>Half-width of <c>uniform</c>, standard deviation of <c>normal</c>, factor of the others.</summary>
    [Bounds(Above = 0)]
    public float Scale { get; init; } = 1;

    /// <summary>
    /// A safetensors file with the initial weights and biases of every run, instead of random ones (see <c>fa import</c>); then scheme and scale
    /// are without effect. A path without root is meant from the folder of the spec file. Null: they are drawn.
    /// </summary>
    [FileName]
    public string? From { get; init; }

    /// <summary>SHA-256 of that file, lower-case hexadecimal: another file is refused. Null: any file will do; the recorded spec has it filled in.</summary>
    [Sha256]
    public string? Sha256 { get; init; }

    /// <summary>
    /// What is taken from that file: <c>weights</c> and biases; <c>rule</c>: also what the rule had learned itself, such as feedback weights that learn; <c>optimizer</c>: also what the
    /// optimizer remembered. The last two need a file that <c>fa export</c> or <c>fa train --from</c> has written, of the same rule.
    /// </summary>
    [OneOf(typeof(CarriedIds))]
    public string Carries { get; init; } = CarriedIds.Weights;
}
