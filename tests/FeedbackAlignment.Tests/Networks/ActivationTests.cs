using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Networks;

public sealed class ActivationTests
{
    public static TheoryData<string> All()
        => [.. Activation.Standard.Entries.Select(activation => activation.Id), "leaky-relu 0.1", "leaky-relu 2"];

    [Theory]
    [MemberData(nameof(All))]
    public void OutputAndDerivativeAreThoseOfTheFormula(string id)
    {
        var z = Some.Matrix(7, 19, 1);
        Some.ForEach(z, (row, column) => z[row, column] *= 1 << (row % 3));
        var output = z.Copy();
        Activation.FromId(id).Apply(output);
        var error = Some.Matrix(7, 19, 2);
        var local = error.Copy();
        Activation.FromId(id).MultiplyByDerivative(local, z, output);
        for (var row = 0; row < 7; row++)
        {
            for (var column = 0; column < 19; column++)
            {
                double x = z[row, column];
                Assert.Equal(ReferenceNetwork.Apply(id, x), output[row, column], 1e-6 * (1 + Math.Abs(x)));
                var slope = (ReferenceNetwork.Apply(id, x + 1e-6) - ReferenceNetwork.Apply(id, x - 1e-6)) / 2e-6;
                Assert.Equal(error[row, column] * slope, local[row, column], 1e-5);
            }
        }
    }

    [Fact]
    public void TheRectifierHasNoSlopeAtZero()
    {
        var error = Some.Matrix(1, 1, 1);
        Activation.Relu.MultiplyByDerivative(error, default, new Matrix(1, 1));
        Assert.Equal(0, error[0, 0]);
    }

    [Fact]
    public void AnUnknownIdIsRefusedWithThoseThereAre()
        => Assert.Contains("linear, logistic, tanh, relu, leaky-relu, softplus, silu, gelu",
            Assert.Throws<ArgumentException>(() => Activation.FromId("sigmoid")).Message, StringComparison.Ordinal);

    [Fact]
    public void TheLeakyRectifierHasItsSlopeAtZeroAndNoOther()
    {
        var error = Matrix.FromRow([2f]);
        Activation.LeakyReluOf(0.25f).MultiplyByDerivative(error, default, new Matrix(1, 1));
        Assert.Equal(0.5f, error[0, 0]);
    }

    [Fact]
    public void ASlopeIsPartOfTheIdAndTheUsualOneIsNot()
    {
        Assert.Equal(Activation.LeakyReluOf(0.1f), Activation.FromId("leaky-relu 0.1"));
        Assert.Equal("leaky-relu 0.1", Activation.FromId("leaky-relu 1e-1").Id);
        Assert.Same(Activation.LeakyRelu, Activation.FromId("leaky-relu 0.01"));
        Assert.NotEqual(Activation.LeakyRelu, Activation.LeakyReluOf(0.02f));
        foreach (var id in (string[])["leaky-relu 0", "leaky-relu -1", "leaky-relu x", "leaky-relu 1e60", "leaky-relu 0.1 0.2", "relu 0.1"])
        {
            Assert.Throws<ArgumentException>(() => Activation.FromId(id));
        }

        foreach (var slope in (float[])[0, -0.1f, float.NaN, float.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Activation.LeakyReluOf(slope));
        }
    }

    /// <summary>The outputs of GELU and SiLU do not tell their inputs: a derivative taken from them would be a wrong number.</summary>
    [Fact]
    public void ADerivativeThatNeedsPreActivationsRefusesToDoWithout()
    {
        foreach (var activation in (Activation[])[Activation.Silu, Activation.Gelu])
        {
            Assert.True(activation.DerivativeNeedsInput);
            var (error, output) = (Some.Matrix(2, 3, 1), Some.Matrix(2, 3, 2));
            Assert.Equal($"{activation} takes its derivative from the pre-activations, and they were not kept (Parameter 'input')",
                Assert.Throws<ArgumentException>(() => activation.MultiplyByDerivative(error, default, output)).Message);
            Some.AssertSameBits(Some.Matrix(2, 3, 1), error);
        }
    }

    /// <summary>A layer that keeps its pre-activations gives the bits of one whose product applies the function itself.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void AnActivityGivesTheBitsOfTheLayer(string id)
    {
        using var compute = new Compute(3);
        var layer = Some.Network("70-90", 3, output: Activation.FromId(id), compute: compute).Layers[0];
        var (activity, expected) = (new LayerActivity(layer, 9), new Matrix(9, 90));
        foreach (var examples in (int[])[9, 1, 5])
        {
            var input = Some.Matrix(examples, 70, (ulong)examples);
            layer.Forward(input, expected.Top(examples));
            Some.AssertSameBits(expected.Top(examples), activity.Forward(input));
        }
    }
}
