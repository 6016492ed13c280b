using System.Globalization;

namespace FeedbackAlignment.Exchange;

/// <summary>
/// What tensors are called in files: as PyTorch calls those of <c>torch.nn.Sequential(Linear, Tanh, Linear, …)</c>, where activations
/// take numbers too. Layer i, counted from 0, is module 2 i, and its activation, <c>Identity</c> where it is linear, module 2 i + 1.
/// </summary>
internal static class TensorNames
{
    /// <summary>What stands before the names of all that is no weight or bias of the network.</summary>
    private static readonly IReadOnlyList<string> _besides = ["feedback.", "connections.", "rule.", "optimizer."];

    /// <summary>
    /// What brings raw inputs to what the network was trained on, and its answers back to the user's units; one number per column each.
    /// </summary>
    internal const string InputMeans = "inputs.mean", InputDeviations = "inputs.deviation", TargetMeans = "targets.mean", TargetDeviations = "targets.deviation";

    /// <summary>A layer's weights, outputs × inputs: <c>0.weight</c>, <c>2.weight</c> …</summary>
    /// <param name="layer">Index of the layer, from 0.</param>
    public static string Weight(int layer) => $"{Module(layer)}.weight";

    /// <summary>A layer's biases: <c>0.bias</c>, <c>2.bias</c> …</summary>
    /// <param name="layer">Index of the layer, from 0.</param>
    public static string Bias(int layer) => $"{Module(layer)}.bias";

    /// <summary>
    /// A layer's connections, 1 where there is one and 0 where there is none: <c>connections.0</c> … Only of layers that miss some.
    /// </summary>
    /// <param name="layer">Index of the layer, from 0.</param>
    public static string Connections(int layer) => $"connections.{Module(layer)}";

    /// <summary>
    /// Feedback weights, of the shape of the forward weights that they stand for: <c>feedback.4-0</c> leads from module 4 to module 0.
    /// </summary>
    /// <param name="from">Index of the layer that the error comes from, from 0.</param>
    /// <param name="to">Index of the layer that it goes to; below 0: the input, <c>feedback.4-input</c>.</param>
    public static string Feedback(int from, int to) => $"feedback.{Module(from)}-{(to < 0 ? "input" : Module(to))}";

    /// <summary>A parameter that a learning rule has of its own: <c>rule.NAME</c>.</summary>
    /// <param name="parameter">The parameter's name.</param>
    public static string Rule(string parameter) => $"rule.{parameter}";

    /// <summary>Whether a tensor of this name stands beside the weights and biases of the network.</summary>
    internal static bool IsBeside(string name) => IsScaling(name) || _besides.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Whether a tensor belongs to a standardizer. By its whole name: a layer may be called "inputs".</summary>
    internal static bool IsScaling(string name) => name is InputMeans or InputDeviations or TargetMeans or TargetDeviations;

    private static string Module(int layer) => (2 * layer).ToString(CultureInfo.InvariantCulture);
}
