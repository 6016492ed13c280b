using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Tests.Networks;

public sealed class ActivationTests
{
    public static TheoryData<string> All() => [.. Activation.All.Select(activation => activation.Id)];

    [Theory]
    [MemberData(nameof(All))]
    public void OutputAndDerivativeAreThoseOfTheFormula(string id)
    {
        var z = Some.Matrix(7, 19, 1);
        var output = z.Copy();
        Activation.FromId(id).Apply(output);
        var error = Some.Matrix(7, 19, 2);
        var local = error.Copy();
        Activation.FromId(id).MultiplyByDerivative(local, output);
        for (var row = 0; row < 7; row++)
        {
            for (var column = 0; column < 19; column++)
            {
                double x = z[row, column];
                Assert.Equal(ReferenceNetwork.Apply(id, x), output[row, column], 1e-6);
                var slope = (ReferenceNetwork.Apply(id, x + 1e-6) - ReferenceNetwork.Apply(id, x - 1e-6)) / 2e-6;
                Assert.Equal(error[row, column] * slope, local[row, column], 1e-5);
            }
        }
    }

    [Fact]
    public void TheRectifierHasNoSlopeAtZero()
    {
        var error = Some.Matrix(1, 1, 1);
        Activation.Relu.MultiplyByDerivative(error, new FeedbackAlignment.Numerics.Matrix(1, 1));
        Assert.Equal(0, error[0, 0]);
    }

    [Fact]
    public void AnUnknownIdIsRefusedWithThoseThereAre()
        => Assert.Contains("linear, logistic, tanh, relu", Assert.Throws<ArgumentException>(() => Activation.FromId("sigmoid")).Message,
            StringComparison.Ordinal);
}
