using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class RandomStreamTests
{
    /// <summary>The known answers published with Random123 (kat_vectors, philox4x32 10 rounds).</summary>
    [Theory]
    [InlineData(0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    public void PhiloxGivesThePublishedAnswers(uint counterWord, uint keyWord, uint a, uint b, uint c, uint d)
        => Assert.Equal((a, b, c, d), Philox.Block((counterWord, counterWord, counterWord, counterWord), (keyWord, keyWord)));

    [Fact]
    public void PhiloxGivesThePublishedAnswerForTheDigitsOfPi()
        => Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block((0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u), (0xa4093822u, 0x299f31d0u)));

    [Fact]
    public void StreamsOfOneSeedAreIndependentOfEachOthersUse()
    {
        var streams = new RandomStreams(7);
        var first = streams.Stream("weights").NextUInt32();
        var order = streams.Stream("order");
        for (var i = 0; i < 100; i++)
        {
            order.NextUInt32();
        }

        Assert.Equal(first, streams.Stream("weights").NextUInt32());
        Assert.NotEqual(first, streams.Stream("order").NextUInt32());
        Assert.NotEqual(first, new RandomStreams(8).Stream("weights").NextUInt32());
        Assert.NotEqual(first, streams.Child("part").Stream("weights").NextUInt32());
    }

    [Fact]
    public void AnyPlaceOfAStreamCanBeReached()
    {
        var stream = new RandomStreams(1).Stream("x");
        var words = Enumerable.Range(0, 50).Select(_ => stream.NextUInt32()).ToArray();
        foreach (var place in (int[])[0, 3, 4, 17, 49])
        {
            stream.Position = (ulong)place;
            Assert.Equal(words[place], stream.NextUInt32());
        }
    }

    [Fact]
    public void UniformNumbersHaveTheirMeanAndVariance()
    {
        var stream = new RandomStreams(1).Stream("x");
        const int Count = 200_000;
        double sum = 0, squares = 0;
        for (var i = 0; i < Count; i++)
        {
            var x = stream.NextDouble();
            Assert.InRange(x, 0, 1 - 1e-17);
            sum += x;
            squares += x * x;
        }

        // Five standard errors.
        Assert.Equal(0.5, sum / Count, 5 * Math.Sqrt(1 / 12.0 / Count));
        Assert.Equal(1 / 3.0, squares / Count, 5 * Math.Sqrt(4 / 45.0 / Count));
    }

    [Fact]
    public void NormalDeviatesHaveTheirFirstFourMoments()
    {
        var stream = new RandomStreams(1).Stream("x");
        const int Count = 200_000;
        var moments = new double[4];
        for (var i = 0; i < Count; i++)
        {
            var x = stream.NextNormal();
            for (var (k, power) = (0, x); k < 4; k++, power *= x)
            {
                moments[k] += power / Count;
            }
        }

        double[] expected = [0, 1, 0, 3], variances = [1, 2, 15, 96];
        for (var k = 0; k < 4; k++)
        {
            Assert.Equal(expected[k], moments[k], 5 * Math.Sqrt(variances[k] / Count));
        }
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(1e-20, -9.262340089798408)]
    public void TheNormalQuantileAgreesWithTables(double probability, double expected)
        => Assert.Equal(expected, NormalQuantile.Of(probability), 1e-13);

    [Fact]
    public void TheLogarithmAgreesWithTheFrameworks()
    {
        var stream = new RandomStreams(1).Stream("x");
        for (var i = 0; i < 10_000; i++)
        {
            var x = Math.ScaleB(stream.NextDouble() + 1e-9, stream.NextInt32(200) - 100);
            var expected = Math.Log(x);
            Assert.InRange(Math.Abs(Logarithm.Of(x) - expected), 0, 4e-16 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void IntegersCoverTheirRangeEvenly()
    {
        var stream = new RandomStreams(3).Stream("x");
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[stream.NextInt32(7)]++;
        }

        // Chi-squared with 6 degrees of freedom; 27.9 is its 99.99 % point.
        Assert.InRange(counts.Sum(count => (count - 10_000.0) * (count - 10_000.0) / 10_000), 0, 27.9);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt32(0));
    }

    [Fact]
    public void AShuffleKeepsEveryItemAndReachesEveryOrder()
    {
        var stream = new RandomStreams(5).Stream("x");
        var orders = new HashSet<string>();
        for (var i = 0; i < 300; i++)
        {
            int[] items = [0, 1, 2, 3];
            stream.Shuffle(items);
            Assert.Equal([0, 1, 2, 3], items.Order());
            orders.Add(string.Join(',', items));
        }

        Assert.Equal(24, orders.Count);
    }
}
