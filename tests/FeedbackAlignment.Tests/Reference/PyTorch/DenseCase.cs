using System.Text.Json;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>A training of a dense network, as PyTorch did it: twenty steps on one batch.</summary>
internal sealed class DenseCase(JsonElement element)
{
    private readonly JsonElement _optimizer = element.GetProperty("optimizer");

    public string Name => element.Text("case");

    public int[] Sizes { get; } = [.. element.GetProperty("sizes").EnumerateArray().Select(size => size.GetInt32())];

    public string Hidden => element.Text("hidden");

    public string Output => element.Text("output");

    public string Loss => element.Text("loss");

    public double Smoothing => element.Number("labelSmoothing");

    public double[,] Inputs => element.GetProperty("inputs").Table();

    public double[,] Targets => element.GetProperty("targets").Table();

    public Dictionary<string, double[,]> Weights => element.Tables("weights");

    public double Rate => _optimizer.Number("learningRate");

    public OptimizerNumbers Optimizer => new(_optimizer.Text("kind") == "momentum" ? "sgd" : _optimizer.Text("kind"))
    {
        Momentum = _optimizer.Number("momentum"),
        Rho = _optimizer.Number("rho"),
        Beta1 = _optimizer.Number("beta1"),
        Beta2 = _optimizer.Number("beta2"),
        Epsilon = _optimizer.Number("epsilon"),
        Decay = _optimizer.Number("weightDecay"),
        BiasesDecay = _optimizer.Is("biasesDecay"),
        DecayIsInTheGradient = _optimizer.Text("decay") == "coupled",
        TakesSigns = _optimizer.Is("takesSigns"),
        Clip = _optimizer.Number("clip", double.PositiveInfinity),
    };

    public double LossAt(int step) => At(step).Number("loss");

    /// <summary>Of a step, before it is clipped.</summary>
    public Dictionary<string, double[,]> Gradients(int step) => At(step).Tables("gradients");

    public Dictionary<string, double[,]> WeightsAfter(int step) => At(step).Tables("weights");

    private JsonElement At(int step) => element.GetProperty("steps").GetProperty(step.ToString());
}
