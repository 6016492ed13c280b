using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Analysis;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Tests.Analysis;

/// <summary>Errors on inputs that were changed.</summary>
public sealed class RobustnessTests
{
    /// <summary>Two classes, told apart by the sign of x: an example at x falls to the other side where a step is longer than
    /// |x|.</summary>
    private static readonly float[] _places = [-0.9f, -0.5f, -0.3f, -0.1f, 0.2f, 0.4f, 0.6f, 0.8f];

    [Fact]
    public void TheFastGradientSignMethodTakesOverThoseThatAreNearerThanItsStep()
    {
        var robustness = new Robustness(Examples(),
            [new(PerturbationKind.None, 0),
            .. new[] { 0.15, 0.35, 0.55, 1 }.Select(step => new Perturbation(PerturbationKind.Fgsm, step))]);
        Assert.Null(robustness.Range);
        Assert.Equal([0, 1 / 8.0, 3 / 8.0, 5 / 8.0, 1], robustness.Errors(Sign(), Loss.SoftmaxCrossEntropy));
    }

    /// <summary>The examples are told apart by far, but as pixels they cannot leave −0.9 … 0.8.</summary>
    [Fact]
    public void PixelsStayWithinTheirRange()
    {
        var robustness = new Robustness(Examples(new ImageShape(1, 1)), [new(PerturbationKind.Fgsm, 100)]);
        Assert.Equal((-0.9f, 0.8f), robustness.Range);
        Assert.Equal([1], robustness.Errors(Sign(), Loss.SoftmaxCrossEntropy));

        // A network that asks for more than any pixel has is never fooled.
        var far = Sign(threshold: 0.85f);
        Assert.Equal(robustness.Errors(far, Loss.SoftmaxCrossEntropy),
            new Robustness(Examples(), [new(PerturbationKind.None, 0)]).Errors(far, Loss.SoftmaxCrossEntropy));
    }

    [Fact]
    public void NoiseFollowsFromItsSeedAndCleanInputsAreTheEvaluatorsOwn()
    {
        var (network, examples) = (Sign(threshold: 0.15f), Examples());
        Perturbation[] noise = [new(PerturbationKind.None, 0), new(PerturbationKind.Noise, 0.001), new(PerturbationKind.Noise, 1)];
        var first = new Robustness(examples, noise, seed: 3).Errors(network, Loss.SoftmaxCrossEntropy);
        Assert.Equal(new Evaluator(network, Loss.SoftmaxCrossEntropy).Evaluate(examples).Error, first[0]);
        Assert.Equal(first[0], first[1]);
        Assert.NotEqual(first[0], first[2]);
        Assert.Equal(first, new Robustness(examples, noise, seed: 3).Errors(network, Loss.SoftmaxCrossEntropy));
        Assert.Contains(Enumerable.Range(4, 5), seed
            => !new Robustness(examples, noise, (ulong)seed).Errors(network, Loss.SoftmaxCrossEntropy).SequenceEqual(first));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void StrengthsAreNumbersFromZeroOn(double strength)
        => Assert.Contains("strength", Assert.Throws<ArgumentException>(
            () => new Robustness(Examples(), [new(PerturbationKind.Noise, strength)])).Message, StringComparison.Ordinal);

    [Fact]
    public void ANetworkIsSimilarToItself()
    {
        var inputs = Examples().Inputs;
        var network = NetworkPlan.Parse("1-6-4-2").Build(1, new MlpOptions());
        Assert.All(Similarity.OfHiddenLayers(network, network, inputs), value => Assert.Equal(1, value!.Value, 1e-9));
        Assert.Equal(2, Similarity.OfHiddenLayers(network, NetworkPlan.Parse("1-6-4-2").Build(2, new MlpOptions()), inputs).Count);
        Assert.Throws<ArgumentException>(() => Similarity.OfHiddenLayers(network, Sign(), inputs));
    }

    private static DataSet Examples(ImageShape? image = null)
    {
        var inputs = new Matrix(_places.Length, 1);
        foreach (var (index, place) in _places.Index())
        {
            inputs[index, 0] = place;
        }

        return new DataSet(inputs, [.. _places.Select(place => place > 0 ? 1 : 0)], 2) { Image = image };
    }

    /// <summary>Answers 1 where x is above a threshold.</summary>
    private static Network Sign(float threshold = 0)
    {
        var network = NetworkPlan.Parse("1-2").Build(1, new MlpOptions());
        var weights = network.Layers[0].Weights.Read();
        (weights[0, 0], weights[1, 0]) = (-1, 1);
        var biases = network.Layers[0].Biases!.Read();
        (biases[0, 0], biases[0, 1]) = (threshold, -threshold);
        return network;
    }
}
