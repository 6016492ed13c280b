using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>
/// Weight perturbation is right if its mean over many draws is the gradient, and its variance what the number of weights says.
/// </summary>
public sealed class WeightPerturbationTests
{
    public static TheoryData<string, string, double> Networks() => new()
    {
        { "linear", "squared-error", 0 }, { "tanh", "softmax-cross-entropy", 0 }, { "logistic", "logistic-cross-entropy", 0 },
        { "linear", "squared-error", 1 }, { "tanh", "softmax-cross-entropy", 1 },
    };

    /// <summary>
    /// To first order in σ one draw's estimate of a layer of n numbers is (g·ξ) ξₗ ∕ σ², whose summed variance is n‖g‖² + ‖gₗ‖² with
    /// normal noise and n‖g‖² − ‖gₗ‖² with random signs; the mean of N draws lies √(that ∕ N) from the gradient. The square of that
    /// distance has about n ∕ 2 degrees of freedom: a factor of 1.6 either way is more than four standard errors for the smallest layer
    /// here. The angle follows from the distance.
    /// </summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void TheMeanOfManyDrawsLiesAsFarFromTheGradientAsTheNumberOfWeightsSays(string hidden, string loss, double signs)
    {
        const int Draws = 100_000;
        var network = Some.Network("7-8-6-3", 3, Activation.FromId(hidden));
        var batch = Some.Batch(network, 4, 5);
        var exact = Estimate(new BackpropagationRule(Setup(network, loss)), batch);
        var rule = new WeightPerturbationRule(Setup(network, loss, ("noise", 1e-3), ("signs", signs)));
        var means = Mean(rule, batch, Draws);
        var all = exact.SkipLast(2).Sum(gradient => Reductions.Dot(gradient, gradient));
        for (var i = 0; i < means.Length; i++)
        {
            var own = Reductions.Dot(exact[i], exact[i]);
            var numbers = exact[i].Rows * exact[i].Columns;
            var expected = Math.Sqrt(((numbers * all) + (signs == 1 ? -own : own)) / Draws);
            var distance = Distance(means[i], exact[i]);
            Assert.InRange(distance, expected / (numbers < 20 ? 2.5 : 1.6), expected * (numbers < 20 ? 2.5 : 1.6));
            Assert.InRange(Angle.Degrees(means[i], exact[i])!.Value, 0, double.RadiansToDegrees(Math.Asin(Math.Min(1, 2.5 * expected / Math.Sqrt(own)))));
        }
    }

    /// <summary>
    /// The formula in double, on a linear network with a missing connection: the noise of the weight that is not there must not be in the
    /// loss.
    /// </summary>
    [Fact]
    public void OneDrawIsTheFormulaForWeightsAndBiasesOfAllHiddenLayersAtOnce()
    {
        const double Deviation = 0.02;
        var connections = Matrix.From(new float[,] { { 1, 0, 1 }, { 1, 1, 1 } });
        var compute = new Compute();
        var network = new Network(
            [WeightedLayer.Dense("hidden1", 3, 2, Activation.Linear, true, compute, connections),
                WeightedLayer.Dense("hidden2", 2, 2, Activation.Linear, true, compute),
                WeightedLayer.Dense("output", 2, 2, Activation.Linear, true, compute)],
            compute);
        foreach (var parameter in network.Parameters)
        {
            parameter.Draw(WeightDistribution.Uniform(0.7), new RandomStreams(3).Stream(parameter.Name));
        }

        var batch = Some.Batch(network, 2, 4);
        var setup = Setup(network, "squared-error", ("noise", Deviation));
        var gradients = new Gradients(network.Parameters, compute);
        new WeightPerturbationRule(setup).EstimateGradients(batch, gradients);

        // Drawn in the order of memory: input by input.
        var random = setup.Streams.Stream($"{RandomStreams.Noise}/weight-perturbation");
        double[][,] noise = [.. network.Parameters.SkipLast(2).Select(parameter =>
        {
            var values = new double[parameter.Rows, parameter.Columns];
            for (var column = 0; column < parameter.Columns; column++)
            {
                for (var row = 0; row < parameter.Rows; row++)
                {
                    values[row, column] = (float)(Deviation * random.NextNormal());
                }
            }

            return values;
        })];
        noise[0][0, 1] = 0;
        var factor = (Loss(1) - Loss(0)) / (Deviation * Deviation);
        for (var i = 0; i < noise.Length; i++)
        {
            var actual = gradients[network.Parameters[i]].Values;
            Some.ForEach(actual, (row, column) => Assert.Equal(factor * noise[i][row, column], actual[row, column], 1e-3 * Math.Abs(factor * noise[i][row, column])));
        }

        double Loss(int disturbed)
        {
            var sum = 0.0;
            for (var example = 0; example < 2; example++)
            {
                double[] h = [.. batch.Inputs.Row(example).ToArray()];
                for (var layer = 0; layer < 3; layer++)
                {
                    var (w, b) = (network.Parameters[2 * layer].Read(), network.Parameters[(2 * layer) + 1].Read());
                    var below = h;
                    h = [.. Enumerable.Range(0, w.Rows).Select(i => b[0, i] + Noise((2 * layer) + 1, 0, i) + Enumerable.Range(0, w.Columns).Sum(j => (w[i, j] + Noise(2 * layer, i, j)) * below[j]))];
                }

                sum += h.Select((output, i) => 0.5 * Math.Pow(output - batch.Targets[example, i], 2)).Sum() / 2;
            }

            return sum;

            double Noise(int parameter, int row, int column) => parameter < noise.Length ? disturbed * noise[parameter][row, column] : 0;
        }
    }

    [Fact]
    public void RandomSignsHaveOneSizeAndBothSignsAreThereEquallyOften()
    {
        var network = Some.Network("100-60-3", 3);
        var gradients = new Gradients(network.Parameters, network.Compute);
        new WeightPerturbationRule(Setup(network, "softmax-cross-entropy", ("signs", 1))).EstimateGradients(Some.Batch(network, 4, 5), gradients);
        var values = gradients[network.Layers[0].Weights].Values;
        var size = Math.Abs(values[0, 0]);
        var positive = 0;
        Some.ForEach(values, (row, column) =>
        {
            Assert.Equal(size, Math.Abs(values[row, column]));
            positive += values[row, column] > 0 ? 1 : 0;
        });

        // Four standard deviations of 6000 coins.
        Assert.InRange(positive, 3000 - 155, 3000 + 155);
    }

    /// <summary>Where rounding drowned the difference of losses, the estimate from the same deviates would change with σ.</summary>
    [Theory]
    [InlineData("squared-error")]
    [InlineData("softmax-cross-entropy")]
    [InlineData("logistic-cross-entropy")]
    public void TheDifferenceOfNearlyEqualLossesKeepsItsDigits(string loss)
    {
        var network = Some.Network("30-20-10", 3);
        var batch = Some.Batch(network, 8, 5);
        var (coarse, fine) = (First(1e-3), First(1e-4));
        Assert.InRange(Angle.NormRatio(coarse, fine)!.Value, 0.97, 1.03);
        Assert.InRange(Angle.Degrees(coarse, fine)!.Value, 0, 1e-3);

        Matrix First(double noise) => Estimate(new WeightPerturbationRule(Setup(network, loss, ("noise", noise))), batch)[0];
    }

    [Fact]
    public void ANetworkWithoutHiddenLayersDrawsNothing()
    {
        var network = Some.Network("4-3", 1);
        var rule = new WeightPerturbationRule(Setup(network, "squared-error"));
        Estimate(rule, Some.Batch(network, 2, 1));
        Assert.Equal(0ul, Assert.Single(rule.Noise).Position);
    }

    private static RuleSetup Setup(Network network, string loss, params (string Id, double Value)[] options)
        => new(network, Loss.Standard.Get(loss), 64, new RandomStreams(1),
            options: options.ToDictionary(option => option.Id, option => option.Value));

    private static Matrix[] Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.Network.Parameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients);
        return Some.Copies(gradients);
    }

    private static Matrix[] Mean(WeightPerturbationRule rule, Batch batch, int draws)
    {
        var gradients = new Gradients(rule.Network.Parameters, rule.Network.Compute);
        Parameter[] hidden = [.. rule.Network.Parameters.SkipLast(2)];
        double[][,] sums = [.. hidden.Select(parameter => new double[parameter.Rows, parameter.Columns])];
        for (var draw = 0; draw < draws; draw++)
        {
            rule.EstimateGradients(batch, gradients);
            foreach (var (sum, parameter) in sums.Zip(hidden))
            {
                var values = gradients[parameter].Values;
                Some.ForEach(values, (row, column) => sum[row, column] += values[row, column]);
            }
        }

        return [.. sums.Select(sum =>
        {
            var mean = new Matrix(sum.GetLength(0), sum.GetLength(1));
            Some.ForEach(mean, (row, column) => mean[row, column] = (float)(sum[row, column] / draws));
            return mean;
        })];
    }

    private static double Distance(Matrix a, Matrix b)
    {
        var squares = 0.0;
        Some.ForEach(a, (row, column) => squares += Math.Pow(a[row, column] - b[row, column], 2));
        return Math.Sqrt(squares);
    }
}
