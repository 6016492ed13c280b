using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Networks.Modules;

/// <summary>Every module's way back is the derivative of its way forward, and asks the rule only where there are weights.</summary>
public sealed class ModuleDerivativeTests
{
    public static TheoryData<string> All => ModuleNetworks.All;

    public static TheoryData<string, string> KindsAndSmooth()
    {
        var cases = new TheoryData<string, string>();
        // A greatest number has no slope where another becomes the greatest.
        foreach (var kind in ModuleNetworks.Kinds.Except(["max-pooled"]))
        {
            foreach (var activation in (string[])["tanh", "softplus", "silu", "gelu"])
            {
                cases.Add(kind, activation);
            }
        }

        return cases;
    }

    /// <summary>
    /// Central differences of fourth order, of the loss in single precision with a step of h = 2⁻⁷: their error is about h⁴ = 4·10⁻⁹ times
    /// the fifth derivative, and rounding about 2⁻²³ ∕ h = 2·10⁻⁵ times the loss.
    /// </summary>
    [Theory]
    [MemberData(nameof(KindsAndSmooth))]
    public void BackpropagationIsTheSlopeOfTheLoss(string kind, string activation)
    {
        var network = ModuleNetworks.Of(kind, activation: Activation.FromId(activation));
        var rule = new BackpropagationRule(Some.Setup(network, Loss.SquaredError));
        var batch = Some.Batch(network, 6, 5);
        var gradients = new Gradients(network.Parameters, network.Compute);
        var loss = Estimate(rule, batch, gradients);
        var exact = Some.Copies(gradients);
        foreach (var (place, parameter) in network.Parameters.Index())
        {
            Some.ForEach(exact[place], (row, column) =>
            {
                const float Step = 1f / 128;
                var before = parameter.Read()[row, column];
                double At(int steps)
                {
                    parameter.Read()[row, column] = before + steps * Step;
                    var moved = Estimate(rule, batch, gradients);
                    parameter.Read()[row, column] = before;
                    return moved;
                }

                var slope = (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * Step);
                Assert.Equal(slope, exact[place][row, column], 5e-5 * (1 + loss));
            });
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void FeedbackAlignmentThroughTheForwardWeightsIsBackpropagationToTheBit(string kind)
    {
        foreach (var activation in Activation.Standard.Entries)
        {
            var network = ModuleNetworks.Of(kind, activation: activation);
            var setup = Some.Setup(network);
            var batch = Some.Batch(network, 6, 5);
            var forward = Some.Fixed([.. network.Layers.Select(layer => layer.Weights.Read().Copy())]);
            Some.AssertSameBits(
                Gradients(new BackpropagationRule(setup), batch), Gradients(new FeedbackAlignmentRule(setup, forward), batch));
            Some.AssertSameBits(
                Gradients(new BackpropagationRule(setup), batch),
                Gradients(new KolenPollackRule(setup, forward), batch)[..network.Parameters.Count]);
            Some.AssertSameBits(Gradients(new BackpropagationRule(setup), batch), Gradients(new SignSymmetryRule(setup, forward), batch));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void RandomFeedbackChangesWhatLiesBelowWeightsAndNothingElse(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var setup = Some.Setup(network);
        var batch = Some.Batch(network, 6, 5);
        var (exact, random) = (Gradients(new BackpropagationRule(setup), batch), Gradients(new FeedbackAlignmentRule(setup), batch));
        foreach (var (place, parameter) in network.Parameters.Index())
        {
            var isAboveAllFeedback = parameter.Name.StartsWith("output", StringComparison.Ordinal);
            Assert.Equal(isAboveAllFeedback, Some.SameBits(exact[place], random[place]));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheNumberOfThreadsChangesNoBit(string kind)
    {
        var batch = Some.Batch(ModuleNetworks.Of(kind), 9, 5);
        foreach (var activation in Activation.Standard.Entries)
        {
            Some.AssertSameBits(With(1), With(3));

            Matrix[] With(int threads)
            {
                var network = ModuleNetworks.Of(kind, threads, activation);
                using var compute = network.Compute;
                return Gradients(new FeedbackAlignmentRule(Some.Setup(network)), batch);
            }
        }
    }

    internal static Matrix[] Gradients(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        Estimate(rule, batch, gradients);
        return Some.Copies(gradients);
    }

    /// <summary>The masks are those of the first batch, every time.</summary>
    private static double Estimate(LearningRule rule, Batch batch, Gradients gradients)
    {
        foreach (var noise in rule.ModuleNoise)
        {
            noise.Position = 0;
        }

        return rule.EstimateGradients(batch, gradients);
    }
}
