using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// Makes the network of a plan from the tensors of a file. All of them are looked at before anything is built: by the word of a plan alone
/// a network could be of any size.
/// </summary>
internal sealed class PlannedNetwork
{
    private readonly SafetensorsFile _file;
    private readonly string _source;
    private readonly NetworkPlan _plan;

    /// <param name="file">The content, with our names.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="plan">The network.</param>
    /// <exception cref="DataFormatException">
    /// A tensor is missing, or has another shape, or belongs to nothing; or an example takes more memory than there is.
    /// </exception>
    public PlannedNetwork(SafetensorsFile file, string source, NetworkPlan plan)
    {
        (_file, _source, _plan) = (file, source, plan);
        if (file.Tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new DataFormatException(source, null, $"{twice.Key} is there twice, once by its name in PyTorch");
        }

        // What filters make can be far more than they are.
        MemoryBudget.Require(plan.Nodes.Sum(node => Matrix.BytesOf(1, node.To.Size)), source, "what its modules make of one example would take");
        foreach (var node in plan.Nodes)
        {
            foreach (var (name, rows, columns) in node.Tensors)
            {
                Require(name, node is LayerNode || rows > 1 ? [rows, columns] : [columns]);
            }
        }

        foreach (var layer in plan.Layers)
        {
            if (Biases(layer.Name) is { } biases)
            {
                Require(biases.Name, layer.Rows);
            }

            if (Connections(layer.Name) is { } connections)
            {
                Require(connections.Name, layer.Rows, layer.Columns);
            }
        }

        var known = plan.Nodes.SelectMany(node => node.Parts.Select(part => $"{node.Name}.{part.Own}")).ToHashSet();
        if (file.Tensors.FirstOrDefault(tensor => !known.Contains(tensor.Name) && !TensorNames.IsBeside(tensor.Name)) is { } foreign)
        {
            throw new DataFormatException(source, null, $"{foreign} belongs to no module of {plan}");
        }
    }

    /// <summary>Makes the network.</summary>
    /// <param name="compute">Does the products.</param>
    /// <exception cref="DataFormatException">A running variance is no number ≥ 0.</exception>
    public Network Build(Compute compute)
    {
        var network = _plan.Build(Layer, new RandomStreams(0), compute);
        foreach (var parameter in network.Parameters)
        {
            parameter.Set(_file.Find(parameter.Name)!.Values);
        }

        foreach (var buffer in network.Buffers)
        {
            buffer.Values.CopyFrom(_file.Find(buffer.Name)!.Values);
        }

        foreach (var norm in Network.All(network.Root).OfType<BatchNorm>())
        {
            foreach (var variance in norm.RunningVariance.Row(0))
            {
                if (!(variance >= 0))
                {
                    throw new DataFormatException(_source, null, FormattableString.Invariant(
                        $"{norm.Name}.running-variance has {variance}, but a variance must be ≥ 0"));
                }
            }
        }

        return network;

        WeightedLayer Layer(LayerNode node) => new(
            node.Name, node.Map(compute), node.Activation!, Biases(node.Name) is not null, Connections(node.Name)?.Values);
    }

    private NamedTensor? Biases(string layer) => _file.Find($"{layer}.biases");

    private NamedTensor? Connections(string layer) => _file.Find(TensorNames.Connections(layer));

    private void Require(string name, params int[] shape)
    {
        if (_file.Find(name) is not { } tensor || !tensor.Shape.SequenceEqual(shape))
        {
            var there = _file.Find(name) is { } other ? $"{other} must be {name} [{string.Join(", ", shape)}]"
                : $"there is no {name} [{string.Join(", ", shape)}]";
            throw new DataFormatException(_source, null, $"{there}, which {_plan} has");
        }
    }
}
