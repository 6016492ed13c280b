namespace FeedbackAlignment.Exchange;

/// <summary>
/// What numbers are called in files. Those of the network have the names of its parameters and buffers (<c>hidden1.weights</c>); this class
/// has the names of all that stands beside them. <see cref="PyTorchNames"/> has the one table of other names.
/// </summary>
internal static class TensorNames
{
    /// <summary>How the names of a kind begin.</summary>
    public const string FeedbackPrefix = "feedback.", ConnectionsPrefix = "connections.", RulePrefix = "rule.",
        OptimizerPrefix = "optimizer.";

    /// <summary>How often the optimizer has moved the weights.</summary>
    public const string Steps = OptimizerPrefix + "steps";

    /// <summary>What feedback weights lead to that go past the first layer.</summary>
    public const string Input = "input";

    /// <summary>
    /// What brings raw inputs to what the network was trained on, and its answers back to the user's units; one number per column each.
    /// </summary>
    public const string InputMeans = "inputs.mean", InputDeviations = "inputs.deviation", TargetMeans = "targets.mean",
        TargetDeviations = "targets.deviation";

    /// <summary>What stands before the names of all that is no weight or bias of the network.</summary>
    private static readonly IReadOnlyList<string> _besides = [FeedbackPrefix, ConnectionsPrefix, RulePrefix, OptimizerPrefix];

    /// <summary>A layer's connections, 1 where there is one and 0 where there is none. Only of layers that miss some.</summary>
    /// <param name="layer">The layer's name.</param>
    public static string Connections(string layer) => ConnectionsPrefix + layer;

    /// <summary>Feedback weights, of the shape of the forward weights that they stand for.</summary>
    /// <param name="from">The name of the layer that the error comes from.</param>
    /// <param name="to">The name of the layer or other module that it goes to, or <see cref="Input"/>.</param>
    public static string Feedback(string from, string to) => $"{FeedbackPrefix}{from}-{to}";

    /// <summary>A parameter that a learning rule has of its own.</summary>
    /// <param name="parameter">The parameter's name.</param>
    public static string Rule(string parameter) => RulePrefix + parameter;

    /// <summary>What the optimizer remembers of a parameter.</summary>
    /// <param name="parameter">The parameter's name in the file.</param>
    /// <param name="memory">PyTorch's word for it, e.g. <c>momentum_buffer</c>.</param>
    public static string Optimizer(string parameter, string memory) => $"{OptimizerPrefix}{parameter}.{memory}";

    /// <summary>Whether a tensor of this name stands beside the weights and biases of the network.</summary>
    public static bool IsBeside(string name) => IsScaling(name) || _besides.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Whether a tensor belongs to a standardizer. By its whole name: a layer may be called "inputs".</summary>
    public static bool IsScaling(string name) => name is InputMeans or InputDeviations or TargetMeans or TargetDeviations;
}
