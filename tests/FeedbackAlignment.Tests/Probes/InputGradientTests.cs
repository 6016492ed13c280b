using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks.Modules;

namespace FeedbackAlignment.Tests.Probes;

/// <summary>The derivative of each example's loss with respect to its inputs, of a network that answers.</summary>
public sealed class InputGradientTests
{
    /// <summary>A greatest number has no slope where another becomes the greatest.</summary>
    public static TheoryData<string> Smooth => [.. ModuleNetworks.Kinds.Except(["max-pooled"])];

    /// <summary>Central differences of fourth order; running statistics and dropout are those of an answer.</summary>
    [Theory]
    [MemberData(nameof(Smooth))]
    public void ItIsTheSlopeOfEachExamplesLoss(string kind)
    {
        var network = ModuleNetworks.Of(kind, activation: Activation.Tanh);
        var batch = Some.Batch(network, 6, 5);

        // Running statistics that are not those of this batch, nor those of the beginning.
        var rule = new BackpropagationRule(Some.Setup(network, Loss.SquaredError));
        rule.EstimateGradients(Some.Batch(network, 6, 9), new Gradients(network.Parameters, network.Compute));

        var exact = new InputGradient(network, Loss.SquaredError, 8).Evaluate(batch.Inputs, batch.Targets).Copy();

        var steepest = Enumerable.Range(0, exact.Rows).Max(row => exact.Row(row).ToArray().Max(Math.Abs));
        var (pass, error) = (network.CreatePass(1), new Matrix(1, network.Outputs));
        Some.ForEach(exact, (example, input) =>
        {
            // Truncation is about step⁴ times the fifth derivative, which is steep where the slopes are; rounding 2⁻²³ ∕ step times the loss.
            const float Step = 1f / 128;
            double At(int steps)
            {
                var moved = batch.Inputs.Slice(example, 1).Copy();
                moved[0, input] += steps * Step;
                return Loss.SquaredError.Evaluate(pass.Answer(moved), batch.Targets.Slice(example, 1), error);
            }

            var slope = (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * Step);
            Assert.Equal(slope, exact[example, input], 1e-4 * (1 + At(0)) + 2e-4 * steepest);
        });
        Assert.NotEqual(0, Reductions.Dot(exact, exact));
    }

    [Fact]
    public void ItChangesNothingAndIsTheSameForFewerExamples()
    {
        var network = ModuleNetworks.Of("everything");
        var batch = Some.Batch(network, 6, 5);
        var before = network.Predict(batch.Inputs);
        var gradient = new InputGradient(network, Loss.SquaredError, 6);
        var all = gradient.Evaluate(batch.Inputs, batch.Targets).Copy();
        var two = gradient.Evaluate(batch.Inputs.Slice(2, 2), batch.Targets.Slice(2, 2));
        Assert.Equal(all.Row(2).ToArray(), two.Row(0).ToArray());
        Assert.Equal(all.Row(3).ToArray(), two.Row(1).ToArray());
        Some.ForEach(before, (row, column) => Assert.Equal(before[row, column], network.Predict(batch.Inputs)[row, column]));
    }
}
