using System.Text.Json;
using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>A module that PyTorch ran forward and back.</summary>
internal sealed class ModuleCase(JsonElement element)
{
    /// <summary>Modules that PyTorch was recorded for and the engine has not written yet: each comes with the library's module.</summary>
    public static IReadOnlyList<string> ToCome { get; } =
    [
        "conv2d", "max_pool2d", "avg_pool2d", "global_avg_pool", "rnn_tanh", "rnn_relu", "gru", "lstm", "attention", "embedding",
        "residual with conv2d",
    ];

    private static readonly string[] _norms = ["layer_norm", "group_norm", "batch_norm_1d", "batch_norm_2d"];

    private readonly JsonElement _options = element.GetProperty("options");
    private readonly Dictionary<string, Weight> _weights =
        element.Tables("weights").ToDictionary(pair => pair.Key, pair => new Weight(pair.Key, pair.Value.Rows() > 1, pair.Value));

    public string Name { get; } = element.Text("module")
        + (element.GetProperty("options").ToString().Contains("conv2d") ? " with conv2d" : "");

    public double[,] Input => element.Tables("inputs")["x"];

    public double[,] Output => element.GetProperty("output").Table();

    public double[,] Error => element.GetProperty("error").Table();

    public double[,] ErrorBelow => element.Tables("errorsBelow")["x"];

    public Dictionary<string, double[,]> Gradients => element.Tables("gradients");

    public Dictionary<string, double[,]> BuffersAfter => element.Tables("buffersAfter");

    public PlainModule Make() => Name switch
    {
        "dropout" => new Dropout(element.Tables("given")["mask"], 1 - _options.Number("drop")),
        "residual" => MakeResidual(),
        var name when _norms.Contains(name) => MakeNorm(name),
        var name => new Pointwise(name),
    };

    /// <summary>
    /// What the running statistics become: they go a part of the way to a batch's own, of which the variance is the unbiased one.
    /// </summary>
    public Dictionary<string, double[,]> BuffersAfterA(Norm pass)
    {
        var (before, share) = (element.Tables("buffersBefore"), _options.Is("trains") ? _options.Number("momentum") : 0);
        var count = Input.Length / before["running_mean"].Length;
        return new()
        {
            ["running_mean"] = Moved(before["running_mean"], pass.Statistics.Mean, 1),
            ["running_var"] = Moved(before["running_var"], pass.Statistics.Variance, count / (count - 1.0)),
        };

        double[,] Moved(double[,] from, double[] to, double factor)
            => Table.Make(1, to.Length, (_, channel) => (1 - share) * from[0, channel] + share * factor * to[channel]);
    }

    private Norm MakeNorm(string name)
    {
        // One number for each channel; layer norm has them for each number of an example.
        Weight[] flat = [.. _weights.Values.Select(weight => new Weight(weight.Name, false, weight.Values.Shaped(1)))];
        var (buffers, groups) = (element.Tables("buffersBefore"), (int)_options.Number("groups", 1));
        var perGroup = flat[0].Values.Columns() / groups;
        Func<int, int, int> setOf = name switch
        {
            "layer_norm" => (example, _) => example,
            "group_norm" => (example, channel) => example * groups + channel / perGroup,
            _ => (_, channel) => channel,
        };
        var usesOwn = buffers.Count == 0 || _options.Is("trains");
        return new(flat[0], flat[1], _options.Number("epsilon"), setOf, usesOwn ? null
            : (buffers["running_mean"].Row(0), buffers["running_var"].Row(0)));
    }

    private Chain MakeResidual()
    {
        var branch = _options.Text("branch").Split(' ')
            .Select((part, i) => part == "dense" ? Dense($"branch.{i}") : (PlainModule)new Pointwise(part));
        PlainModule shortcut = _weights.ContainsKey("shortcut.weight") ? Dense("shortcut") : new Pointwise("linear");
        var after = _options.TryGetProperty("after", out var activation) ? activation.GetString()! : "linear";
        return new(new Residual(new Chain([.. branch]), shortcut), new Pointwise(after));
    }

    private Dense Dense(string name) => new(_weights[$"{name}.weight"], _weights[$"{name}.bias"]);
}
