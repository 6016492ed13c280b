using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>
/// Noise ξ on all hidden outputs in a pass of its own: the error of a unit is (L(h + ξ) − L(h)) ξ ∕ σ², example by example.
/// </summary>
internal sealed class NodePerturbation(Net net, RandomStream random, double deviation) : PlainRule(net)
{
    private double[][,] _noise = [];
    private double[] _disturbed = [];

    protected override void BeforeThePass(double[,] inputs, double[,] targets)
    {
        _noise = [.. Enumerable.Range(0, Net.Hidden).Select(site => new double[inputs.Rows(), Net.Matrix(site).Values.Rows()])];
        for (var example = 0; example < inputs.Rows(); example++)
        {
            foreach (var noise in _noise)
            {
                for (var unit = 0; unit < noise.Columns(); unit++)
                {
                    noise[example, unit] = deviation * random.NextNormal();
                }
            }
        }

        var signal = inputs;
        for (var stage = 0; stage < Net.Hidden; stage++)
        {
            signal = Net.Stages[stage].Forward(signal).Plus(_noise[stage]);
        }

        _disturbed = PlainLoss.OfEach(Net.Loss, Net.Activation(Net.Hidden).Forward(Net.Stages[^1].Forward(signal)), targets);
    }

    protected override void Learn(double[,] outputError, double[,] targets)
    {
        var losses = Net.Losses(targets);
        Net.Backward(outputError, site: (site, _) => Table.Make(outputError.Rows(), _noise[site].Columns(), (example, unit)
            => (_disturbed[example] - losses[example]) * _noise[site][example, unit] / (deviation * deviation)));
    }
}

/// <summary>
/// Noise ξ on all hidden weights and biases in a pass of its own: their gradient is (L(W + ξ) − L(W)) ξ ∕ σ², once a batch.
/// </summary>
internal sealed class WeightPerturbation(Net net, RandomStream random, double deviation) : PlainRule(net)
{
    private Dictionary<Weight, double[,]> _noise = [];
    private double _disturbed;

    protected override void BeforeThePass(double[,] inputs, double[,] targets)
    {
        var hidden = Net.Stages.SkipLast(1).SelectMany(stage => stage.Weights).ToArray();
        var values = hidden.Select(weight => weight.Values).ToArray();
        _noise = hidden.ToDictionary(weight => weight, weight => Drawn(weight.Values.Rows(), weight.Values.Columns()));
        foreach (var weight in hidden)
        {
            weight.Values = weight.Values.Plus(_noise[weight]);
        }

        Net.Forward(inputs);
        _disturbed = Net.Losses(targets).Average();
        foreach (var (weight, value) in hidden.Zip(values))
        {
            weight.Values = value;
        }
    }

    protected override void Learn(double[,] outputError, double[,] targets)
    {
        base.Learn(outputError, targets);
        var worse = _disturbed - Net.Losses(targets).Average();
        foreach (var (weight, noise) in _noise)
        {
            weight.Learn(noise.Scaled(worse / (deviation * deviation)));
        }
    }

    /// <summary>The library draws as its matrices lie in memory, and weights lie by columns.</summary>
    private double[,] Drawn(int rows, int columns) => Table.Make(columns, rows, (_, _) => deviation * random.NextNormal()).Transposed();
}
