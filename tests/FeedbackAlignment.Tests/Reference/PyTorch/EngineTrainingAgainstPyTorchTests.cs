using FeedbackAlignment.Tests.Reference.Modules;
using FeedbackAlignment.Tests.Reference.Rules;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>The engine's dense networks, losses and optimizers are PyTorch's: both compute in double.</summary>
public sealed class EngineTrainingAgainstPyTorchTests
{
    /// <summary>Twelve digits are written down.</summary>
    private const double Share = 1e-10;

    public static TheoryData<int> Dense() => Fixture.Numbers("dense");

    public static TheoryData<int> Optimizers() => Fixture.Numbers("optimizers");

    [Theory]
    [MemberData(nameof(Dense))]
    public void EveryActivationLossAndOptimizer(int number) => Agree(new(Fixture.Cases("dense")[number]));

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void OtherDecaysClippingSignsAndSmoothing(int number) => Agree(new(Fixture.Cases("optimizers")[number]));

    private static void Agree(DenseCase given)
    {
        var weights = given.Weights.ToDictionary(
            pair => pair.Key, pair => new Weight(pair.Key, pair.Key.EndsWith(".weights", StringComparison.Ordinal), pair.Value));
        Weight? Biases(Weight of) => weights.GetValueOrDefault(of.Name.Replace(".weights", ".biases", StringComparison.Ordinal));
        Dense[] layers = [.. weights.Values.Where(weight => weight.Decays).Select(weight => new Dense(weight, Biases(weight)))];
        var hidden = layers.SkipLast(1).Select(layer => new DenseStage(layer, new(given.Hidden)));
        var net = new Net([.. hidden, layers[^1]], new(given.Output), given.Loss);
        var (rule, optimizer) = (new LayerByLayer(net, weight => weight.Values), new PlainOptimizer(given.Optimizer));
        var targets = given.Targets.Map(target => (1 - given.Smoothing) * target + given.Smoothing / given.Sizes[^1]);
        for (var step = 1; step <= 20; step++)
        {
            var loss = rule.Estimate(given.Inputs, targets);
            if (step is 1 or 20)
            {
                Assert.Equal(given.LossAt(step), loss, Share);
                Compare(given.Gradients(step), weights, weight => weight.Gradient!, $"{given.Name}, gradient of step {step}");
            }

            optimizer.Step([.. net.Weights], given.Rate);
            if (step is 1 or 20)
            {
                Compare(given.WeightsAfter(step), weights, weight => weight.Values, $"{given.Name}, weights after step {step}");
            }
        }
    }

    private static void Compare(
        Dictionary<string, double[,]> expected, Dictionary<string, Weight> actual, Func<Weight, double[,]> of, string what)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, pair => Fixture.AssertClose(pair.Value, of(actual[pair.Key]), Share, $"{what}, {pair.Key}"));
    }
}
