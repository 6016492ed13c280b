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

    /// <summary>
    /// The shape of the latest value where it is batch × channels × height × width; null: it is batch × units, those of a picture in the order
    /// row, column, channel.
    /// </summary>
    private Shape? _picture;

    /// <summary>The operators, in the order in which they compute.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The tensors, each once.</summary>
    public IEnumerable<NamedTensor> Tensors => _tensors.DistinctBy(tensor => tensor.Name);

    /// <summary>The name of the latest value.</summary>
    private string Value { get; set; } = input;

    /// <summary>Gives the latest value the name by which it is asked for.</summary>
    public void End(string name)
    {
        AsUnits();
        _nodes[^1] = _nodes[^1] with { Output = name };
    }

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
            case WeightedLayer { Map: ConvolutionMap map } layer:
                Convolve(layer, map);
                break;
            case FromPlanes:
                Reshape(module.To.Channels, module.To.Height, module.To.Width);
                _picture = module.To;
                break;
            case MaxPool pool:
                As(pool.From);
                Add("MaxPool", Value, Windows(pool.Options.Size, pool.Options.Step, pool.Options.Padding));
                _picture = pool.To;
                break;
            case AveragePool pool:
                As(pool.From);
                Add("AveragePool", Value,
                    [.. Windows(pool.Options.Size, pool.Options.Step, pool.Options.Padding), Whole("count_include_pad", 1)]);
                _picture = pool.To;
                break;
            case GlobalAveragePool:
                As(module.From);
                Add("GlobalAveragePool");
                _picture = module.To;
                break;
            case Flatten:
                AsUnits();
                break;
            case PadShortcut shortcut:
                Pad(shortcut);
                break;
            case ActivationModule { Activation: var activation }:
                Add(activation);
                break;
            case BatchNorm norm:
                As(norm.From);
                Add("BatchNormalization", Value, [Real("epsilon", norm.Epsilon)], [
                    Of(norm.Scale), Of(norm.Shift), .. norm.Buffers.Select(buffer => NamedTensor.Vector(buffer.Name, buffer.Values))]);
                break;
            case LayerNorm norm:
                Normalize(norm);
                break;
            case Dropout:
                break; // Answers use all units.
            case Residual:
                Sum(module);
                break;
            case { Onnx: { } operators }:
                As(module.From);
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
        AsUnits();
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
        AsUnits();
        var weights = NamedTensor.Matrix(layer.Weights.Name, layer.Weights.Read());
        Add("Gemm", Value, [Whole("transB", 1)], layer.Biases is { } biases ? [weights, Of(biases)] : [weights]);
        Add(layer.Activation);
    }

    /// <summary>A filter's weights go channel by channel there, and row by row here.</summary>
    private void Convolve(WeightedLayer layer, ConvolutionMap map)
    {
        var (options, ours) = (map.Options, layer.Weights.Read());
        var (height, width, channels) = (options.Kernel.Height, options.Kernel.Width, map.From.Channels / options.Groups);
        var theirs = new Matrix(ours.Rows, ours.Columns);
        for (var filter = 0; filter < ours.Rows; filter++)
        {
            for (var weight = 0; weight < ours.Columns; weight++)
            {
                theirs[filter, weight % channels * height * width + weight / channels] = ours[filter, weight];
            }
        }

        var weights = new NamedTensor(layer.Weights.Name, [ours.Rows, channels, height, width], theirs);
        As(map.From);
        Add(
            "Conv", Value,
            [.. Windows(options.Kernel, options.Stride, options.Padding), Pair("dilations", options.Dilation), Whole("group", options.Groups)],
            layer.Biases is { } biases ? [weights, Of(biases)] : [weights]);
        _picture = map.To;
        Add(layer.Activation);
    }

    /// <summary>Every s-th position, and channels of zeros on both sides.</summary>
    private void Pad(PadShortcut shortcut)
    {
        var (from, to) = (shortcut.From, shortcut.To);
        As(from);
        Add("Slice", [Value, Integers(0, 0), Integers(from.Height, from.Width), Integers(2, 3), Integers(shortcut.Stride, shortcut.Stride)]);
        var before = (to.Channels - from.Channels) / 2;
        Add("Pad", [Value, Integers(0, before, 0, 0, 0, to.Channels - from.Channels - before, 0, 0)]);
        _picture = to;
    }

    /// <summary>The latest value as a module takes it.</summary>
    private void As(Shape shape)
    {
        if (!shape.IsPicture && _picture is null)
        {
            return;
        }

        if (_picture is null)
        {
            Reshape(shape.Height, shape.Width, shape.Channels);
            Add("Transpose", Value, [List("perm", 0, 3, 1, 2)]);
            _picture = shape;
        }
        else if (!shape.IsPicture)
        {
            AsUnits();
        }
    }

    /// <summary>The latest value as batch × units.</summary>
    private void AsUnits()
    {
        if (_picture is { } picture)
        {
            if (picture.IsPicture)
            {
                Add("Transpose", Value, [List("perm", 0, 2, 3, 1)]);
            }

            Add("Flatten");
            _picture = null;
        }
    }

    /// <summary>The latest value with these sizes behind the batch's.</summary>
    private void Reshape(int first, int second, int third) => Add("Reshape", [Value, Integers(-1, first, second, third)]);

    /// <summary>The name of a list of integers; the latest value stays what it is.</summary>
    private string Integers(params IReadOnlyList<long> values)
    {
        var before = Value;
        var name = Add("Constant", [], List("value_ints", values));
        Value = before;
        return name;
    }

    private static IReadOnlyList<ProtobufMessage> Windows(Extent size, Extent stride, Extent padding) =>
    [
        Pair("kernel_shape", size), Pair("strides", stride),
        List("pads", padding.Height, padding.Width, padding.Height, padding.Width),
    ];

    private static ProtobufMessage Pair(string name, Extent extent) => List(name, extent.Height, extent.Width);

    private static ProtobufMessage List(string name, params IReadOnlyList<long> values)
    {
        var message = new ProtobufMessage().Text(1, name);
        foreach (var value in values)
        {
            message.Integer(8, value);
        }

        return message.Integer(20, IntegersAttribute);
    }

    /// <summary>
    /// (x − μ) ∕ √(v + ε) over the channels, from operators that were there before LayerNormalization, which newer versions alone have.
    /// </summary>
    private void Normalize(LayerNorm norm)
    {
        As(norm.From);
        var begin = Value;
        Add("ReduceMean", begin, [List("axes", 1)]);
        var centered = Add("Sub", [begin, Value]);
        Add("Mul", [centered, centered]);
        Add("ReduceMean", Value, [List("axes", 1)]);
        Add("Add", Constant($"{norm.Name}.epsilon", (float)norm.Epsilon));
        Add("Sqrt");
        Add("Div", [centered, Value]);
        Add("Mul", ByChannel(norm.Scale));
        Add("Add", ByChannel(norm.Shift));

        // Behind the batch stand the channels, and behind these the positions of a picture.
        NamedTensor ByChannel(Parameter parameter)
        {
            var flat = Of(parameter);
            return _picture is null ? flat : flat with { Shape = [flat.Shape[0], 1, 1] };
        }
    }

    /// <summary>The branch, then the shortcut, both from the same value; without a module for the shortcut that value itself.</summary>
    private void Sum(Module residual)
    {
        As(residual.From);
        var (begin, shape) = (Value, _picture);
        Add(residual.Children[0]);
        As(residual.To);
        var branch = Value;
        (Value, _picture) = (begin, shape);
        if (residual.Children.Count > 1)
        {
            Add(residual.Children[1]);
            As(residual.To);
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

    private static NamedTensor Of(Parameter parameter) => NamedTensor.Vector(parameter.Name, parameter.Read());

    private static ProtobufMessage Whole(string name, long value)
        => new ProtobufMessage().Text(1, name).Integer(3, value).Integer(20, IntegerAttribute);

    private static ProtobufMessage Real(string name, double value)
        => new ProtobufMessage().Text(1, name).Single(2, (float)value).Integer(20, FloatAttribute);
}
