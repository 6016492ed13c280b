using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A layer with weights, h = σ(W x + b): it knows its own mathematics and no learning rule. What carries an error back through it is an
/// argument: its own weights (backpropagation), fixed random ones (feedback alignment), or whatever a rule likes.
/// </summary>
/// <remarks>
/// Two errors must be kept apart. The <em>error</em> at a layer is ∂loss/∂(its outputs h), one row per example. Its <em>local error</em> is
/// that times the derivative of its own activation, ∂loss/∂(its pre-activations z). <see cref="LayerActivity.Localize"/> makes the
/// one into the other;
/// what goes through weights and into gradients is always the local error, so a rule cannot forget the derivative.
/// </remarks>
public sealed class WeightedLayer : Module
{
    private readonly Matrix _noBiases;

    /// <summary>Makes a layer of zero weights and biases.</summary>
    /// <param name="name">Name in files and messages.</param>
    /// <param name="map">How its weights connect inputs and units.</param>
    /// <param name="activation">What the units do to their pre-activations.</param>
    /// <param name="bias">Whether units have biases.</param>
    /// <param name="connections">Of the weights' shape: 1 where there is a connection, 0 where there is none; null: all are there.</param>
    /// <exception cref="ArgumentException">The connections have another shape.</exception>
    public WeightedLayer(string name, LinearMap map, Activation activation, bool bias, Matrix? connections = null)
        : base(name, Required(map).From, map.To)
    {
        ArgumentNullException.ThrowIfNull(activation);
        (Map, Activation) = (map, activation);
        (Inputs, Outputs) = (map.From.Size, map.To.Size);

        // Column-major: the forward product runs along the units, so it reads the weights out of one input side by side.
        Weights = new Parameter(
            $"{name}.weights", ParameterKind.Weights, new Matrix(map.Rows, map.Columns, MatrixOrder.ColumnMajor), connections)
        {
            Fans = new(map.FanIn, map.FanOut),
        };
        _noBiases = bias ? default : new Matrix(1, map.Rows);
        Biases = bias ? new Parameter($"{name}.biases", ParameterKind.Biases, new Matrix(1, map.Rows)) : null;
    }

    /// <summary>How its weights connect inputs and units.</summary>
    public LinearMap Map { get; }

    /// <summary>Width of the input.</summary>
    public int Inputs { get; }

    /// <summary>Number of units.</summary>
    public int Outputs { get; }

    /// <summary>What the units do to their pre-activations.</summary>
    public Activation Activation { get; }

    /// <summary>
    /// The connections; in a dense layer outputs × inputs: element [i, j] leads from input j to unit i. In a convolution filters ×
    /// numbers of a filter.
    /// </summary>
    public Parameter Weights { get; }

    /// <summary>One number for each row of the weights: each unit or filter; null for a layer without.</summary>
    public Parameter? Biases { get; }

    /// <summary>The weights, and the biases if there are any.</summary>
    public override IEnumerable<Parameter> Parameters => Biases is null ? [Weights] : [Weights, Biases];

    /// <summary>Whether its units do anything to their pre-activations.</summary>
    public override bool IsActivation => Activation != Activation.Linear;

    /// <summary>Makes a layer whose every unit sees every input, unless connections are missing, of zero weights and biases.</summary>
    /// <param name="name">Name in files and messages.</param>
    /// <param name="inputs">Width of the input, ≥ 1.</param>
    /// <param name="outputs">Number of units, ≥ 1.</param>
    /// <param name="activation">What the units do to their pre-activations.</param>
    /// <param name="bias">Whether units have biases.</param>
    /// <param name="compute">Does the products.</param>
    /// <param name="connections">outputs × inputs: 1 where there is a connection, 0 where there is none; null: all are there.</param>
    /// <exception cref="ArgumentException">The connections have another shape, or a width is below 1.</exception>
    public static WeightedLayer Dense(
        string name, int inputs, int outputs, Activation activation, bool bias, Compute compute, Matrix? connections = null)
        => new(name, new DenseMap(inputs, outputs, compute), activation, bias, connections);

    /// <summary>output = σ(W input + b). Who wants the derivative there uses a <see cref="LayerActivity"/>.</summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="output">batch × outputs; receives the result.</param>
    public void Forward(in Matrix input, in Matrix output) => Map.Forward(input, Weights, Biases?.Read() ?? _noBiases, output, Activation.Finish);

    /// <summary>below = localError · through: the error at this layer's inputs, as seen through the given weights.</summary>
    /// <param name="localError">batch × outputs: ∂loss/∂pre-activations.</param>
    /// <param name="through">The weights to send the error through: the layer's own, or others of their shape.</param>
    /// <param name="below">batch × inputs; receives the error at the outputs of the layer below.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public void Backward(in Matrix localError, WeightSource through, in Matrix below) => Map.Backward(localError, through, below);

    /// <summary>The gradient of the mean loss: local error ⊗ input, averaged over the batch. The same for every rule.</summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="localError">batch × outputs: ∂loss/∂pre-activations.</param>
    /// <param name="into">Receives it.</param>
    public void Gradient(in Matrix input, in Matrix localError, Gradients into)
    {
        ArgumentNullException.ThrowIfNull(into);
        Map.Gradient(input, localError, into[Weights]);
        if (Biases is not null)
        {
            Map.BiasGradient(localError, into[Biases]);
        }
    }

    /// <inheritdoc/>
    public override string Kind => Map.Kind;

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new InstantLayerRun(this, setup.Index.IndexOf(this), setup.MaxBatch);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Map.From}-{Map.To} {Activation}";

    /// <summary>output = W input + b, without the activation: pre-activations, or the current that spikes bring.</summary>
    /// <param name="input">batch × inputs.</param>
    /// <param name="output">batch × outputs; receives the result.</param>
    internal void Integrate(in Matrix input, in Matrix output) => Map.Forward(input, Weights, Biases?.Read() ?? _noBiases, output, finish: null);

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void IdentifyLayer(Identity identity)
    {
        identity.Add(Identity.Kind, Kind);
        identity.Add("inputs", Inputs);
        identity.Add("outputs", Outputs);
        identity.Add("activation", Activation.Id);
        if (Activation.Fingerprint is { } function)
        {
            identity.Add("activation's values", function);
        }

        identity.Add("bias", Biases is not null);
        identity.Add("connections", Weights.Connections is { } present ? Fingerprint.Of(present) : "all");
    }

    private static LinearMap Required(LinearMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map;
    }
}
