using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>
/// Noise ξ on the outputs of all hidden stages that learn, in a pass of its own: the error of a unit is (L(h + ξ) − L(h)) ξ ∕ σ², example
/// by example. Below a stage that mixes examples L is the sum over them.
/// </summary>
internal sealed class NodePerturbation(Net net, RandomStream random, double deviation) : PlainRule(net)
{
    private double[]?[,] _noise = new double[0, 0][];
    private double[] _disturbed = [];

    protected override void BeforeThePass(double[,] inputs, double[,] targets)
    {
        Net.Forward(inputs);
        _noise = new double[inputs.Rows(), Net.Hidden][];
        for (var example = 0; example < inputs.Rows(); example++)
        {
            for (var stage = 0; stage < Net.Hidden; stage++)
            {
                if (Net.Stages[stage].Weights.Count > 0)
                {
                    var units = Enumerable.Range(0, Net.Signals[stage + 1].Columns());
                    var drawn = units.Select(_ => deviation * random.NextNormal()).ToArray();
                    _noise[example, stage] = [.. units.Select(unit => drawn[Net.Units?[stage][unit] ?? unit])];
                }
            }
        }

        var signal = inputs;
        for (var stage = 0; stage < Net.Hidden; stage++)
        {
            var given = Net.Stages[stage].Forward(signal);
            signal = Table.Make(
                given.Rows(), given.Columns(), (example, unit) => given[example, unit] + (_noise[example, stage]?[unit] ?? 0));
        }

        _disturbed = PlainLoss.OfEach(Net.Loss, Net.Activation(Net.Hidden).Forward(Net.Stages[^1].Forward(signal)), targets);
    }

    protected override void Learn(double[,] outputError, double[,] targets)
    {
        double[] change = [.. _disturbed.Zip(Net.Losses(targets), (disturbed, loss) => disturbed - loss)];
        Net.Backward(outputError, site: (site, below) =>
        {
            var isMixed = Net.Stages.Skip(site + 1).Any(stage => stage.MixesExamples);
            return Net.Stages[site].Weights.Count == 0 ? below : Table.Make(below.Rows(), below.Columns(), (example, unit)
                => (isMixed ? change.Sum() : change[example]) * _noise[example, site]![unit] / (deviation * deviation));
        });
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
        _noise = hidden.ToDictionary(weight => weight, Drawn);
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
    private double[,] Drawn(Weight weight)
    {
        var (rows, columns) = (weight.Values.Rows(), weight.Values.Columns());
        var drawn = Table.Make(columns, rows, (_, _) => deviation * random.NextNormal());
        return Table.Make(rows, columns, (row, column) => drawn[weight.Places?[column] ?? column, row]);
    }
}
