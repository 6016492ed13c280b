using FeedbackAlignment.Experiments.Reproduction;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Tests.Reproduction;

/// <summary>The instrument behind Fig. S1 on fields whose smoothness is known.</summary>
public sealed class ReceptiveFieldsTests
{
    [Fact]
    public void NoiseIsNotSmooth() => Assert.Equal(0, ReceptiveFields.Smoothness(Fields((random, _, _) => random.NextNormal(), units: 50)), 0.02);

    [Fact]
    public void ARampIsAsSmoothAsCanBe() => Assert.InRange(ReceptiveFields.Smoothness(Fields((_, x, y) => x + 2 * y)), 0.99, 1);

    [Fact]
    public void ACheckerboardIsTheOpposite() => Assert.Equal(-1, ReceptiveFields.Smoothness(Fields((_, x, y) => (x + y) % 2)), 1e-9);

    [Fact]
    public void GrayIsZeroWhiteTheGreatestAndBlackItsNegative()
    {
        var weights = new Matrix(1, 784);
        (weights[0, 0], weights[0, 1], weights[0, 2]) = (3, -3, 1.5f);
        var picture = ReceptiveFields.Draw(weights);

        // One line of frame around each field.
        var first = picture.Width + 1;
        Assert.Equal([255, 0, 191, 128], picture.Pixels[first..(first + 4)]);
    }

    private static Matrix Fields(Func<RandomStream, int, int, double> value, int units = 3)
    {
        var random = new RandomStreams(1).Stream("fields");
        var weights = new Matrix(units, 784);
        for (var unit = 0; unit < units; unit++)
        {
            for (var pixel = 0; pixel < 784; pixel++)
            {
                weights[unit, pixel] = (float)value(random, pixel % 28, pixel / 28);
            }
        }

        return weights;
    }
}
