using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Exchange;

/// <summary>An operator of an ONNX graph: what it is called there, what goes in by name, and what it is told.</summary>
/// <param name="Type">The operator.</param>
/// <param name="Inputs">Names of values and tensors.</param>
/// <param name="Output">The name of the value that it makes.</param>
/// <param name="Attributes">AttributeProto each.</param>
internal sealed record OnnxNode(string Type, IReadOnlyList<string> Inputs, string Output, IReadOnlyList<ProtobufMessage> Attributes);

/// <summary>The operators that answer as a network does, one after another, and the tensors that they need.</summary>
/// <param name="input">The name of what goes in.</param>
internal sealed class OnnxGraph(string input)
{
    /// <summary>AttributeProto.AttributeType: FLOAT, INT and INTS.</summary>
    private const long FloatAttribute = 1, IntegerAttribute = 2, IntegersAttribute = 7;

    private readonly List<OnnxNode> _nodes = [];
    private readonly List<NamedTensor> _tensors = [];

    /// <summary>The operators, in the order in which they compute.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The tensors, each once.</summary>
    public IEnumerable<NamedTensor> Tensors => _tensors.DistinctBy(tensor => tensor.Name);

    /// <summary>The name of the latest value.</summary>
    private string Value { get; set; } = input;

    /// <summary>Gives the latest value the name by which it is asked for.</summary>
    public void End(string name) => _nodes[^1] = _nodes[^1] with { Output = name };

    /// <summary>An operator on the latest value and on tensors.</summary>
    public void Add(string type, params IReadOnlyList<NamedTensor> tensors) => Add(type, Value, [], tensors);

    /// <summary>What a module answers.</summary>
    /// <exception cref="NotSupportedException">No operators are known for it.</exception>
    public void Add(Module module)
    {
        switch (module)
        {
            case Sequence:
                foreach (var child in module.Children)
                {
                    Add(child);
                }

                break;
            case WeightedLayer { Map: DenseMap } layer:
                Dense(layer);
                break;
            case ActivationModule { Activation: var activation }:
                Add(activation);
                break;
            case BatchNorm norm when IsFlat(norm):
                Add("BatchNormalization", Value, [Real("epsilon", norm.Epsilon)], [
                    Of(norm.Scale), Of(norm.Shift), .. norm.Buffers.Select(buffer => NamedTensor.Vector(buffer.Name, buffer.Values))]);
                break;
            case LayerNorm norm when IsFlat(norm):
                Normalize(norm);
                break;
            case Dropout:
                break; // Answers use all units.
            case Residual:
                Sum(module.Children);
                break;
            case { Onnx: { } operators }:
                foreach (var one in operators)
                {
                    Add(one);
                }

                break;
            default:
                throw new NotSupportedException($"no ONNX operator is known for {module} ({module.Kind})");
        }
    }

    /// <summary>What the units do to their pre-activations.</summary>
    /// <exception cref="NotSupportedException">No operator is known for it.</exception>
    public void Add(Activation activation)
    {
        if (activation == Activation.Gelu)
        {
            Gelu();
        }
        else if (activation == Activation.Silu)
        {
            var before = Value;
            Add("Sigmoid");
            Add("Mul", [before, Value]);
        }
        else if (activation != Activation.Linear)
        {
            Add(activation.Onnx ?? throw new NotSupportedException($"no ONNX operator is known for the activation {activation}"));
        }
    }

    /// <summary>What the loss takes outputs for. Softmax goes over the last axis where nothing else is said.</summary>
    public void Add(Loss? loss)
    {
        if (loss?.OutputFunction == OutputFunction.Softmax)
        {
            Add("Softmax");
        }
        else if (loss?.OutputFunction == OutputFunction.Logistic)
        {
            Add(Activation.Logistic);
        }
    }

    private void Add(OnnxOperator one) => Add(
        one.Type,
        Value,
        [.. one.Attributes.Select(attribute => Real(attribute.Key, attribute.Value))],
        [.. one.Tensors.Select(tensor => tensor.Rows == 1 ? Of(tensor) : NamedTensor.Matrix(tensor.Name, tensor.Read()))]);

    /// <summary>z (1 + erf(z ∕ √2)) ∕ 2. An operator of its own came with operator set 20, which fewer programs read.</summary>
    private void Gelu()
    {
        var before = Value;
        Add("Mul", Constant("gelu.narrow", 0.707106781f));
        Add("Erf");
        Add("Add", Constant("gelu.one", 1));
        Add("Mul", [before, Value]);
        Add("Mul", Constant("gelu.half", 0.5f));
    }

    /// <summary>input · weightᵀ + bias, and the activation; our weights are outputs × inputs.</summary>
    private void Dense(WeightedLayer layer)
    {
        var weights = NamedTensor.Matrix(layer.Weights.Name, layer.Weights.Read());
        Add("Gemm", Value, [Whole("transB", 1)], layer.Biases is { } biases ? [weights, Of(biases)] : [weights]);
        Add(layer.Activation);
    }

    /// <summary>
    /// (x − μ) ∕ √(v + ε) along each row, from operators that were there before LayerNormalization, which newer versions alone have.
    /// </summary>
    private void Normalize(LayerNorm norm)
    {
        var begin = Value;
        Add("ReduceMean", begin, [Axes(1)]);
        var centered = Add("Sub", [begin, Value]);
        Add("Mul", [centered, centered]);
        Add("ReduceMean", Value, [Axes(1)]);
        Add("Add", Constant($"{norm.Name}.epsilon", (float)norm.Epsilon));
        Add("Sqrt");
        Add("Div", [centered, Value]);
        Add("Mul", Of(norm.Scale));
        Add("Add", Of(norm.Shift));
    }

    /// <summary>The branch, then the shortcut, both from the same value; without a module for the shortcut that value itself.</summary>
    private void Sum(IReadOnlyList<Module> paths)
    {
        var begin = Value;
        Add(paths[0]);
        var branch = Value;
        Value = begin;
        if (paths.Count > 1)
        {
            Add(paths[1]);
        }

        Add("Add", [branch, Value]);
    }

    private void Add(string type, string from, IReadOnlyList<ProtobufMessage> attributes, params IReadOnlyList<NamedTensor> tensors)
    {
        _tensors.AddRange(tensors);
        Add(type, [from, .. tensors.Select(tensor => tensor.Name)], attributes);
    }

    private string Add(string type, IReadOnlyList<string> inputs, params IReadOnlyList<ProtobufMessage> attributes)
    {
        Value = $"value{_nodes.Count + 1}";
        _nodes.Add(new OnnxNode(type, inputs, Value, attributes));
        return Value;
    }

    private static NamedTensor Constant(string name, float value) => NamedTensor.Vector(name, Matrix.FromRow([value]));

    private static bool IsFlat(Module module) => module.To == Shape.Flat(module.To.Size);

    private static NamedTensor Of(Parameter parameter) => NamedTensor.Vector(parameter.Name, parameter.Read());

    private static ProtobufMessage Whole(string name, long value)
        => new ProtobufMessage().Text(1, name).Integer(3, value).Integer(20, IntegerAttribute);

    private static ProtobufMessage Real(string name, double value)
        => new ProtobufMessage().Text(1, name).Single(2, (float)value).Integer(20, FloatAttribute);

    private static ProtobufMessage Axes(long axis)
        => new ProtobufMessage().Text(1, "axes").Integer(8, axis).Integer(20, IntegersAttribute);
}
