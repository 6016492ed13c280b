namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>
/// y[f, p] = b[f] + Σ w[f, c, k] x[c, p · stride − padding + k] over the channels of the filter's group and the places of the kernel. A row
/// of the weights is a filter: channel by channel, each of them a kernel, row by row.
/// </summary>
internal sealed class Convolution(
    Weight weights, Weight? biases, Picture from, Windows windows, int groups, Func<double, double>? touch = null) : PlainModule
{
    private readonly Picture _to = windows.Over(from, weights.Values.Rows());
    private double[,] _input = new double[0, 0];

    public override IReadOnlyList<Weight> Weights => biases is null ? [weights] : [weights, biases];

    public Picture To => _to;

    public override double[,] Forward(double[,] input)
    {
        _input = input;
        var output = new double[input.Rows(), _to.Size];
        foreach (var (place, (channel, _, _)) in _to.Places().Index())
        {
            for (var example = 0; example < input.Rows(); example++)
            {
                output[example, place] = biases?.Values[0, channel] ?? 0;
            }
        }

        ForEachTerm((place, filter, weight, source) =>
        {
            for (var example = 0; example < input.Rows(); example++)
            {
                output[example, place] += weights.Values[filter, weight] * input[example, source];
            }
        });
        return output.Touched(touch);
    }

    public override double[,] Backward(double[,] error, Through through)
    {
        var (numbers, gradient, below) = (through(weights), new double[weights.Values.Rows(), weights.Values.Columns()],
            new double[error.Rows(), from.Size]);
        ForEachTerm((place, filter, weight, source) =>
        {
            for (var example = 0; example < error.Rows(); example++)
            {
                gradient[filter, weight] += error[example, place] * _input[example, source] / error.Rows();
                below[example, source] += error[example, place] * numbers[filter, weight];
            }
        });
        weights.Learn(gradient);
        var means = error.MeanOfRows().Row(0).Index().ToLookup(mean => mean.Index / (_to.Height * _to.Width), mean => mean.Item);
        biases?.Learn(Table.Make(1, _to.Channels, (_, filter) => means[filter].Sum()));
        return below;
    }

    private void ForEachTerm(Action<int, int, int, int> term)
    {
        var channels = from.Channels / groups;
        foreach (var (place, at) in _to.Places().Index())
        {
            foreach (var (weight, inner) in new Picture(channels, windows.Kernel.Height, windows.Kernel.Width).Places().Index())
            {
                var (row, column) = windows.Under(at, inner.Row, inner.Column);
                if (from.At(at.Channel / (_to.Channels / groups) * channels + inner.Channel, row, column) is { } source)
                {
                    term(place, at.Channel, weight, source);
                }
            }
        }
    }
}
