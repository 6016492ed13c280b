using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// A network as an ONNX model that only answers: <c>Gemm</c> for each layer, its activation, and at the end what the loss takes outputs for
/// (<c>Softmax</c> or <c>Sigmoid</c>), if one is given. A <see cref="TrainedModel"/> takes raw inputs: standardizing and scaling are
/// nodes before all others, and answers go back to the user's units at the end. The input is called <c>input</c>, batch × inputs, and the
/// output <c>output</c>, batch × outputs; the batch may have any size.
/// </summary>
public static class OnnxModel
{
    // Versions that every ONNX Runtime since 2021 reads. Of the operators used, Softmax was the last to change, in 13.
    private const long FormatVersion = 7, OperatorSet = 13;

    private const string InputName = "input", OutputName = "output", BatchName = "batch", ScaleName = "inputs.scale", Product = "Gemm";

    /// <summary>TensorProto.DataType.FLOAT, AttributeProto.AttributeType.FLOAT and INT.</summary>
    private const long FloatType = 1, FloatAttribute = 1, IntegerAttribute = 2;

    /// <summary>z (1 + erf(z ∕ √2)) ∕ 2. An operator of its own came with operator set 20, which fewer programs read.</summary>
    private static readonly IReadOnlyList<Step> _gelu =
    [
        new("Mul", Vector("gelu.narrow", [0.707106781f])), new("Erf"), new("Add", Vector("gelu.one", [1])), new("Mul") { AlsoTakes = 3 },
        new("Mul", Vector("gelu.half", [0.5f])),
    ];

    /// <summary>
    /// Writes a network. What it answers raw inputs needs is not in it; <see cref="Write(TrainedModel, Stream)"/> writes that too.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">
    /// What it was trained on: the model then answers with probabilities for the cross-entropy losses. Null: it answers with the outputs
    /// as they are.
    /// </param>
    /// <param name="stream">Receives the file; it stays open.</param>
    /// <exception cref="NotSupportedException">
    /// The network is a spiking one, or more than layers one after another, or its weights take more than the 2 GiB that such a file can
    /// hold.
    /// </exception>
    public static void Write(Network network, Loss? loss, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        Write(network, stream, [.. OfLayers(network), .. OfLoss(loss)]);
    }

    /// <summary>Writes a model that takes raw inputs and answers as <see cref="TrainedModel.Predict"/> does.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">Receives the file; it stays open.</param>
    /// <exception cref="NotSupportedException">
    /// The network is a spiking one, or more than layers one after another, or its weights take more than the 2 GiB that such a file can
    /// hold.
    /// </exception>
    public static void Write(TrainedModel model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        Write(model.Network, stream, [.. OfInputs(model), .. OfLayers(model.Network), .. OfLoss(model.Loss), .. OfTargets(model)]);
    }

    private static void Write(Network network, Stream stream, IReadOnlyList<Step> steps)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (network.Dynamics is not null)
        {
            throw new NotSupportedException("a spiking network cannot be written as ONNX, which has no units that fire");
        }

        // ModelProto.
        var model = new ProtobufMessage()
            .Integer(1, FormatVersion)
            .Text(2, "FeedbackAlignment")
            .Message(7, Graph(network, steps))
            .Message(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet));
        if (model.Length > int.MaxValue)
        {
            throw new NotSupportedException($"the model would take {model.Length} bytes, more than the {int.MaxValue} that an ONNX file can hold");
        }

        model.Write(stream);
    }

    private static ProtobufMessage Graph(Network network, IReadOnlyList<Step> steps)
    {
        var graph = new ProtobufMessage();
        foreach (var (index, step) in steps.Index())
        {
            IEnumerable<string> also = step.AlsoTakes is { } back ? [Value(index - back)] : [];
            var node = Node(step.Type, [Value(index), .. also, .. step.Tensors.Select(tensor => tensor.Name)], Value(index + 1));
            graph.Message(1, step.Type == Product ? Transposed(node) : step.Alpha is { } alpha ? Sloping(node, alpha) : node);
        }

        graph.Text(2, "network");
        foreach (var tensor in steps.SelectMany(step => step.Tensors).DistinctBy(tensor => tensor.Name))
        {
            graph.Message(5, Initializer(tensor));
        }

        return graph.Message(11, Port(InputName, network.Inputs)).Message(12, Port(OutputName, network.Outputs));

        string Value(int index) => index == 0 ? InputName : index == steps.Count ? OutputName : $"value{index}";
    }

    /// <summary>input · weightᵀ + bias, and the activation.</summary>
    private static List<Step> OfLayers(Network network)
    {
        NetworkFile.RequireChain(network, "an ONNX file of ours");
        var steps = new List<Step>();
        var tensors = network.ToTensors().ToDictionary(tensor => tensor.Name);
        foreach (var (index, layer) in network.Layers.Index())
        {
            var weight = tensors[TensorNames.Weight(index)];
            steps.Add(layer.Biases is null ? new(Product, weight) : new(Product, weight, tensors[TensorNames.Bias(index)]));
            if (layer.Activation != Activation.Linear)
            {
                steps.AddRange(OfActivation(layer.Activation));
            }
        }

        return steps;
    }

    private static IEnumerable<Step> OfLoss(Loss? loss)
        => loss == Loss.SoftmaxCrossEntropy ? [new("Softmax")] : loss == Loss.LogisticCrossEntropy ? OfActivation(Activation.Logistic) : [];

    /// <summary>(x − mean) ∕ deviation, times the scale. A constant column is divided by 1 and then multiplied by 0.</summary>
    private static Step[] OfInputs(TrainedModel model)
    {
        var scale = model.InputScale;
        if (model.InputStandardizer is not { } inputs)
        {
            return scale == 1 ? [] : [new("Mul", Vector(ScaleName, Enumerable.Repeat(scale, model.Network.Inputs)))];
        }

        return
        [
            new("Sub", Vector(TensorNames.InputMeans, inputs.Means)),
            new("Div", Vector(TensorNames.InputDeviations, inputs.Deviations.Select(deviation => deviation == 0 ? 1 : deviation))),
            new("Mul", Vector(ScaleName, inputs.Deviations.Select(deviation => deviation == 0 ? 0 : scale))),
        ];
    }

    private static IEnumerable<Step> OfTargets(TrainedModel model)
        => model.TargetStandardizer is { } targets
            ? [new("Mul", Vector(TensorNames.TargetDeviations, targets.Deviations)), new("Add", Vector(TensorNames.TargetMeans, targets.Means))]
            : [];

    private static NamedTensor Vector(string name, IEnumerable<float> values) => NamedTensor.Vector(name, Matrix.FromRow([.. values]));

    private static IEnumerable<Step> OfActivation(Activation activation)
        => activation == Activation.Tanh ? [new("Tanh")]
        : activation == Activation.Logistic ? [new("Sigmoid")]
        : activation == Activation.Relu ? [new("Relu")]
        : activation.Slope > 0 ? [new("LeakyRelu") { Alpha = activation.Slope }]
        : activation == Activation.Softplus ? [new("Softplus")]
        : activation == Activation.Silu ? [new("Sigmoid"), new("Mul") { AlsoTakes = 1 }]
        : activation == Activation.Gelu ? _gelu
        : throw new NotSupportedException($"no ONNX operator is known for the activation {activation}");

    /// <summary>The attribute of a Gemm that our weights, outputs × inputs, need.</summary>
    private static ProtobufMessage Transposed(ProtobufMessage gemm) => gemm.Message(5, new ProtobufMessage().Text(1, "transB").Integer(3, 1).Integer(20, IntegerAttribute));

    /// <summary>The attribute of a LeakyRelu.</summary>
    private static ProtobufMessage Sloping(ProtobufMessage leakyRelu, float alpha)
        => leakyRelu.Message(5, new ProtobufMessage().Text(1, "alpha").Single(2, alpha).Integer(20, FloatAttribute));

    /// <summary>NodeProto. Softmax goes over the last axis where nothing else is said.</summary>
    private static ProtobufMessage Node(string type, IEnumerable<string> inputs, string output)
    {
        var node = new ProtobufMessage();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        return node.Text(2, output).Text(3, output).Text(4, type);
    }

    /// <summary>TensorProto.</summary>
    private static ProtobufMessage Initializer(NamedTensor tensor)
    {
        var message = new ProtobufMessage();
        foreach (var size in tensor.Shape)
        {
            message.Integer(1, size);
        }

        return message.Integer(2, FloatType).Text(8, tensor.Name).Bytes(9, tensor.Values.ToBytes());
    }

    /// <summary>ValueInfoProto of batch × width.</summary>
    private static ProtobufMessage Port(string name, int width)
    {
        var shape = new ProtobufMessage()
            .Message(1, new ProtobufMessage().Text(2, BatchName))
            .Message(1, new ProtobufMessage().Integer(1, width));
        var tensor = new ProtobufMessage().Integer(1, FloatType).Message(2, shape);
        return new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, tensor));
    }

    /// <summary>An operator, applied to the value before it and to tensors.</summary>
    private sealed record Step(string Type, params NamedTensor[] Tensors)
    {
        /// <summary>It also takes the value so many steps before that; null: it does not.</summary>
        public int? AlsoTakes { get; init; }

        /// <summary>Its slope; null: it has none.</summary>
        public float? Alpha { get; init; }
    }
}
