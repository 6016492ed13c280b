namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>z = W x + b.</summary>
internal sealed class Dense(Weight weights, Weight? biases, Func<double, double>? touch = null) : PlainModule
{
    private double[,] _input = new double[0, 0];

    public override IReadOnlyList<Weight> Weights => biases is null ? [weights] : [weights, biases];

    public override double[,] Forward(double[,] input)
    {
        _input = input;
        var sums = input.Times(weights.Values.Transposed());
        return Table.Make(sums.Rows(), sums.Columns(), (row, unit) => sums[row, unit] + (biases?.Values[0, unit] ?? 0)).Touched(touch);
    }

    public override double[,] Backward(double[,] error, Through through)
    {
        weights.Learn(error.Transposed().Times(_input).Scaled(1.0 / error.Rows()));
        biases?.Learn(error.MeanOfRows());
        return error.Times(through(weights));
    }
}
