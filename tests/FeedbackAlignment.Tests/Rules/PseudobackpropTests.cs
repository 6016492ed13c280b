using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>What follows from Δh = W⁺ e, whatever the numbers.</summary>
public sealed class PseudobackpropTests
{
    /// <summary>Rows of a Hadamard matrix: W Wᵀ = 1, so W⁺ = Wᵀ.</summary>
    [Fact]
    public void ThroughOrthonormalRowsItIsBackpropagation()
    {
        var network = Some.Network("5-8-4-2", 1, Activation.Tanh);
        for (var layer = 1; layer < 3; layer++)
        {
            var weights = network.Layers[layer].Weights.Read();
            var size = MathF.Sqrt(weights.Columns);
            for (var row = 0; row < weights.Rows; row++)
            {
                for (var column = 0; column < weights.Columns; column++)
                {
                    weights[row, column] = (int.PopCount((row + 1) & column) % 2 == 0 ? 1 : -1) / size;
                }
            }
        }

        var setup = Some.Setup(network);
        var batch = Some.Batch(network, 6, 2);
        var (exact, pseudo) = (Some.Errors(new BackpropagationRule(setup), batch), Some.Errors(new PseudobackpropRule(setup), batch));
        for (var layer = 0; layer < 2; layer++)
        {
            for (var example = 0; example < batch.Count; example++)
            {
                Assert.InRange(Angle.Degrees(exact[layer].Row(example), pseudo[layer].Row(example))!.Value, 0, 1e-3);
            }

            Assert.Equal(1, Angle.NormRatio(exact[layer], pseudo[layer])!.Value, 1e-6);
        }
    }

    /// <summary>
    /// The step in h that it proposes takes the whole error away from a linear output layer, and is the smallest that does: it lies in
    /// the row space.
    /// </summary>
    [Fact]
    public void AtTheLastHiddenLayerTheForwardWeightsTurnItBackIntoTheError()
    {
        var network = Some.Network("5-7-9-4", 1, Activation.Tanh);
        var setup = Some.Setup(network, Loss.SquaredError);
        var batch = Some.Batch(network, 6, 2);
        var errors = Some.Errors(new PseudobackpropRule(setup), batch)[1];
        var outputs = network.Predict(batch.Inputs);
        var weights = network.Layers[2].Weights.Read();
        for (var example = 0; example < batch.Count; example++)
        {
            for (var i = 0; i < 4; i++)
            {
                var back = Enumerable.Range(0, 9).Sum(j => (double)weights[i, j] * errors[example, j]);
                Assert.Equal(outputs[example, i] - batch.Targets[example, i], back, 1e-5);
            }
        }
    }

    /// <summary>eᵀ W W⁺ e &gt; 0: what it sends is always within 90° of backpropagation's.</summary>
    [Theory]
    [InlineData("6-9-3")]
    [InlineData("6-3-9")]
    public void ItIsInBackpropagationsHalfSpaceForEveryExample(string sizes)
    {
        var setup = Some.Setup(Some.Network(sizes, 1));
        var batch = Some.Batch(setup.Network, 60, 4);
        var reading = new AlignmentProbe(new PseudobackpropRule(setup), setup, new DataSet(batch.Inputs, batch.Targets)).Read()[0];
        Assert.Equal(1.0, reading.PositiveShare);
        Assert.InRange(reading.ErrorAngle!.Value, 1, 89);
    }

    [Fact]
    public void ThroughWeightsThatAreZeroGoesNothingAndThroughBrokenOnesNoNumber()
    {
        var network = Some.Network("5-6-4", 1);
        var batch = Some.Batch(network, 6, 2);
        network.Layers[1].Weights.Read().Fill(0);
        var error = Some.Errors(new PseudobackpropRule(Some.Setup(network)), batch)[0];
        Assert.Equal(0, Reductions.Dot(error, error));
        network.Layers[1].Weights.Read()[2, 3] = float.PositiveInfinity;
        Assert.True(float.IsNaN(Some.Errors(new PseudobackpropRule(Some.Setup(network)), batch)[0][0, 0]));
    }
}
