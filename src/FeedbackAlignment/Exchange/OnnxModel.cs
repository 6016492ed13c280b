using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// A network as an ONNX model that only answers: the operators of its modules, and at the end what the loss takes outputs for
/// (<c>Softmax</c> or <c>Sigmoid</c>), if one is given. Batch normalization uses its running statistics, and dropout leaves nothing out. A
/// <see cref="TrainedModel"/> takes raw inputs: standardizing and scaling are nodes before all others, and answers go back to the user's
/// units at the end. The input is called <c>input</c>, batch × inputs, and the output <c>output</c>, batch × outputs; the batch may have
/// any size.
/// </summary>
public static class OnnxModel
{
    // Versions that every ONNX Runtime since 2021 reads. Of the operators used, Softmax was the last to change, in 13.
    private const long FormatVersion = 7, OperatorSet = 13;

    private const string InputName = "input", OutputName = "output", BatchName = "batch", ScaleName = "inputs.scale";

    /// <summary>TensorProto.DataType.FLOAT.</summary>
    private const long FloatType = 1;

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
    /// The network is a spiking one, or has a module that no operator stands for, or its weights take more than the 2 GiB that such a file
    /// can hold.
    /// </exception>
    public static void Write(Network network, Loss? loss, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        var graph = new OnnxGraph(InputName);
        Add(graph, network);
        graph.Add(loss);
        Write(network, graph, stream);
    }

    /// <summary>Writes a model that takes raw inputs and answers as <see cref="TrainedModel.Predict"/> does.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">Receives the file; it stays open.</param>
    /// <exception cref="NotSupportedException">
    /// The network is a spiking one, or has a module that no operator stands for, or its weights take more than the 2 GiB that such a file
    /// can hold.
    /// </exception>
    public static void Write(TrainedModel model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = new OnnxGraph(InputName);
        AddInputs(graph, model);
        Add(graph, model.Network);
        graph.Add(model.Loss);
        AddTargets(graph, model);
        Write(model.Network, graph, stream);
    }

    private static void Add(OnnxGraph graph, Network network)
    {
        if (network.Dynamics is not null)
        {
            throw new NotSupportedException("a spiking network cannot be written as ONNX, which has no units that fire");
        }

        graph.Add(network.Root);
    }

    private static void Write(Network network, OnnxGraph graph, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        graph.End(OutputName);

        // ModelProto.
        var model = new ProtobufMessage()
            .Integer(1, FormatVersion)
            .Text(2, "FeedbackAlignment")
            .Message(7, Message(network, graph))
            .Message(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet));
        if (model.Length > int.MaxValue)
        {
            throw new NotSupportedException($"the model would take {model.Length} bytes, more than the {int.MaxValue} that an ONNX file can hold");
        }

        model.Write(stream);
    }

    /// <summary>GraphProto.</summary>
    private static ProtobufMessage Message(Network network, OnnxGraph graph)
    {
        var message = new ProtobufMessage();
        foreach (var node in graph.Nodes)
        {
            message.Message(1, Node(node));
        }

        message.Text(2, "network");
        foreach (var tensor in graph.Tensors)
        {
            message.Message(5, Initializer(tensor));
        }

        return message.Message(11, Port(InputName, network.Inputs)).Message(12, Port(OutputName, network.Outputs));
    }

    /// <summary>(x − mean) ∕ deviation, times the scale. A constant column is divided by 1 and then multiplied by 0.</summary>
    private static void AddInputs(OnnxGraph graph, TrainedModel model)
    {
        var scale = model.InputScale;
        if (model.InputStandardizer is { } inputs)
        {
            graph.Add("Sub", Vector(TensorNames.InputMeans, inputs.Means));
            graph.Add("Div", Vector(TensorNames.InputDeviations, inputs.Deviations.Select(deviation => deviation == 0 ? 1 : deviation)));
            graph.Add("Mul", Vector(ScaleName, inputs.Deviations.Select(deviation => deviation == 0 ? 0 : scale)));
        }
        else if (scale != 1)
        {
            graph.Add("Mul", Vector(ScaleName, Enumerable.Repeat(scale, model.Network.Inputs)));
        }
    }

    private static void AddTargets(OnnxGraph graph, TrainedModel model)
    {
        if (model.TargetStandardizer is { } targets)
        {
            graph.Add("Mul", Vector(TensorNames.TargetDeviations, targets.Deviations));
            graph.Add("Add", Vector(TensorNames.TargetMeans, targets.Means));
        }
    }

    private static NamedTensor Vector(string name, IEnumerable<float> values) => NamedTensor.Vector(name, Matrix.FromRow([.. values]));

    /// <summary>NodeProto.</summary>
    private static ProtobufMessage Node(OnnxNode node)
    {
        var message = new ProtobufMessage();
        foreach (var input in node.Inputs)
        {
            message.Text(1, input);
        }

        message.Text(2, node.Output).Text(3, node.Output).Text(4, node.Type);
        foreach (var attribute in node.Attributes)
        {
            message.Message(5, attribute);
        }

        return message;
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
