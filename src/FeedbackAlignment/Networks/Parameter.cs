using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>What a parameter is to its layer.</summary>
public enum ParameterKind
{
    /// <summary>A matrix of connections. Weight decay applies to it.</summary>
    Weights,

    /// <summary>One number per unit, as a matrix of one row. Weight decay does not apply to it.</summary>
    Biases,
}

/// <summary>Numbers that an optimizer moves. Fixed feedback weights are not parameters, so no optimizer can reach them.</summary>
/// <param name="name">Name in files and messages, e.g. <c>hidden1.weights</c>.</param>
/// <param name="kind">What it is to its layer.</param>
/// <param name="values">The numbers.</param>
public sealed class Parameter(string name, ParameterKind kind, Matrix values)
{
    /// <summary>Name in files and messages, e.g. <c>hidden1.weights</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What it is to its layer.</summary>
    public ParameterKind Kind { get; } = kind;

    /// <summary>The numbers: outputs × inputs for weights, 1 × outputs for biases.</summary>
    public Matrix Values { get; } = values;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Values.Shape})";
}
