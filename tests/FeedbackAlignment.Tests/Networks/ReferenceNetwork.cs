using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Reference;
using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Networks;

/// <summary>
/// A network of the plain engine for tests that look at one number at a time, and its gradients by differences, which no derivative of the
/// engine has a part in.
/// </summary>
internal sealed class ReferenceNetwork(Network network)
{
    private readonly Net _net = Net.Of(network, Loss.SquaredError);

    public static double Apply(string activation, double z) => new Pointwise(activation).Value(z);

    public static double LossOf(string loss, double[] output, double[] target)
        => PlainLoss.OfEach(loss, Table.Make(1, output.Length, (_, i) => output[i]), Table.Make(1, target.Length, (_, i) => target[i]))[0];

    public static double[][] Rows(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).Select(Table.Of(matrix).Row)];

    public double[] Forward(double[] input) => _net.Forward(Table.Make(1, input.Length, (_, i) => input[i])).Row(0);

    public double MeanLoss(Loss loss, Batch batch)
        => PlainLoss.OfEach(loss.Id, _net.Forward(Table.Of(batch.Inputs)), Table.Of(batch.Targets)).Average();

    /// <summary>∂(mean loss)/∂weights of a layer, by central differences.</summary>
    public double[,] WeightGradient(int layer, Loss loss, Batch batch)
        => Slopes.Of(_net.Stages[layer].Weights[0], () => MeanLoss(loss, batch));

    /// <summary>The same for its biases, as a matrix of one row.</summary>
    public double[,] BiasGradient(int layer, Loss loss, Batch batch)
        => Slopes.Of(_net.Stages[layer].Weights[1], () => MeanLoss(loss, batch));
}
