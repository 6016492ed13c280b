using FeedbackAlignment.Numerics;
using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>
/// Targets ĥ instead of errors: ĥ = h − η̂ e for the last hidden stage, ĥₗ = hₗ + g(ĥₗ₊₁) − g(hₗ₊₁) below, and every stage learns ½‖h −
/// ĥ‖². The inverses g learn w ½‖g(f(x)) − x‖², x = h + ε.
/// </summary>
internal sealed class TargetPropagation : PlainRule
{
    private readonly DenseStage[] _inverses;
    private readonly RandomStream _random;
    private readonly (double Step, double Deviation, double InverseWeight) _numbers;

    /// <summary>h − ĥ of the latest stage on the way down.</summary>
    private double[,] _missing = new double[0, 0];

    /// <param name="net">The network.</param>
    /// <param name="feedback">The transpose of each inverse's matrix, to begin with.</param>
    /// <param name="random">The noise ε.</param>
    /// <param name="numbers">η̂, the standard deviation of ε, and w.</param>
    public TargetPropagation(
        Net net, IEnumerable<double[,]> feedback, RandomStream random, (double Step, double Deviation, double InverseWeight) numbers)
        : base(net)
    {
        (_random, _numbers) = (random, numbers);
        _inverses = [.. feedback.Select((matrix, i) => InverseOf(i + 1, matrix.Transposed()))];
    }

    public override IReadOnlyList<Weight> Weights => [.. _inverses.SelectMany(inverse => inverse.Weights)];

    protected override void Learn(double[,] outputError, double[,] targets)
    {
        var outputs = Net.Signals.ToArray();
        Net.Backward(outputError, site: (site, below) =>
        {
            // From above comes what the output's error is here, and below that h − ĥ of the stage above, which only its inverse uses.
            _missing = site == Net.Hidden - 1
                ? below.Scaled(_numbers.Step)
                : _inverses[site].Forward(outputs[site + 2]).Minus(_inverses[site].Forward(outputs[site + 2].Minus(_missing)));
            return _missing;
        });
        double[][,] noise = [.. _inverses.Select((_, i) => new double[outputError.Rows(), outputs[i + 1].Columns()])];
        for (var example = 0; example < outputError.Rows(); example++)
        {
            foreach (var table in noise)
            {
                for (var unit = 0; unit < table.Columns(); unit++)
                {
                    table[example, unit] = _numbers.Deviation * _random.NextNormal();
                }
            }
        }

        foreach (var (i, inverse) in _inverses.Index())
        {
            var corrupted = outputs[i + 1].Plus(noise[i]);
            var restored = inverse.Forward(Net.Stages[i + 1].Forward(corrupted));
            inverse.Backward(restored.Minus(corrupted).Scaled(_numbers.InverseWeight), weight => weight.Values);
        }
    }

    private DenseStage InverseOf(int stage, double[,] values)
    {
        var name = Net.Matrix(stage).Name.Replace(".weights", ".inverse", StringComparison.Ordinal);
        var hasBiases = Net.Stages[stage].Weights.Count > 1;
        var biases = hasBiases ? new Weight($"{name}.biases", decays: false, new double[1, values.Rows()]) : null;
        return new(new Dense(new Weight($"{name}.weights", decays: true, values), biases), new(Net.Activation(stage - 1).Id));
    }
}
