namespace FeedbackAlignment.Tests.Reference;

/// <summary>Numbers that an optimizer moves.</summary>
/// <param name="name">The library's name of them, e.g. <c>hidden1.weights</c>.</param>
/// <param name="decays">Whether weight decay applies: to weights, not to biases.</param>
/// <param name="values">outputs × inputs for weights, 1 × outputs for biases.</param>
internal sealed class Weight(string name, bool decays, double[,] values)
{
    public string Name { get; } = name;

    public bool Decays { get; } = decays;

    /// <summary>The library's column of each column; null: the same.</summary>
    public int[]? Places { get; init; }

    /// <summary>Factor on the learning rate.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>Its own decay; null: the optimizer's.</summary>
    public double? OwnDecay { get; set; }

    public double[,] Values { get; set; } = values;

    /// <summary>The gradient of the mean over the examples; null: the rule gives none.</summary>
    public double[,]? Gradient { get; set; }

    /// <summary>Adds to the gradient: of weights that are used several times it is a sum.</summary>
    public void Learn(double[,] gradient) => Gradient = Gradient?.Plus(gradient) ?? gradient;
}
