namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>The greatest number of each window, or its mean; padding is never the greatest.</summary>
/// <param name="takesGreatest">Whether it is the greatest, and the first of these.</param>
/// <param name="from">The size of the pictures.</param>
/// <param name="windows">The windows.</param>
/// <param name="countsPadding">Whether a mean counts padding as zeros.</param>
internal sealed class Pool(bool takesGreatest, Picture from, Windows windows, bool countsPadding = true) : PlainModule
{
    private readonly Picture _to = windows.Over(from, from.Channels);
    private double[,] _input = new double[0, 0];

    public override double[,] Forward(double[,] input)
    {
        _input = input;
        return Table.Make(input.Rows(), _to.Size, (example, place) => Shares(example, place).Sum(one => one.Share * input[example, one.Source]));
    }

    public override double[,] Backward(double[,] error, Through through)
    {
        var below = new double[error.Rows(), from.Size];
        for (var example = 0; example < error.Rows(); example++)
        {
            for (var place = 0; place < _to.Size; place++)
            {
                foreach (var (source, share) in Shares(example, place))
                {
                    below[example, source] += share * error[example, place];
                }
            }
        }

        return below;
    }

    private IEnumerable<(int Source, double Share)> Shares(int example, int place)
    {
        var at = _to.Places().ElementAt(place);
        List<int> sources = [];
        for (var row = 0; row < windows.Kernel.Height; row++)
        {
            for (var column = 0; column < windows.Kernel.Width; column++)
            {
                var (y, x) = windows.Under(at, row, column);
                sources.AddRange(from.At(at.Channel, y, x) is { } source ? [source] : []);
            }
        }

        var count = countsPadding ? windows.Kernel.Height * windows.Kernel.Width : sources.Count;
        return takesGreatest ? [(sources.MaxBy(source => _input[example, source]), 1)] : sources.Select(source => (source, 1.0 / count));
    }
}

/// <summary>The mean of each channel.</summary>
internal sealed class GlobalPool(Picture from) : PlainModule
{
    public override double[,] Forward(double[,] input) => Table.Make(input.Rows(), from.Channels, (example, channel)
        => from.Places().Index().Where(place => place.Item.Channel == channel).Average(place => input[example, place.Index]));

    public override double[,] Backward(double[,] error, Through through) => Table.Make(error.Rows(), from.Size, (example, place)
        => error[example, place / (from.Height * from.Width)] / (from.Height * from.Width));
}

/// <summary>Every s-th position, with new channels of zeros: half before the old ones and half after, of an odd number one more after.</summary>
internal sealed class PaddedShortcut(Picture from, int channels, int stride) : PlainModule
{
    private readonly Picture _to = Windows.Square(1, stride, 0).Over(from, channels);

    public override double[,] Forward(double[,] input)
    {
        var output = new double[input.Rows(), _to.Size];
        ForEach((place, source) =>
        {
            for (var example = 0; example < input.Rows(); example++)
            {
                output[example, place] = input[example, source];
            }
        });
        return output;
    }

    public override double[,] Backward(double[,] error, Through through)
    {
        var below = new double[error.Rows(), from.Size];
        ForEach((place, source) =>
        {
            for (var example = 0; example < error.Rows(); example++)
            {
                below[example, source] = error[example, place];
            }
        });
        return below;
    }

    private void ForEach(Action<int, int> pair)
    {
        var before = (channels - from.Channels) / 2;
        foreach (var (place, (channel, row, column)) in _to.Places().Index())
        {
            if (channel >= before && channel < before + from.Channels
                && from.At(channel - before, row * stride, column * stride) is { } source)
            {
                pair(place, source);
            }
        }
    }
}
