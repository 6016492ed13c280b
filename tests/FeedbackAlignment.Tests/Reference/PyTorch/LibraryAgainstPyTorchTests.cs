using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>The library's backpropagation, losses and optimizers are PyTorch's, but for what single precision rounds.</summary>
public sealed class LibraryAgainstPyTorchTests
{
    /// <summary>
    /// An error passes up to three layers on its way up and three down: in each it is rounded some 14 times, 5 terms of a sum and what else
    /// is computed, by half of 2⁻²³ each. Steps add up; RMSProp and Adam divide by what may be small.
    /// </summary>
    private const double Share = 6 * 14 * 0.5 / (1 << 23), ShareAfterTwenty = 20 * Share;

    public static TheoryData<int> Dense() => Fixture.Numbers("dense");

    [Theory]
    [MemberData(nameof(Dense))]
    public void OneStepAndTwenty(int number) => Agree(new(Fixture.Cases("dense")[number]));

    public static TheoryData<int> Recipes()
        => [.. Fixture.Numbers("optimizers").Select(row => row.Data).Where(number => IsOurs(new(Fixture.Cases("optimizers")[number])))];

    /// <summary>Where decay spares biases, as it always does here.</summary>
    [Theory]
    [MemberData(nameof(Recipes))]
    public void ClippingAdamWCoupledDecaySignsAndSmoothing(int number) => Agree(new(Fixture.Cases("optimizers")[number]));

    [Fact]
    public void FourteenCasesAreOurs() => Assert.Equal(14, Recipes().Count);

    private static bool IsOurs(DenseCase given) => !given.Optimizer.BiasesDecay;

    private static void Agree(DenseCase given)
    {
        var network = NetworkOf(given);
        var rule = new BackpropagationRule(Some.Setup(network, Loss.Standard.Get(given.Loss).WithLabelSmoothing((float)given.Smoothing)));
        var gradients = new Gradients(network.Parameters, network.Compute);
        var batch = new Batch(given.Inputs.Single(), given.Targets.Single());
        var optimizer = OptimizerOf(given.Optimizer, network.Parameters);
        var clipping = double.IsFinite(given.Optimizer.Clip) ? new GradientClipping(network.Parameters, (float)given.Optimizer.Clip) : null;
        for (var step = 1; step <= 20; step++)
        {
            var loss = rule.EstimateGradients(batch, gradients);
            var share = step == 1 ? Share : ShareAfterTwenty;
            if (step is 1 or 20)
            {
                Assert.Equal(given.LossAt(step), loss, share * Math.Max(1, given.LossAt(step)));
                Compare(given.Gradients(step), parameter => gradients[parameter].Values, $"{given.Name}, gradient of step {step}");
            }

            clipping?.Clip(gradients);
            optimizer.Step(gradients, (float)given.Rate);
            if (step is 1 or 20)
            {
                Compare(given.WeightsAfter(step), parameter => parameter.Read(), $"{given.Name}, weights after step {step}");
            }

            void Compare(Dictionary<string, double[,]> expected, Func<Parameter, Matrix> of, string what) => Assert.All(
                network.Parameters, parameter
                    => Fixture.AssertClose(expected[parameter.Name], Table.Of(of(parameter)), share, $"{what}, {parameter.Name}"));
        }
    }

    public static TheoryData<int> Pointwise() => Fixture.Numbers("pointwise");

    /// <summary>Functions and derivatives, given the pre-activations of the fixture; rounding is some ten times half of 2⁻²³.</summary>
    [Theory]
    [MemberData(nameof(Pointwise))]
    public void EveryActivation(int number)
    {
        var given = Fixture.Cases("pointwise")[number];
        if (Activation.Standard.Entries.FirstOrDefault(known => known.Id == given.Text("module").Replace('_', '-')) is not { } activation)
        {
            Assert.Contains(given.Text("module"), (string[])["gelu_tanh", "dropout"]);
            return;
        }

        var (input, error) = (given.Tables("inputs")["x"].Single(), given.GetProperty("error").Table().Single());
        var output = input.Copy();
        activation.Apply(output);
        Fixture.AssertClose(given.GetProperty("output").Table(), Table.Of(output), 10 * 0.5 / (1 << 23), activation.Id);
        activation.MultiplyByDerivative(error, input, output);
        Fixture.AssertClose(given.Tables("errorsBelow")["x"], Table.Of(error), 10 * 0.5 / (1 << 23), activation.Id);
    }

    private static Network NetworkOf(DenseCase given)
    {
        var network = Network.Mlp(string.Join('-', given.Sizes), seed: 1, new()
        {
            Hidden = Activation.FromId(given.Hidden),
            Output = Activation.FromId(given.Output),
            Bias = given.Weights.Keys.Any(name => name.EndsWith(".biases", StringComparison.Ordinal)),
        });
        Assert.Equal(given.Weights.Keys.Order(), network.Parameters.Select(parameter => parameter.Name).Order());
        foreach (var parameter in network.Parameters)
        {
            parameter.Set(given.Weights[parameter.Name].Single());
        }

        return network;
    }

    private static Optimizer OptimizerOf(OptimizerNumbers numbers, IReadOnlyList<Parameter> parameters)
    {
        var (decay, epsilon, momentum) = ((float)numbers.Decay, (float)numbers.Epsilon, (float)numbers.Momentum);
        var mode = numbers.DecayIsInTheGradient ? WeightDecayMode.Coupled : WeightDecayMode.TimesLearningRate;
        return numbers.Kind switch
        {
            "rmsprop" => new RmsProp(parameters, (float)numbers.Rho, epsilon, decay, mode),
            "adam" => new Adam(parameters, (float)numbers.Beta1, (float)numbers.Beta2, epsilon, decay, mode),
            _ when numbers.TakesSigns => new SignSgd(parameters, momentum, numbers.Kind == "nesterov", decay, mode),
            _ => new Sgd(parameters, momentum, numbers.Kind == "nesterov", decay, mode),
        };
    }
}
