using FeedbackAlignment.Experiments.Theory;
using MathNet.Numerics.LinearAlgebra;

namespace FeedbackAlignment.Experiments.Tests.Theory;

public sealed class VectorAngleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1e-12)]
    [InlineData(1e-6)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(Math.PI)]
    public void EveryAngleIsResolved(double radians)
    {
        var turned = Vector<double>.Build.Dense([5 * Math.Cos(radians), 5 * Math.Sin(radians)]);
        Assert.Equal(radians, VectorAngle.Radians(turned, Vector<double>.Build.Dense([0.1, 0])), 1e-15 + 1e-9 * radians);
    }
}
