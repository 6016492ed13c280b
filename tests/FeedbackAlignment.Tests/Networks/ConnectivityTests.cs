using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Networks;

public sealed class ConnectivityTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void ARandomShareOfTheConnectionsIsThere(double share)
    {
        var mask = Lay(Connectivity.Random(share), 100, 400);
        Assert.All(Cells(mask), connection => Assert.True(connection is 0 or 1));
        Assert.Equal(share, Cells(mask).Average(), 0.01);
        Assert.All(Enumerable.Range(0, 100), unit => Assert.InRange(mask.Row(unit).ToArray().Average(), share - 0.12, share + 0.12));
        Assert.All(Enumerable.Range(0, 400), input => Assert.InRange(Enumerable.Range(0, 100).Average(unit => mask[unit, input]), share - 0.25, share + 0.25));
    }

    [Fact]
    public void ALargerShareKeepsWhatASmallerOneDoes()
    {
        var (few, many) = (Lay(Connectivity.Random(0.3), 20, 30), Lay(Connectivity.Random(0.6), 20, 30));
        Assert.All(Cells(few).Zip(Cells(many)), pair => Assert.True(pair.First <= pair.Second));
    }

    [Fact]
    public void AShareOfOneIsEveryConnection() => Assert.All(Cells(Lay(Connectivity.Random(1), 20, 30)), connection => Assert.Equal(1, connection));

    [Theory]
    [InlineData(1, 5, 2, "10 01 10 01 10")]
    [InlineData(2, 4, 3, "110 101 011 110")]
    [InlineData(3, 2, 3, "111 111")]
    [InlineData(2, 3, 4, "1100 0011 1100")]
    public void UnitsTakeTheInputsInTurn(int inputsPerUnit, int units, int inputs, string expected)
    {
        var mask = Lay(Connectivity.InputsPerUnit(inputsPerUnit), units, inputs);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, units).Select(unit => string.Concat(mask.Row(unit).ToArray()))));
    }

    [Fact]
    public void NumbersOutOfRangeAreRefused()
    {
        foreach (var share in (double[])[0, -0.5, 1.01, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Connectivity.Random(share));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Connectivity.InputsPerUnit(0));
        var many = Assert.Throws<ArgumentException>(() => Lay(Connectivity.InputsPerUnit(4), 2, 3));
        Assert.Contains("4 inputs per unit are more than the 3", many.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItSaysWhatItIs()
    {
        Assert.Equal("a random 0.5 of the connections", $"{Connectivity.Random(0.5)}");
        Assert.Equal("2 inputs per unit, in turn", $"{Connectivity.InputsPerUnit(2)}");
    }

    private static Matrix Lay(Connectivity connectivity, int outputs, int inputs) => connectivity.Lay(outputs, inputs, new RandomStreams(3).Stream("test"));

    private static IEnumerable<float> Cells(Matrix matrix) => Enumerable.Range(0, matrix.Rows).SelectMany(row => matrix.Row(row).ToArray());
}
