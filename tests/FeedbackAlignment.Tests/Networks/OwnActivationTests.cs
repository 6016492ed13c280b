using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using YourOwnModule;

namespace FeedbackAlignment.Tests.Networks;

/// <summary>An activation of one's own is one as ours are, and what cannot be one is refused when it is made.</summary>
public sealed class OwnActivationTests
{
    [Fact]
    public void ItComputesWhatItsFunctionsSayAndHasItsValueAtRest()
    {
        var shifted = Activation.Create("shifted", "z² + 1.", z => (z * z) + 1, z => 2 * z, derivativeNeedsInput: true);
        Assert.Equal(("shifted", "z² + 1.", 1f), (shifted.Id, shifted.Summary, shifted.AtRest));
        var (input, error) = (Matrix.FromRow([-3, 0.5f]), Matrix.FromRow([10, 100]));
        var output = input.Copy();
        shifted.Apply(output);
        Assert.Equal([10, 1.25f], output.Row(0).ToArray());
        shifted.MultiplyByDerivative(error, input, output);
        Assert.Equal([-60, 100], error.Row(0).ToArray());
        Assert.Throws<ArgumentException>(() => shifted.MultiplyByDerivative(error, default, output));
    }

    /// <summary>The same numbers, whether the library's or somebody's own function computes them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AnOwnRectifierHasTheBitsOfOursWhateverTheThreads(int threads)
    {
        var own = Activation.Create("my-relu", "max(0, z).", z => Math.Max(z, 0), h => h > 0 ? 1 : 0);
        using var compute = new Compute(threads);
        Some.AssertSameBits(Learned(Activation.Relu, new Compute()), Learned(own, compute));

        static Matrix[] Learned(Activation activation, Compute compute)
        {
            var network = Some.Network("70-300-90-5", 3, activation, compute: compute);
            var rule = new BackpropagationRule(Some.Setup(network));
            var gradients = new Gradients(network.Parameters, compute);
            rule.EstimateGradients(Some.Batch(network, 33, 2), gradients);
            return Some.Copies(gradients);
        }
    }

    [Fact]
    public void KinksAndJumpsAreNoMistakes()
    {
        foreach (var at in (float[])[0, 1, -7.97f, 0.1f, 0.0471f])
        {
            Activation.Create("hat", "|z − a|.", z => Math.Abs(z - at), z => z >= at ? 1 : -1, derivativeNeedsInput: true);
            Activation.Create("step", "1 from a on.", z => z >= at ? 1 : 0, _ => 0);
            Activation.Create("hard-tanh", "−1, z or 1.", z => Math.Clamp(z - at, -1, 1), h => Math.Abs(h) < 1 ? 1 : 0);
        }

        Activation.Create("square", "z².", z => z * z, z => 2 * z, derivativeNeedsInput: true);
        Activation.Create("sine", "sin 3z.", z => MathF.Sin(3 * z), z => 3 * MathF.Cos(3 * z), derivativeNeedsInput: true);
        Activation.Create("exponential", "eᶻ.", MathF.Exp, h => h);
    }

    [Theory]
    [InlineData("of z though taken from h", "taken from h = ")]
    [InlineData("five percent too much", "but the function's slope there is")]
    [InlineData("wrong on one side", "its derivative at z = -7.97")]
    [InlineData("wrong near 0", "but the function's slope there is")]
    [InlineData("forgotten", "is 0, but the function's slope there is")]
    public void ADerivativeOfAnotherFunctionIsRefusedWithThePlace(string what, string mistake)
    {
        Func<float, float> wrong = what switch
        {
            "of z though taken from h" => z => 1 - (MathF.Tanh(z) * MathF.Tanh(z)),
            "five percent too much" => h => 1.05f * (1 - (h * h)),
            "wrong on one side" => h => h > 0 ? 1 - (h * h) : 0.5f,
            "wrong near 0" => h => Math.Abs(h) < 0.3f ? 1.2f : 1 - (h * h),
            _ => _ => 0,
        };
        var refused = Assert.Throws<ArgumentException>(() => Activation.Create("mine", "tanh z.", MathF.Tanh, wrong));
        Assert.StartsWith("mine cannot be used, for its derivative at z = ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(mistake, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal("mine", Activation.Create("mine", "tanh z.", MathF.Tanh, wrong, isSurrogate: true).Id);
    }

    [Fact]
    public void WhatIsNoNumberOrNoNameIsRefused()
    {
        Assert.Contains("its value at z = -7.97 is NaN", Refused("root", MathF.Sqrt, h => 1 / (2 * h)), StringComparison.Ordinal);
        Assert.Contains("its derivative at z = 0 is Infinity", Refused("sign-root", z => MathF.CopySign(MathF.Sqrt(Math.Abs(z)), z),
            h => 1 / (2 * Math.Abs(h))), StringComparison.Ordinal);
        Assert.Contains("no activation can be called \"My Own\"", Refused("My Own", z => z, _ => 1), StringComparison.Ordinal);
        foreach (var ours in Activation.Standard.Ids)
        {
            Assert.Contains($"the activation \"{ours}\" is there twice", Refused(ours, z => z, _ => 1), StringComparison.Ordinal);
        }

        static string Refused(string id, Func<float, float> function, Func<float, float> derivative)
            => Assert.Throws<ArgumentException>(() => Activation.Create(id, "Mine.", function, derivative)).Message;
    }

    /// <summary>A training must not go on with another function, though its name is the same.</summary>
    [Fact]
    public void TheIdentityOfATrainingTellsFunctionsOfOneNameApart()
    {
        var one = Activation.Create("mine", "2 z.", z => 2 * z, _ => 2);
        var other = Activation.Create("mine", "3 z.", z => 3 * z, _ => 3);
        Assert.Equal(Of(one), Of(Activation.Create("mine", "Also 2 z.", z => z + z, _ => 2)));
        Assert.NotEqual(Of(one), Of(other));
        Assert.NotEqual(InModule(one), InModule(other));
        Assert.DoesNotContain("values", Of(Activation.Tanh), StringComparison.Ordinal);

        static string Of(Activation activation)
        {
            var identity = new Identity();
            Network.Mlp("3-4-2", 1, new() { Hidden = activation }).Identify(identity);
            return identity.ToString();
        }

        static string InModule(Activation activation)
        {
            var identity = new Identity();
            new ActivationModule("act", Shape.Flat(2), activation).Identify(identity);
            return identity.ToString();
        }
    }

    [Fact]
    public void WithoutAnOperatorItCannotBeWrittenAsOnnx()
    {
        var own = Activation.Create("mine", "2 z.", z => 2 * z, _ => 2);
        Assert.Equal(
            "no ONNX operator is known for the activation mine",
            Assert.Throws<NotSupportedException>(
                () => OnnxModel.Write(Network.Mlp("3-4-2", 1, new() { Hidden = own }), null, new MemoryStream())).Message);
    }

    /// <summary>Of a chain the metadata name it, of other networks the plan does; either way the catalog must have it.</summary>
    [Theory]
    [InlineData("4-5-3")]
    [InlineData("4, dense 5 softsign, layer-norm, softsign, dense 3")]
    public void AFileNamesItAndIsReadWithACatalogThatHasIt(string text)
    {
        var parts = new NetworkParts(Activation.Standard.With(Softsign.Activation), ModuleEntry.Standard);
        var plan = NetworkPlan.Parse(text, parts);
        var network = plan.Build(1, plan.HasActivations ? null : new() { Hidden = Softsign.Activation });
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        Assert.Contains("softsign", Assert.Throws<DataFormatException>(() => Network.Load(stream, "m")).Message, StringComparison.Ordinal);
        stream.Position = 0;
        var loaded = Network.Load(stream, "m", parts: parts);
        Some.AssertSameBits(network.Predict(Some.Matrix(3, 4, 1)), loaded.Predict(Some.Matrix(3, 4, 1)));
        Assert.Same(parts, loaded.Parts);
    }
}
