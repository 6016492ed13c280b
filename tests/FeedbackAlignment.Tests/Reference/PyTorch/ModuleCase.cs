using System.Text.Json;
using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>A module that PyTorch ran forward and back.</summary>
internal sealed class ModuleCase(JsonElement element)
{
    /// <summary>Modules that PyTorch was recorded for and the engine has not written yet: each comes with the library's module.</summary>
    public static IReadOnlyList<string> ToCome { get; } =
    [
        "rnn_tanh", "rnn_relu", "gru", "lstm", "attention", "embedding",
    ];

    private static readonly string[] _norms = ["layer_norm", "group_norm", "batch_norm_1d", "batch_norm_2d"];

    private readonly JsonElement _options = element.GetProperty("options");
    private readonly Dictionary<string, Weight> _weights =
        element.Tables("weights").ToDictionary(pair => pair.Key, pair => new Weight(pair.Key, pair.Value.Rows() > 1, pair.Value));

    public string Name { get; } = element.Text("module")
        + (element.GetProperty("options").ToString().Contains("conv2d") ? " with conv2d" : "");

    /// <summary>The size of the input's pictures.</summary>
    public Picture Picture => element.GetProperty("inputs").GetProperty("x").GetProperty("shape").EnumerateArray()
        .Select(size => size.GetInt32()).ToArray() is [_, var channels, var height, var width] ? new(channels, height, width) : default;

    /// <summary>The windows of a convolution or pooling; one number is for height and width.</summary>
    public Windows Windows => new(Pair("kernel"), Pair("stride"), Pair("padding"));

    /// <summary>How its convolution is divided.</summary>
    public int Groups => (int)_options.Number("groups", 1);

    /// <summary>Whether a mean counts padding as zeros.</summary>
    public bool CountsPadding => _options.Is("countsPadding");

    /// <summary>The weights that it began with.</summary>
    public IReadOnlyDictionary<string, Weight> Weights => _weights;

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
        "residual with conv2d" => MakeResidualOfPictures(),
        "conv2d" => new Convolution(_weights["weight"], _weights["bias"], Picture, Windows, (int)_options.Number("groups")),
        "max_pool2d" => new Pool(takesGreatest: true, Picture, Windows),
        "avg_pool2d" => new Pool(takesGreatest: false, Picture, Windows, _options.Is("countsPadding")),
        "global_avg_pool" => new GlobalPool(Picture),
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

    /// <summary>A residual block of 3 × 3, the first with a stride, and a 1 × 1 shortcut; none has biases, for norms follow.</summary>
    private Chain MakeResidualOfPictures()
    {
        var (stride, from) = ((int)_options.Number("stride"), Picture);
        var first = Filters("branch.0", from, Windows.Square(3, stride, 1));
        return new(
            new Residual(
                new Chain(first, NormOf("branch.1"), new Pointwise("relu"), Filters("branch.3", first.To, Windows.Square(3, 1, 1)), NormOf("branch.4")),
                new Chain(Filters("shortcut.0", from, Windows.Square(1, stride, 0)), NormOf("shortcut.1"))),
            new Pointwise(_options.Text("after")));

        Convolution Filters(string name, Picture picture, Windows windows) => new(_weights[$"{name}.weight"], null, picture, windows, 1);

        // PyTorch's own epsilon.
        Norm NormOf(string name)
        {
            foreach (var part in (string[])["weight", "bias"])
            {
                _weights[$"{name}.{part}"] = new($"{name}.{part}", false, _weights[$"{name}.{part}"].Values.Shaped(1));
            }

            return new(_weights[$"{name}.weight"], _weights[$"{name}.bias"], 1e-5, (_, channel) => channel);
        }
    }

    private (int Height, int Width) Pair(string option) => _options.GetProperty(option) is { ValueKind: JsonValueKind.Array } two
        ? (two[0].GetInt32(), two[1].GetInt32()) : ((int)_options.Number(option), (int)_options.Number(option));
}
