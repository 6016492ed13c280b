using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Networks;

/// <summary>
/// A network written a second time: plain loops, doubles, formulas from the textbook, nothing of the library's arithmetic.
/// </summary>
internal sealed class ReferenceNetwork
{
    private readonly double[][,] _weights;
    private readonly double[][] _biases;
    private readonly string[] _activations;

    public ReferenceNetwork(Network network)
    {
        _weights = [.. network.Layers.Select(layer => ToDoubles(layer.Weights.Read()))];
        _biases = [.. network.Layers.Select(layer => layer.Biases is { } biases ? biases.Read().Row(0).ToArray().Select(b => (double)b).ToArray() : new double[layer.Outputs])];
        _activations = [.. network.Layers.Select(layer => layer.Activation.Id)];
    }

    public static double Apply(string activation, double z) => activation switch
    {
        "linear" => z,
        "logistic" => 1 / (1 + Math.Exp(-z)),
        "tanh" => Math.Tanh(z),
        "relu" => Math.Max(z, 0),
        _ => throw new ArgumentException(activation),
    };

    public static double LossOf(string loss, double[] output, double[] target)
    {
        var normalizer = loss == "softmax-cross-entropy" ? output.Sum(Math.Exp) : 0;
        return output.Zip(target, (y, t) => loss switch
        {
            "squared-error" => 0.5 * (y - t) * (y - t),
            "logistic-cross-entropy" => -(t * Math.Log(Apply("logistic", y))) - (1 - t) * Math.Log(1 - Apply("logistic", y)),
            "softmax-cross-entropy" => -(t * Math.Log(Math.Exp(y) / normalizer)),
            _ => throw new ArgumentException(loss),
        }).Sum();
    }

    public double[] Forward(double[] input)
    {
        var signal = input;
        for (var layer = 0; layer < _weights.Length; layer++)
        {
            var output = new double[_biases[layer].Length];
            for (var i = 0; i < output.Length; i++)
            {
                var z = _biases[layer][i];
                for (var j = 0; j < signal.Length; j++)
                {
                    z += _weights[layer][i, j] * signal[j];
                }

                output[i] = Apply(_activations[layer], z);
            }

            signal = output;
        }

        return signal;
    }

    public double MeanLoss(Loss loss, Batch batch)
    {
        var (inputs, targets) = (Rows(batch.Inputs), Rows(batch.Targets));
        return inputs.Zip(targets, (input, target) => LossOf(loss.Id, Forward(input), target)).Average();
    }

    /// <summary>∂(mean loss)/∂weights of a layer, by central differences.</summary>
    public double[,] WeightGradient(int layer, Loss loss, Batch batch)
    {
        var weights = _weights[layer];
        var gradient = new double[weights.GetLength(0), weights.GetLength(1)];
        for (var i = 0; i < gradient.GetLength(0); i++)
        {
            for (var j = 0; j < gradient.GetLength(1); j++)
            {
                gradient[i, j] = Difference(ref weights[i, j], loss, batch);
            }
        }

        return gradient;
    }

    /// <summary>The same for its biases, as a matrix of one row.</summary>
    public double[,] BiasGradient(int layer, Loss loss, Batch batch)
    {
        var gradient = new double[1, _biases[layer].Length];
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[0, i] = Difference(ref _biases[layer][i], loss, batch);
        }

        return gradient;
    }

    public static double[][] Rows(Matrix matrix)
        => [.. Enumerable.Range(0, matrix.Rows).Select(row => Enumerable.Range(0, matrix.Columns).Select(column => (double)matrix[row, column]).ToArray())];

    private double Difference(ref double place, Loss loss, Batch batch)
    {
        const double Step = 1e-6;
        var value = place;
        place = value + Step;
        var above = MeanLoss(loss, batch);
        place = value - Step;
        var below = MeanLoss(loss, batch);
        place = value;
        return (above - below) / (2 * Step);
    }

    private static double[,] ToDoubles(Matrix matrix)
    {
        var doubles = new double[matrix.Rows, matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
            {
                doubles[row, column] = matrix[row, column];
            }
        }

        return doubles;
    }
}
