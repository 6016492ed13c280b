using FeedbackAlignment.Exchange;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Training;

namespace FeedbackAlignment.Tests.Losses;

/// <summary>A loss of somebody's own is one like the library's.</summary>
public sealed class OwnLossTests
{
    public static TheoryData<string> All() => [.. Loss.Standard.Ids];

    [Theory]
    [MemberData(nameof(All))]
    public void TheLossesOfTheLibraryKeepTheContract(string id) => LossContract.Check(Loss.Standard.Get(id));

    [Fact]
    public void ALossOfOnesOwnKeepsTheContract()
    {
        LossContract.Check(new HuberLoss());
        LossContract.Check(new HuberLoss(0.3));
        LossContract.Check(new BrierLoss());
    }

    /// <summary>The contract must be able to fail: an error without the target, a loss that disagrees with its error.</summary>
    [Fact]
    public void ALossThatIsWrongBreaksTheContract()
    {
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => LossContract.Check(new WrongLoss(slope: 2, sum: 1)));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => LossContract.Check(new WrongLoss(slope: 1, sum: 2)));
        LossContract.Check(new WrongLoss(slope: 1, sum: 1));
    }

    [Fact]
    public void EveryRuleLearnsFromIt()
    {
        foreach (var rule in RuleCatalog.Standard.Ids)
        {
            var plan = new Plan { Rule = rule, Loss = new HuberLoss(), Sizes = "6-5-4-3" };
            var weights = plan.Weights();
            Assert.All(weights, matrix => Some.ForEach(matrix, (row, column) => Assert.True(float.IsFinite(matrix[row, column]))));
            Some.AssertSameBits(weights, plan.Weights(plan.Saved()));
        }
    }

    [Fact]
    public void ACheckpointIsRefusedByAnotherLossAndByOtherSettings()
    {
        var saved = new Plan { Loss = new HuberLoss(0.5) }.Saved();
        Assert.Contains("rule.loss was huber, is now squared-error", new Plan { Loss = Loss.SquaredError }.Refusal(saved),
            StringComparison.Ordinal);
        Assert.Contains("rule.loss.threshold was 0.5, is now 0.25", new Plan { Loss = new HuberLoss(0.25) }.Refusal(saved),
            StringComparison.Ordinal);
        Assert.Null(new Plan { Loss = new HuberLoss(0.5) }.Refusal(saved));
    }

    [Fact]
    public void AModelIsReadBackByWhoKnowsItsLoss()
    {
        var losses = Loss.Standard.With(new HuberLoss(), new BrierLoss());
        foreach (var loss in losses.Entries)
        {
            using var stream = new MemoryStream();
            new TrainedModel(Network.Mlp("4-3", 1), loss).Save(stream);
            stream.Position = 0;
            Assert.Equal(loss, TrainedModel.Load(stream, "model", losses: losses).Loss);
            stream.Position = 0;
            if (Loss.Standard.Find(loss.Id) is null)
            {
                Assert.Contains(
                    $"the metadata name the loss \"{loss.Id}\", so it is unknown what the outputs mean; \"loss\" must be one of "
                    + "squared-error, ",
                    Assert.Throws<FeedbackAlignment.Data.DataFormatException>(() => TrainedModel.Load(stream, "model")).Message,
                    StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void ProbabilitiesAndClassesFollowFromWhatItDoesToOutputs()
    {
        var network = Network.Mlp("4-3", 1);
        var inputs = Some.Matrix(2, 4, 1);
        Some.AssertSameBits(
            network.PredictProbabilities(inputs, Loss.SoftmaxCrossEntropy), network.PredictProbabilities(inputs, new BrierLoss()));
        Assert.Throws<ArgumentException>(() => network.PredictProbabilities(inputs, new HuberLoss()));
        Assert.Equal((true, false), (new BrierLoss().NeedsClasses, new HuberLoss().NeedsClasses));
        Assert.Equal("it brings the softmax itself and needs a linear output layer, not relu", new BrierLoss().Objection(Activation.Relu));
        Assert.Equal("the softmax of one output is always 1; brier needs at least 2 outputs", new BrierLoss().Objection(1));
        Assert.Equal(Loss.SoftmaxCrossEntropy, Loss.Default(areClasses: true, Activation.Linear));
        Assert.Equal(Loss.SquaredError, Loss.Default(areClasses: true, Activation.Tanh));
        Assert.Equal(Loss.SquaredError, Loss.Default(areClasses: false, Activation.Linear));
    }

    /// <summary>Right where both numbers are 1: half the square of each output's error.</summary>
    private sealed class WrongLoss(float slope, double sum) : Loss("wrong", "For a test.", "none")
    {
        protected override double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error)
        {
            for (var i = 0; i < output.Length; i++)
            {
                error[i] = slope * (output[i] - target[i]);
            }

            return sum * ExampleLoss(output, target);
        }

        protected override double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
        {
            var squares = 0.0;
            for (var i = 0; i < output.Length; i++)
            {
                squares += Math.Pow((double)output[i] - target[i], 2);
            }

            return squares / 2;
        }
    }
}

/// <summary>Half the square of a small error, and a straight line beyond a threshold: Huber 1964.</summary>
internal sealed class HuberLoss(double threshold = 1)
    : Loss("huber", "Half the square of a small error, a line beyond.", "Σ min(½ e², δ |e| − ½ δ²)")
{
    public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double> { ["threshold"] = threshold };

    protected override double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error)
    {
        for (var i = 0; i < output.Length; i++)
        {
            error[i] = Math.Clamp(output[i] - target[i], (float)-threshold, (float)threshold);
        }

        return ExampleLoss(output, target);
    }

    protected override double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        var sum = 0.0;
        for (var i = 0; i < output.Length; i++)
        {
            var e = Math.Abs((double)output[i] - target[i]);
            sum += e < threshold ? 0.5 * e * e : threshold * (e - (0.5 * threshold));
        }

        return sum;
    }
}

/// <summary>
/// The square of how far softmax outputs are from the targets, halved: Brier's score, on probabilities.
/// </summary>
internal sealed class BrierLoss()
    : Loss("brier", "Half the squared distance of softmax outputs from the targets.", "½ Σ (p − t)²", OutputFunction.Softmax)
{
    protected override double EvaluateExample(ReadOnlySpan<float> output, ReadOnlySpan<float> target, Span<float> error)
    {
        Span<double> p = stackalloc double[output.Length];
        Probabilities(output, p);
        var along = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            along += (p[i] - target[i]) * p[i];
        }

        for (var i = 0; i < p.Length; i++)
        {
            error[i] = (float)(p[i] * (p[i] - target[i] - along));
        }

        return ExampleLoss(output, target);
    }

    protected override double ExampleLoss(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        Span<double> p = stackalloc double[output.Length];
        Probabilities(output, p);
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            sum += 0.5 * (p[i] - target[i]) * (p[i] - target[i]);
        }

        return sum;
    }

    private static void Probabilities(ReadOnlySpan<float> output, Span<double> p)
    {
        double greatest = float.NegativeInfinity, sum = 0;
        foreach (var z in output)
        {
            greatest = Math.Max(greatest, z);
        }

        for (var i = 0; i < p.Length; i++)
        {
            sum += p[i] = Math.Exp(output[i] - greatest);
        }

        foreach (ref var one in p)
        {
            one /= sum;
        }
    }
}
