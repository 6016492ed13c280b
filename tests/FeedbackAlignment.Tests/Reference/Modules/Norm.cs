namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>
/// y = γ (x − mean) ∕ √(variance + ε) + β over sets of numbers: those of an example (layer norm), of some of its channels (group norm), of
/// a channel in all examples (batch norm). γ and β are one number for each channel; channels lie one after another along a row.
/// </summary>
/// <param name="scale">γ.</param>
/// <param name="shift">β.</param>
/// <param name="epsilon">ε.</param>
/// <param name="setOf">The number of the set, from 0, of an example's channel.</param>
/// <param name="running">Mean and variance to use instead of a set's own, which errors do not go through; null: its own.</param>
/// <param name="touch">What is done to each number that it gives, as if it were rounded; null: nothing.</param>
internal sealed class Norm(
    Weight scale, Weight shift, double epsilon, Func<int, int, int> setOf, (double[] Mean, double[] Variance)? running = null,
    Func<double, double>? touch = null) : PlainModule
{
    private double[,] _normalized = new double[0, 0];
    private double[] _deviations = [];

    public override IReadOnlyList<Weight> Weights => [scale, shift];

    public override bool MixesExamples => setOf(0, 0) == setOf(1, 0);

    /// <summary>Of each set in the latest pass: its mean, and the mean square around that.</summary>
    public (double[] Mean, double[] Variance) Statistics { get; private set; }

    public override double[,] Forward(double[,] input)
    {
        var means = MeansOfSets(input);
        var squares = MeansOfSets(Map(input, (x, set, _) => (x - means[set]) * (x - means[set])));
        Statistics = (means, squares);
        var (mean, variance) = running ?? Statistics;
        _deviations = [.. variance.Select(square => Math.Sqrt(square + epsilon))];
        _normalized = Map(input, (x, set, _) => (x - mean[set]) / _deviations[set]);
        return Map(_normalized, (x, _, channel) => scale.Values[0, channel] * x + shift.Values[0, channel]).Touched(touch);
    }

    public override double[,] Backward(double[,] error, Through through)
    {
        scale.Learn(SumsOfChannels(error.Zip(_normalized, (e, x) => e * x)));
        shift.Learn(SumsOfChannels(error));
        var slope = Map(error, (e, _, channel) => e * scale.Values[0, channel]);
        if (running is not null)
        {
            return Map(slope, (e, set, _) => e / _deviations[set]);
        }

        // What a set's mean and variance take away: the error's own mean, and its part along the normalized numbers.
        var (mean, along) = (MeansOfSets(slope), MeansOfSets(slope.Zip(_normalized, (e, x) => e * x)));
        var rest = Map(slope, (e, set, _) => e - mean[set]).Minus(Map(_normalized, (x, set, _) => x * along[set]));
        return Map(rest, (e, set, _) => e / _deviations[set]);
    }

    private int Channel(double[,] table, int column) => column / (table.Columns() / scale.Values.Columns());

    private double[,] Map(double[,] table, Func<double, int, int, double> map) => Table.Make(table.Rows(), table.Columns(), (row, column)
        => map(table[row, column], setOf(row, Channel(table, column)), Channel(table, column)));

    private double[] MeansOfSets(double[,] table)
    {
        var members = new List<(int Set, double Value)>();
        Map(table, (x, set, _) =>
        {
            members.Add((set, x));
            return x;
        });
        return [.. members.GroupBy(member => member.Set).OrderBy(set => set.Key).Select(set => set.Average(member => member.Value))];
    }

    /// <summary>Over positions a sum, over examples the mean.</summary>
    private double[,] SumsOfChannels(double[,] table)
    {
        var means = table.MeanOfRows().Row(0).Index().ToLookup(mean => Channel(table, mean.Index), mean => mean.Item);
        return Table.Make(1, scale.Values.Columns(), (_, channel) => means[channel].Sum());
    }
}
