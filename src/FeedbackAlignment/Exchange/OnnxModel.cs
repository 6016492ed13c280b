using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// A network as an ONNX model that only answers: <c>Gemm</c> for each layer, its activation, and at the end what the loss takes outputs for
/// (<c>Softmax</c> or <c>Sigmoid</c>), if one is given. The input is called <c>input</c>, batch × inputs, and the output <c>output</c>, batch ×
/// outputs; the batch may have any size.
/// </summary>
public static class OnnxModel
{
    // Versions that every ONNX Runtime since 2021 reads. Of the operators used, Softmax was the last to change, in 13.
    private const long FormatVersion = 7, OperatorSet = 13;

    private const string InputName = "input", OutputName = "output", BatchName = "batch";

    /// <summary>TensorProto.DataType.FLOAT, AttributeProto.AttributeType.INT.</summary>
    private const long FloatType = 1, IntegerAttribute = 2;

    /// <summary>Writes the model.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">What it was trained on: the model then answers with probabilities for the cross-entropy losses. Null: it answers with the outputs as they are.</param>
    /// <param name="stream">Receives the file; it stays open.</param>
    /// <exception cref="NotSupportedException">The network is a spiking one, or its weights take more than the 2 GiB that such a file can hold.</exception>
    public static void Write(Network network, Loss? loss, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        if (network.Dynamics is not null)
        {
            throw new NotSupportedException("a spiking network cannot be written as ONNX, which has no units that fire");
        }

        // ModelProto.
        var model = new ProtobufMessage()
            .Integer(1, FormatVersion)
            .Text(2, "FeedbackAlignment")
            .Message(7, Graph(network, loss))
            .Message(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet));
        if (model.Length > int.MaxValue)
        {
            throw new NotSupportedException($"the model would take {model.Length} bytes, more than the {int.MaxValue} that an ONNX file can hold");
        }

        model.Write(stream);
    }

    private static ProtobufMessage Graph(Network network, Loss? loss)
    {
        var graph = new ProtobufMessage();
        var (value, operators) = (InputName, Operators(network, loss));
        foreach (var (index, (type, layer)) in operators.Index())
        {
            var result = index == operators.Count - 1 ? OutputName : $"value{index + 1}";
            graph.Message(1, layer is { } weighted ? Gemm(value, network.Layers[weighted], weighted, result) : Node(type, [value], result));
            value = result;
        }

        graph.Text(2, "network");
        foreach (var tensor in network.ToTensors().Where(tensor => !TensorNames.IsBeside(tensor.Name)))
        {
            graph.Message(5, Initializer(tensor));
        }

        return graph.Message(11, Port(InputName, network.Inputs)).Message(12, Port(OutputName, network.Outputs));
    }

    /// <summary>The operators in their order; for a product the index of its layer.</summary>
    private static List<(string Type, int? Layer)> Operators(Network network, Loss? loss)
    {
        var operators = new List<(string, int?)>();
        foreach (var (index, layer) in network.Layers.Index())
        {
            operators.Add(("Gemm", index));
            if (layer.Activation != Activation.Linear)
            {
                operators.Add((Operator(layer.Activation), null));
            }
        }

        if (loss == Loss.SoftmaxCrossEntropy)
        {
            operators.Add(("Softmax", null));
        }
        else if (loss == Loss.LogisticCrossEntropy)
        {
            operators.Add((Operator(Activation.Logistic), null));
        }

        return operators;
    }

    private static string Operator(Activation activation)
        => activation == Activation.Tanh ? "Tanh"
        : activation == Activation.Logistic ? "Sigmoid"
        : activation == Activation.Relu ? "Relu"
        : throw new NotSupportedException($"no ONNX operator is known for the activation {activation}");

    /// <summary>input · weightᵀ + bias.</summary>
    private static ProtobufMessage Gemm(string input, WeightedLayer layer, int index, string output)
    {
        string[] bias = layer.Biases is null ? [] : [TensorNames.Bias(index)];
        var transposed = new ProtobufMessage().Text(1, "transB").Integer(3, 1).Integer(20, IntegerAttribute);
        return Node("Gemm", [input, TensorNames.Weight(index), .. bias], output).Message(5, transposed);
    }

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
}
