using System.Collections.ObjectModel;

namespace FeedbackAlignment.Networks;

/// <summary>An operator of ONNX (operator set 13) that computes what an activation or a module answers.</summary>
/// <param name="Type">Its name there, e.g. <c>Elu</c>. Nobody can check here that it computes the same.</param>
public sealed record OnnxOperator(string Type)
{
    /// <summary>What it is told besides its inputs, by name.</summary>
    public IReadOnlyDictionary<string, float> Attributes { get; init; } = ReadOnlyDictionary<string, float>.Empty;

    /// <summary>What goes in after the latest value; empty for a function of one input.</summary>
    public IReadOnlyList<Parameter> Tensors { get; init; } = [];
}
