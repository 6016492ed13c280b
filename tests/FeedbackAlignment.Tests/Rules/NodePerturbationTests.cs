using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>Node perturbation is right if its mean over many draws of noise is the gradient.</summary>
public sealed class NodePerturbationTests
{
    private const string Sizes = "5-4-6-3";

    public static TheoryData<string, string> Networks() => new()
    {
        { "linear", "squared-error" }, { "tanh", "squared-error" }, { "tanh", "softmax-cross-entropy" }, { "logistic", "logistic-cross-entropy" },
    };

    /// <summary>
    /// The distance of the mean of n draws to the gradient goes down with 1/√n; at 100 times as many draws it is a tenth.
    /// </summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void TheMeanOfManyDrawsIsTheGradient(string hidden, string loss)
    {
        var network = Some.Network(Sizes, 3, Activation.FromId(hidden));
        var batch = Some.Batch(network, 4, 5);
        var exact = Estimate(new BackpropagationRule(Setup(network, loss)), batch);
        var rule = new NodePerturbationRule(Setup(network, loss, noise: 0.003));
        var early = new double[2];
        Mean(rule, batch, draws: 1_000, (layer, mean) => early[layer] = Distance(mean, exact[layer]));
        Mean(rule, batch, draws: 100_000, (layer, mean) =>
        {
            Assert.InRange(early[layer], 0.01, 0.6);
            Assert.InRange(Distance(mean, exact[layer]), early[layer] / 30, early[layer] / 4);
            Assert.InRange(Angle.Degrees(mean, exact[layer])!.Value, 0, 4);
            Assert.InRange(Angle.NormRatio(mean, exact[layer])!.Value, 0.97, 1.03);
        });
    }

    /// <summary>A linear network under squared error, one example, one draw: (L(h + ξ) − L(h)) ξ ∕ σ² for both layers, in double.</summary>
    [Fact]
    public void OneDrawIsTheFormulaAndTheNoiseOfTheLowerLayerGoesOnUpward()
    {
        const double Deviation = 0.05;
        var network = Some.Network("2-2-2-1", 1, Activation.Linear, Activation.Linear, bias: false);
        var batch = Some.Batch(network, 1, 2);
        var setup = Setup(network, "squared-error", Deviation);
        var rule = new NodePerturbationRule(setup);
        var errors = new HiddenErrors(network, 1);
        rule.EstimateGradients(batch, new Gradients(network.Parameters, network.Compute), errors);

        var random = setup.Streams.Stream($"{RandomStreams.Noise}/node-perturbation");
        double[] first = [Deviation * random.NextNormal(), Deviation * random.NextNormal()];
        double[] second = [Deviation * random.NextNormal(), Deviation * random.NextNormal()];
        var plain = Loss([0, 0], [0, 0]);
        var factor = (Loss(first, second) - plain) / (Deviation * Deviation);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(factor * first[i], errors[0][0, i], 1e-4 * Math.Abs(factor * first[i]));
            Assert.Equal(factor * second[i], errors[1][0, i], 1e-4 * Math.Abs(factor * second[i]));
        }

        double Loss(double[] xi1, double[] xi2)
        {
            double[] h = [batch.Inputs[0, 0], batch.Inputs[0, 1]];
            h = [.. Times(0, h).Zip(xi1, (a, b) => a + b)];
            h = [.. Times(1, h).Zip(xi2, (a, b) => a + b)];
            var e = Times(2, h)[0] - batch.Targets[0, 0];
            return 0.5 * e * e;
        }

        double[] Times(int layer, double[] x)
        {
            var w = network.Layers[layer].Weights.Read();
            return [.. Enumerable.Range(0, w.Rows).Select(i => (w[i, 0] * x[0]) + (w[i, 1] * x[1]))];
        }
    }

    /// <summary>
    /// Where rounding drowned the difference of losses, the estimate from the same normal deviates would jump as σ becomes smaller.
    /// </summary>
    [Theory]
    [InlineData("squared-error")]
    [InlineData("softmax-cross-entropy")]
    [InlineData("logistic-cross-entropy")]
    public void TheDifferenceOfNearlyEqualLossesKeepsItsDigits(string loss)
    {
        var network = Some.Network("30-20-10", 3);
        var batch = Some.Batch(network, 1, 5);
        var (coarse, fine) = (Error(1e-3), Error(1e-4));
        Assert.InRange(Angle.Degrees(coarse, fine)!.Value, 0, 1e-3);
        Assert.InRange(Angle.NormRatio(coarse, fine)!.Value, 0.97, 1.03);

        Matrix Error(double noise)
        {
            var errors = new HiddenErrors(network, 1);
            new NodePerturbationRule(Setup(network, loss, noise)).EstimateGradients(batch, new Gradients(network.Parameters, network.Compute), errors);
            return errors[0];
        }
    }

    /// <summary>Targets far away: a loss of half a million, whose change by the noise a float could not hold.</summary>
    [Fact]
    public void AGreatLossIsSubtractedFromAnotherInDouble()
    {
        var network = Some.Network("30-20-10", 3, Activation.Linear);
        var batch = Some.Batch(network, 1, 5);
        batch.Targets.Fill(300);
        var (coarse, fine) = (Error(1e-2), Error(1e-4));
        Assert.Equal(1, Angle.NormRatio(coarse, fine)!.Value, 2e-3);

        Matrix Error(double noise)
        {
            var errors = new HiddenErrors(network, 1);
            new NodePerturbationRule(Setup(network, "squared-error", noise)).EstimateGradients(batch, new Gradients(network.Parameters, network.Compute), errors);
            return errors[0];
        }
    }

    [Fact]
    public void ANetworkWithoutHiddenLayersDrawsNothing()
    {
        var network = Some.Network("4-3", 1);
        var rule = new NodePerturbationRule(Some.Setup(network));
        Estimate(rule, Some.Batch(network, 2, 1));
        Assert.Equal(0ul, Assert.Single(rule.Noise).Position);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.01)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void NoiseWithoutADeviationIsRefused(double noise)
        => Assert.Contains("> 0", Assert.Throws<ArgumentOutOfRangeException>(() => NodePerturbationRule.Entry.Create(Setup(Some.Network("4-3", 1), "squared-error", noise))).Message, StringComparison.Ordinal);

    private static RuleSetup Setup(Network network, string loss, double noise = 0.01)
        => new(network, Loss.Standard.Get(loss), 64, new RandomStreams(1), options: new Dictionary<string, double> { ["noise"] = noise });

    private static Matrix[] Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.Network.Parameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients);
        return [.. rule.Network.Layers.Select(layer => gradients[layer.Weights].Values.Copy())];
    }

    private static void Mean(LearningRule rule, Batch batch, int draws, Action<int, Matrix> see)
    {
        var gradients = new Gradients(rule.Network.Parameters, rule.Network.Compute);
        Parameter[] hidden = [.. rule.Network.Layers.SkipLast(1).Select(layer => layer.Weights)];
        double[][,] sums = [.. hidden.Select(weights => new double[weights.Rows, weights.Columns])];
        for (var draw = 0; draw < draws; draw++)
        {
            rule.EstimateGradients(batch, gradients);
            foreach (var (sum, weights) in sums.Zip(hidden))
            {
                Some.ForEach(weights.Read(), (row, column) => sum[row, column] += gradients[weights].Values[row, column]);
            }
        }

        foreach (var (layer, (sum, weights)) in sums.Zip(hidden).Index())
        {
            var mean = new Matrix(weights.Rows, weights.Columns);
            Some.ForEach(mean, (row, column) => mean[row, column] = (float)(sum[row, column] / draws));
            see(layer, mean);
        }
    }

    private static double Distance(Matrix mean, Matrix exact)
    {
        var squares = 0.0;
        Some.ForEach(mean, (row, column) => squares += Math.Pow(mean[row, column] - exact[row, column], 2));
        return Math.Sqrt(squares / Reductions.Dot(exact, exact));
    }
}
