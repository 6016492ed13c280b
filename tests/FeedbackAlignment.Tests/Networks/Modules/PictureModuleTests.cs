using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Networks.Modules;

/// <summary>Modules of pictures on numbers that are computed by hand, and the limits in which they are nothing or another.</summary>
public sealed class PictureModuleTests
{
    private static readonly Compute _compute = new();

    /// <summary>Of two equal numbers the first, in row order, gets the error; padding of a picture below 0 never wins.</summary>
    [Fact]
    public void TheFirstOfTheGreatestGetsTheError()
    {
        var pool = new MaxPool("pool", new(2, 3, 1), new() { Size = Extent.Square(2), Stride = Extent.Square(1) });
        var (run, below) = Both(pool, [1, 5, 5, 5, 2, 5], [10, 100]);
        Assert.Equal([5, 5], run);
        Assert.Equal([0, 110, 0, 0, 0, 0], below);
        (run, below) = Both(
            new MaxPool("pool", new(2, 2, 1), new() { Size = new(2, 3), Stride = Extent.Square(2), Padding = Extent.Square(1) }),
            [-4, -3, -2, -1], [1, 10]);
        Assert.Equal([-3, -1], run);
        Assert.Equal([0, 1, 0, 10], below);
    }

    /// <summary>The same in each of channels that fill vectors and are left over.</summary>
    [Fact]
    public void TheFirstOfTheGreatestGetsTheErrorInEveryChannel()
    {
        const int Channels = 37;
        var pool = new MaxPool("pool", new(1, 3, Channels), new() { Size = new(1, 3) });
        var picture = Enumerable.Repeat(1f, Channels).Concat(Enumerable.Repeat(2f, 2 * Channels)).ToArray();
        var (_, below) = Both(pool, picture, [.. Enumerable.Repeat(1f, Channels)]);
        Assert.All(below.Index(), one => Assert.Equal(one.Index / Channels == 1 ? 1 : 0, one.Item));
    }

    /// <summary>Windows side by side, apart, over each other and over the edge; channels that fill vectors and are left over.</summary>
    [Theory]
    [InlineData(28, 28, 2, 2, 0)]
    [InlineData(7, 9, 2, 2, 0)]
    [InlineData(9, 8, 3, 2, 1)]
    [InlineData(8, 8, 3, 2, 1)]
    [InlineData(6, 7, 3, 1, 1)]
    [InlineData(9, 10, 2, 3, 0)]
    [InlineData(5, 4, 4, 3, 2)]
    public void MaxPoolingHasTheBitsOfPlainLoops(int height, int width, int size, int stride, int padding)
    {
        foreach (var channels in (int[])[1, 3, 6, 8, 16, 20, 33])
        {
            var pool = new MaxPool("pool", new(height, width, channels), new()
            {
                Size = Extent.Square(size),
                Stride = Extent.Square(stride),
                Padding = Extent.Square(padding),
            });

            // Numbers of few values, so that many are equal, some of them zeros of either sign; and some that are none.
            float[] picture = [.. Some.Matrix(1, pool.From.Size, 4).Row(0).ToArray().Select(x => MathF.Round(3 * x))];
            foreach (ref var value in picture.AsSpan())
            {
                value = value == 2 ? float.NaN : value;
            }

            float[] error = [.. Some.Matrix(1, pool.To.Size, 5).Row(0)];
            var (output, below) = (new float[pool.To.Size], new float[pool.From.Size]);
            for (var place = 0; place < output.Length; place++)
            {
                var (position, channel) = Math.DivRem(place, channels);
                var (row, column) = Math.DivRem(position, pool.To.Width);
                var best = -1;
                for (var y = Math.Max(0, row * stride - padding); y < Math.Min(height, row * stride - padding + size); y++)
                {
                    for (var x = Math.Max(0, column * stride - padding); x < Math.Min(width, column * stride - padding + size); x++)
                    {
                        var at = (y * width + x) * channels + channel;
                        best = best < 0 || picture[at] > picture[best] || float.IsNaN(picture[at]) ? at : best;
                    }
                }

                output[place] = picture[best];
                below[best] += error[place];
            }

            var (taken, given) = Both(pool, picture, error);
            Assert.Equal(output.Select(BitConverter.SingleToInt32Bits), taken.Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(below.Select(BitConverter.SingleToInt32Bits), given.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void WhatIsNotANumberStaysSo()
    {
        var channels = 9;
        var pool = new MaxPool("pool", new(1, 3, channels), new() { Size = new(1, 3) });
        for (var place = 0; place < 3; place++)
        {
            var picture = Enumerable.Range(0, 3 * channels).Select(value => (float)value).ToArray();
            (picture[place * channels], picture[place * channels + 8]) = (float.NaN, float.NaN);
            var (output, _) = Both(pool, picture, new float[channels]);
            Assert.Equal([0, 8], output.Index().Where(one => float.IsNaN(one.Item)).Select(one => one.Index));
        }
    }

    [Fact]
    public void AnAverageCountsPaddingAsZeros()
    {
        var pool = new AveragePool("pool", new(2, 2, 1), new() { Size = Extent.Square(2), Padding = Extent.Square(1) });
        var (output, below) = Both(pool, [4, 8, 12, 16], [4, 8, 12, 16]);
        Assert.Equal([1, 2, 3, 4], output);
        Assert.Equal([1, 2, 3, 4], below);
    }

    [Fact]
    public void AGlobalAverageIsTheMeanOfEachChannel()
    {
        var (output, below) = Both(new GlobalAveragePool("pool", new(2, 2, 2)), [1, 10, 2, 20, 3, 30, 6, 60], [4, 8]);
        Assert.Equal([3, 30], output);
        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2], below);
    }

    /// <summary>Of three new channels one stands before the old one and two after.</summary>
    [Fact]
    public void APaddedShortcutTakesEverySecondPositionAndAddsChannelsOnBothSides()
    {
        var (output, below) = Both(
            new PadShortcut("pad", new(3, 3, 1), channels: 4, stride: 2), [1, 2, 3, 4, 5, 6, 7, 8, 9],
            [.. Enumerable.Range(0, 16).Select(number => (float)number)]);
        Assert.Equal([0, 1, 0, 0, 0, 3, 0, 0, 0, 7, 0, 0, 0, 9, 0, 0], output);
        Assert.Equal([1, 0, 5, 0, 0, 0, 9, 0, 13], below);
    }

    [Fact]
    public void PlanesBecomePositionsAndBack()
    {
        var (output, below) = Both(
            new FromPlanes("planes", new(1, 3, 2)), [1, 2, 3, 10, 20, 30], [1, 10, 2, 20, 3, 30]);
        Assert.Equal([1, 10, 2, 20, 3, 30], output);
        Assert.Equal([1, 2, 3, 10, 20, 30], below);
        var run = Begin(new FromPlanes("planes", new(2, 2, 1)), 1);
        var picture = Matrix.From(new float[,] { { 1, 2, 3, 4 } });
        run.Forward(picture, PassMode.Learn);
        Assert.True(run.Output.IsSameMemoryAs(picture));
    }

    /// <summary>A window of one position is the identity; a window as large as the picture is the global average.</summary>
    [Fact]
    public void TheLimitsOfAPooling()
    {
        var from = new Shape(4, 2, 3);
        float[] picture = [.. Some.Matrix(1, from.Size, 4).Row(0)], error = [.. Some.Matrix(1, from.Size, 5).Row(0)];
        foreach (var pool in (Pool[])[new MaxPool("pool", from, new() { Size = Extent.Square(1) }),
            new AveragePool("pool", from, new() { Size = Extent.Square(1) })])
        {
            var (output, below) = Both(pool, picture, error);
            Assert.Equal(picture, output);
            Assert.Equal(error, below);
        }

        var (whole, global) = (
            Both(new AveragePool("pool", from, new() { Size = new(4, 2) }), picture, error[..3]),
            Both(new GlobalAveragePool("pool", from), picture, error[..3]));
        Assert.All(whole.Output.Zip(global.Output), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.All(whole.Below.Zip(global.Below), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        var plain = Both(new PadShortcut("pad", from, channels: 3, stride: 1), picture, error);
        Assert.Equal(picture, plain.Output);
        Assert.Equal(error, plain.Below);
    }

    /// <summary>Each channel is normalized over examples and positions; of one position they are the units of a dense network.</summary>
    [Fact]
    public void BatchNormNormalizesEachChannelOverExamplesAndPositions()
    {
        var shape = new Shape(3, 4, 11);
        var run = Begin(new BatchNorm("norm", shape), 5);
        run.Forward(Some.Matrix(5, shape.Size, 3), PassMode.Learn);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var numbers = Enumerable.Range(0, 60)
                .Select(place => (double)run.Output[place / 12, place % 12 * shape.Channels + channel]).ToArray();
            Assert.Equal(0, numbers.Average(), 1e-6);
            Assert.Equal(1, numbers.Average(x => x * x), 1e-3);
        }

        Assert.Equal(1, new BatchNorm("norm", shape).LeastBatch);
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedInOneLine()
    {
        var from = new Shape(4, 4, 2);
        Refused("a pooling of 2 × 4 × 4 has windows of 5x5 that do not fit into 4x4 positions with a padding of 0x0",
            () => new MaxPool("pool", from, new() { Size = Extent.Square(5) }));
        Refused("a pooling of 2 × 4 × 4 has a padding of 2x2, which is more than half of its windows of 3x3",
            () => new AveragePool("pool", from, new() { Size = Extent.Square(3), Padding = Extent.Square(2) }));
        Refused("a pooling of 2 × 4 × 4 needs a window and a stride of at least 1",
            () => new AveragePool("pool", from, new() { Size = Extent.Square(3), Stride = new(1, 0) }));
        Refused("pad has fewer channels than the 2 that go in", () => new PadShortcut("pad", from, 1, 1));
        Refused("flat: flatten 2 × 4 × 4-32 has 32 outputs, but norm: layer norm takes 16 inputs",
            () => new Sequence("n", [new Flatten("flat", from), new LayerNorm("norm", new(2, 4, 2))]));
        Refused("pad: pad-shortcut 2 × 4 × 4-2 × 4 × 4 makes pictures of 2 × 4 × 4, but norm: layer norm takes pictures of 8 × 2 × 2",
            () => new Sequence("n", [new PadShortcut("pad", from, 2, 1), new LayerNorm("norm", new(2, 2, 8))]));

        static void Refused(string line, Func<object> make)
        {
            var message = Assert.Throws<ArgumentException>(() => { make(); }).Message;
            Assert.StartsWith(line, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    private static (float[] Output, float[] Below) Both(Module module, float[] picture, float[] error)
    {
        // A second, other example in front, and threads, must change nothing.
        var (inputs, errors) = (new Matrix(2, picture.Length), new Matrix(2, error.Length));
        picture.CopyTo(inputs.Row(1));
        error.CopyTo(errors.Row(1));
        var run = Begin(module, 3);
        run.Forward(inputs, PassMode.Learn);
        var output = run.Output.Row(1).ToArray();
        return (output, run.Backward(errors, null!, isWanted: true).Row(1).ToArray());
    }

    private static ModuleRun Begin(Module module, int batch)
    {
        var network = new Network(
            new Sequence("n", [WeightedLayer.Dense("first", 1, module.From.Size, Activation.Linear, bias: false, _compute), module,
                WeightedLayer.Dense("output", module.To.Size, 1, Activation.Linear, bias: false, _compute)]),
            _compute);
        return module.Begin(new RunSetup(network.Index, batch, new RandomStreams(1)));
    }
}
