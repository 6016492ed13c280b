using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>Backpropagation is the derivative of the loss: every weight against a network that knows no derivative.</summary>
public sealed class BackpropagationAgainstDifferencesTests
{
    private static readonly string[] _sizesByDepth = ["5-3", "5-4-3", "5-4-6-3", "5-4-6-4-3"];

    public static TheoryData<string, string, string, bool, int> Cases()
    {
        var cases = new TheoryData<string, string, string, bool, int>();
        foreach (var loss in Loss.Standard.Entries)
        {
            foreach (var output in Activation.Standard.Entries.Where(output => loss.Objection(output) is null))
            {
                foreach (var hidden in Activation.Standard.Entries)
                {
                    for (var depth = 0; depth < _sizesByDepth.Length; depth++)
                    {
                        cases.Add(loss.Id, output.Id, hidden.Id, false, depth);
                        cases.Add(loss.Id, output.Id, hidden.Id, true, depth);
                    }
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryGradientIsTheSlopeOfTheLoss(string lossId, string output, string hidden, bool bias, int depth)
    {
        var loss = Loss.Standard.Get(lossId);

        // With other seeds some rectified outputs are silent in all examples.
        var seed = output == "relu" && hidden is "silu" or "gelu" ? 5ul : 3;
        var network = Some.Network(_sizesByDepth[depth], seed, Activation.FromId(hidden), Activation.FromId(output), bias);
        var batch = Some.Batch(network, 4, 5);
        var rule = new BackpropagationRule(Some.Setup(network, loss));
        var gradients = new Gradients(network.Parameters, network.Compute);

        var meanLoss = rule.EstimateGradients(batch, gradients);

        var reference = new ReferenceNetwork(network);
        var expectedLoss = reference.MeanLoss(loss, batch);
        Assert.Equal(expectedLoss, meanLoss, 1e-5 * expectedLoss);
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            AssertClose(reference.WeightGradient(i, loss, batch), gradients[layer.Weights].Values);
            Assert.Equal(bias, layer.Biases is not null);
            if (layer.Biases is not null)
            {
                AssertClose(reference.BiasGradient(i, loss, batch), gradients[layer.Biases].Values);
            }
        }
    }

    private static void AssertClose(double[,] expected, Matrix actual)
    {
        var greatest = expected.Cast<double>().Max(Math.Abs);
        Assert.True(greatest > 1e-6, "the test shows nothing where the gradient is zero");
        for (var row = 0; row < actual.Rows; row++)
        {
            for (var column = 0; column < actual.Columns; column++)
            {
                var tolerance = 1e-4 * Math.Abs(expected[row, column]) + 3e-6 * greatest;
                Assert.Equal(expected[row, column], actual[row, column], tolerance);
            }
        }
    }
}
