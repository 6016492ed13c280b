using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;

namespace FeedbackAlignment.Tests.Probes;

public sealed class AngleTests
{
    [Theory]
    [InlineData(1, 0, 1, 0, 0)]
    [InlineData(1, 0, 0, 2, 90)]
    [InlineData(1, 0, -3, 0, 180)]
    [InlineData(1, 1, 0, 5, 45)]
    [InlineData(1, 0, -1, 1, 135)]
    public void AnglesComeFromTheSignedCosine(float a, float b, float c, float d, double degrees)
        => Assert.Equal(degrees, Angle.Degrees([a, b], [c, d])!.Value, 1e-12);

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(1f, 0f)]
    [InlineData(0f, 0f)]
    [InlineData(float.NaN, 1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    public void AnAngleWithAVectorThatIsZeroOrNotFiniteIsUndefined(float a, float b)
    {
        Assert.Null(Angle.Degrees([a, 0], [b, 0]));
        Assert.Null(Angle.Degrees(Matrix.From(new[,] { { a } }), Matrix.From(new[,] { { b } })));
    }

    /// <summary>A cosine a little above 1 by rounding has no arccosine.</summary>
    [Fact]
    public void ParallelVectorsNeverGiveNotANumber()
    {
        for (var seed = 0ul; seed < 200; seed++)
        {
            var vector = Some.Matrix(1, 1 + (int)seed, seed).Row(0).ToArray();
            Assert.Equal(0, Angle.Degrees(vector, vector));
            var longer = vector.Select(x => 3.7f * x).ToArray();
            var opposite = vector.Select(x => -1.3f * x).ToArray();
            Assert.InRange(Angle.Degrees(vector, longer)!.Value, 0, 1e-5);
            Assert.InRange(Angle.Degrees(vector, opposite)!.Value, 180 - 1e-5, 180);
        }
    }

    [Theory]
    [InlineData(1e-38f)]
    [InlineData(1e-30f)]
    [InlineData(1e38f)]
    public void TheScaleOfTheVectorsDoesNotMatter(float scale)
    {
        Assert.Equal(45, Angle.Degrees([scale, scale], [0, scale])!.Value, 1e-6);
        Assert.Equal(45, Angle.Degrees([scale, scale], [0, 1])!.Value, 1e-6);
    }

    [Fact]
    public void TheOrderInMemoryDoesNotMatter()
    {
        var (a, b) = (Some.Matrix(4, 7, 1), Some.Matrix(4, 7, 2));
        var turned = new Matrix(4, 7, MatrixOrder.ColumnMajor);
        turned.CopyFrom(b);
        Assert.Equal(Angle.Degrees(a, b)!.Value, Angle.Degrees(a, turned)!.Value, 1e-10);
        Assert.Throws<ArgumentException>(() => Angle.Degrees(a, b.Transposed));
    }

    /// <summary>[1] and [1, 2] once had an angle of 63.4°.</summary>
    [Fact]
    public void VectorsOfDifferentLengthsHaveNoAngle()
        => Assert.StartsWith(
            "one vector has 1 numbers, the other 2", Assert.Throws<ArgumentException>(() => Angle.Degrees([1], [1, 2])).Message, StringComparison.Ordinal);

    [Fact]
    public void ANormRatioOverZeroIsUndefinedAndOfZeroIsZero()
    {
        var (zero, one) = (new Matrix(1, 2), Matrix.From(new[,] { { 3f, 4f } }));
        Assert.Null(Angle.NormRatio(one, zero));
        Assert.Null(Angle.NormRatio(zero, zero));
        Assert.Equal(0, Angle.NormRatio(zero, one));
        Assert.Equal(5, Angle.NormRatio(one, Matrix.From(new[,] { { 0f, 1f } })));
    }
}
