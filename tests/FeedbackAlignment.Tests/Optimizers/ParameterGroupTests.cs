using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Training;

namespace FeedbackAlignment.Tests.Optimizers;

/// <summary>Parameters that move at a rate and decay of their own.</summary>
public sealed class ParameterGroupTests
{
    public static TheoryData<string, int> OptimizersAndBatches()
    {
        var cases = new TheoryData<string, int>();
        foreach (var name in EveryOptimizer.All)
        {
            cases.Add(name, 1);
            cases.Add(name, 8);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(OptimizersAndBatches))]
    public void GroupsThatMoveAlikeHaveTheBitsOfOne(string name, int batch)
    {
        foreach (var mode in Enum.GetValues<WeightDecayMode>())
        {
            Some.AssertSameBits(
                Train(name, batch, 0.05f, mode, parameters => [new(parameters) { WeightDecay = 0.1f }]),
                Train(name, batch, 0.05f, mode, parameters => [.. parameters.Select(p => new ParameterGroup([p]) { WeightDecay = 0.1f })]));
        }
    }

    [Theory]
    [MemberData(nameof(OptimizersAndBatches))]
    public void GroupsAreOptimizersSideBySide(string name, int batch)
    {
        foreach (var mode in Enum.GetValues<WeightDecayMode>())
        {
            ParameterGroup[] Groups(IReadOnlyList<Parameter> parameters) =>
            [
                .. parameters.Index().Select(parameter => new ParameterGroup([parameter.Item])
                {
                    LearningRateFactor = 1 + (0.1f * parameter.Index), WeightDecay = 0.2f / (1 + parameter.Index),
                }),
            ];
            var apart = Train(batch, parameters => [.. Groups(parameters)
                .Select(group => (
                EveryOptimizer.Create(name, group.Parameters, group.WeightDecay, mode), 0.05f * group.LearningRateFactor))]);
            Some.AssertSameBits(apart, Train(batch, parameters => [(EveryOptimizer.Create(name, Groups(parameters), mode), 0.05f)]));
        }
    }

    /// <summary>Powers of two, so that no product rounds.</summary>
    [Theory]
    [MemberData(nameof(OptimizersAndBatches))]
    public void AFactorOnAllIsThatFactorOnTheLearningRate(string name, int batch)
    {
        foreach (var (factor, mode) in ((float, WeightDecayMode)[])[(0.5f, default), (4, default), (0.25f, WeightDecayMode.PerStep)])
        {
            var expected = Train(name, batch, 0.05f * factor, mode, parameters => [new(parameters) { WeightDecay = 0.1f }]);
            Some.AssertSameBits(expected, Train(name, batch, 0.05f, mode,
                parameters => [new(parameters) { WeightDecay = 0.1f, LearningRateFactor = factor }]));
            Assert.False(Some.SameBits(
                expected[0], Train(name, batch, 0.05f, mode, parameters => [new(parameters) { WeightDecay = 0.1f }])[0]));
        }
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        var parameter = new Parameter("p", ParameterKind.Weights, Some.Matrix(2, 3, 1));
        foreach (var factor in (float[])[0, -1, float.NaN, float.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new ParameterGroup([parameter]) { LearningRateFactor = factor });
        }

        foreach (var decay in (float[])[-1, float.NaN, float.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new ParameterGroup([parameter]) { WeightDecay = decay });
        }

        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Sgd([new ParameterGroup([parameter]) { WeightDecay = 1 }], decayMode: WeightDecayMode.PerStep));
        Assert.StartsWith("p (2 × 3) is given twice; one optimizer moves a parameter once in each step",
            Assert.Throws<ArgumentException>(() => new Adam([new ParameterGroup([parameter]), new ParameterGroup([parameter])])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>W − B would shrink to 0 no more.</summary>
    [Theory]
    [InlineData("kolen-pollack")]
    [InlineData("product-feedback-alignment")]
    [InlineData("backpropagation+kolen-pollack")]
    public void ATrainerRefusesFeedbackThatMustGoTheStepsOfForwardWeightsAndDoesNot(string rule)
    {
        var plan = new Plan { Rule = rule };
        var refused = Assert.Throws<ArgumentException>(() => (plan with { Optimizer = Own(0.5f, 0) }).Begin());
        Assert.StartsWith(
            "output.feedback must have the learning rate factor and weight decay of output.weights, 1 and 0, has 0.5 and 0: under ",
            refused.Message.Replace("hidden2", "output", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => (plan with { Optimizer = Own(1, 0.1f) }).Begin());
        (plan with { Optimizer = Own(1, 0) }).Begin();

        // Steps that are not linear in what is added to a gradient would drive them apart, though all numbers are the same.
        foreach (var name in (string[])["rmsprop", "adam"])
        {
            var parted = Assert.Throws<ArgumentException>(() => (plan with
            {
                Optimizer = parameters => EveryOptimizer.Create(name, parameters, 0.1f, WeightDecayMode.Coupled),
            }).Begin()).Message;
            Assert.StartsWith($"{name} with coupled weight decay takes ", parted, StringComparison.Ordinal);
            Assert.Contains("they must go the same steps; choose another meaning of the decay, or SGD", parted, StringComparison.Ordinal);
            (plan with { Optimizer = parameters => EveryOptimizer.Create(name, parameters, 0, WeightDecayMode.Coupled) }).Begin();
            (plan with { Optimizer = parameters => EveryOptimizer.Create(name, parameters, 0.1f) }).Begin();
        }

        (plan with { Optimizer = parameters => EveryOptimizer.Create("nesterov", parameters, 0.1f, WeightDecayMode.Coupled) }).Begin();

        static Func<IReadOnlyList<Parameter>, Optimizer> Own(float factor, float decay) => parameters => new Sgd(
        [
            new ParameterGroup(parameters.Where(p => !p.Name.EndsWith(".feedback", StringComparison.Ordinal))),
            new ParameterGroup(parameters.Where(p => p.Name.EndsWith(".feedback", StringComparison.Ordinal)))
            {
                LearningRateFactor = factor,
                WeightDecay = decay,
            },
        ]);
    }

    /// <summary>
    /// A rule whose feedback learns by the very gradients of forward weights tends to them by equal steps alone, and has to say so. Direct
    /// Kolen–Pollack has them in its last layer only, and its authors let it learn at another rate.
    /// </summary>
    [Fact]
    public void EveryRuleWhoseFeedbackLearnsAsForwardWeightsDoTiesThem()
    {
        List<string> tied = [];
        foreach (var entry in RuleCatalog.Standard.Entries.Where(entry => entry.LearnsFeedback && entry.Id != "direct-kolen-pollack"))
        {
            var setup = Some.Setup(Some.Network("7-6-5-3", 1));
            var rule = entry.Create(setup);
            var gradients = new Gradients(rule.LearnedParameters, setup.Network.Compute);
            rule.EstimateGradients(Some.Batch(setup.Network, 5, 2), gradients);
            foreach (var feedback in rule.Parameters.Where(p => p.Kind == ParameterKind.Weights))
            {
                foreach (var layer in setup.Network.Layers.Where(l => (l.Outputs, l.Inputs) == (feedback.Rows, feedback.Columns)))
                {
                    if (Some.SameBits(gradients[layer.Weights].Values, gradients[feedback].Values))
                    {
                        Assert.Contains(new TiedWeights(feedback, layer.Weights), rule.Ties);
                        tied.Add(entry.Id);
                    }
                }
            }
        }

        Assert.Equal(["kolen-pollack", "kolen-pollack"], tied);
    }

    /// <summary>The smallest factor leaves feedback that learns from noise where it began: it is feedback alignment's.</summary>
    [Fact]
    public void FeedbackThatHardlyLearnsIsFeedbackAlignments()
    {
        var (mirror, setup) = (Some.Setup(Some.Network("7-6-5-3", 1)), Some.Setup(Some.Network("7-6-5-3", 1)));
        var (learning, still) = (new WeightMirrorRule(mirror), new FeedbackAlignmentRule(setup));
        ParameterGroup[] groups = [new(mirror.Network.Parameters), new(learning.Parameters) { LearningRateFactor = float.Epsilon }];
        var own = new Sgd(groups);
        var plain = new Sgd(setup.Network.Parameters);
        var (gradients, others) = (new Gradients(learning.LearnedParameters, mirror.Network.Compute),
            new Gradients(still.LearnedParameters, setup.Network.Compute));
        for (var step = 0; step < 20; step++)
        {
            learning.EstimateGradients(Some.Batch(mirror.Network, 4, (ulong)step), gradients);
            own.Step(gradients, 0.05f);
            still.EstimateGradients(Some.Batch(setup.Network, 4, (ulong)step), others);
            plain.Step(others, 0.05f);
        }

        Some.AssertSameBits(Some.Copies(setup.Network.Parameters), Some.Copies(mirror.Network.Parameters));
    }

    [Fact]
    public void ATrainingInGroupsGoesOnToTheSameBits()
    {
        foreach (var name in EveryOptimizer.All)
        {
            var plan = new Plan
            {
                Rule = "weight-mirror",
                Optimizer = parameters => EveryOptimizer.Create(name, parameters.Index().Select(p => new ParameterGroup([p.Item])
                {
                    LearningRateFactor = 1 + (0.1f * p.Index),
                    WeightDecay = 0.01f * p.Index,
                })),
            };
            Some.AssertSameBits(plan.Weights(), plan.Weights(plan.Saved()));
        }
    }

    private static Matrix[] Train(
        string name, int batch, float rate, WeightDecayMode mode, Func<IReadOnlyList<Parameter>, ParameterGroup[]> groups)
        => Train(batch, parameters => [(EveryOptimizer.Create(name, groups(parameters), mode), rate)]);

    private static Matrix[] Train(int batch, Func<IReadOnlyList<Parameter>, (Optimizer Mover, float Rate)[]> movers)
    {
        var network = Some.Network("40-130-9-3", 1);
        var rule = new WeightMirrorRule(Some.Setup(network));
        var optimizers = movers(rule.LearnedParameters);
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        for (var step = 0; step < 25; step++)
        {
            rule.EstimateGradients(Some.Batch(network, batch, (ulong)(5 + (step % 7))), gradients);
            foreach (var (mover, rate) in optimizers)
            {
                mover.Step(gradients, rate);
            }
        }

        return Some.Copies(rule.LearnedParameters);
    }
}
