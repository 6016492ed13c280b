using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Specs.Fields;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Tests.Specs;

public sealed class SpecValidatorTests
{
    [Fact]
    public void TheDefaultSpecIsValid() => Assert.Empty(SpecValidator.Validate(new ExperimentSpec(), TestSpecs.Components));

    [Fact]
    public void SpecsMadeInCodeAreChecked()
    {
        var spec = new ExperimentSpec
        {
            Name = null!,
            Rules = null!,
            Network = new() { Layers = "784--10", Initialization = null! },
            Optimizer = new() { LearningRate = float.NaN, Epsilon = float.PositiveInfinity },
            RuleSettings = new Dictionary<string, RuleSettings> { ["hebb"] = null! },
        };
        Assert.Equal(
            [
                "name: must not be null",
                "rules: must not be null",
                """network.layers: "784--10": a size is missing; write sizes joined by "-", e.g. 784-1000-10 or 784-4x240-10""",
                "network.initialization: must not be null",
                "optimizer.learningRate: must be a finite number > 0, was NaN",
                "optimizer.epsilon: must be a finite number > 0, was Infinity",
                "ruleSettings.hebb: there is no rule \"hebb\"; the rules are backpropagation, feedback-alignment, direct-feedback-alignment, shallow, node-perturbation",
            ],
            SpecValidator.Validate(spec, TestSpecs.Components).Select(problem => problem.ToString()));
    }

    [Fact]
    public void AFeedbackSchemeOfZeroIsAllowedForWeightsOnly()
    {
        var spec = new ExperimentSpec
        {
            Network = new() { Initialization = new() { Scheme = "zero" } },
            Feedback = new() { Scheme = "zero" },
        };
        Assert.Equal("feedback.scheme", SpecValidator.Validate(spec, TestSpecs.Components).Single().Path);
    }

    [Fact]
    public void ZeroWeightsUnderReluAreAllowedWithoutHiddenLayer()
    {
        var spec = new ExperimentSpec
        {
            Network = new() { Layers = "784-10", Activation = Activation.Relu.Id, Initialization = new() { Scheme = "zero" } },
        };
        Assert.Empty(SpecValidator.Validate(spec, TestSpecs.Components));
    }

    [Theory]
    [InlineData("700-1000-10", 784, 10, true,
        "network.layers: the first layer is 700 wide, but the data have 784 inputs; write 784-1000-10")]
    [InlineData("784-10", 784, 47, true, "network.layers: the last layer is 10 wide, but the data have 47 classes; write 784-47")]
    [InlineData("3-9-8-2", 4, 1, true, "network.layers: the first layer is 3 wide, but the data have 4 inputs; write 4-9-8-1")]
    [InlineData("3-2", 3, 2, false, "loss: softmax-cross-entropy needs class labels, but the targets of these data are numbers; write squared-error")]
    public void WhatDoesNotFitTheDataIsSaid(string layers, int inputs, int outputs, bool classification, string message)
    {
        var spec = new ExperimentSpec
        {
            Data = new() { Source = "./folder" },
            Network = new() { Layers = layers },
            Loss = "softmax-cross-entropy",
        };
        Assert.Empty(SpecValidator.Validate(spec, TestSpecs.Components));
        Assert.Equal(message,
            SpecValidator.ValidateForData(spec, Shape.Flat(inputs), outputs, classification, Components.Standard).Single().ToString());
    }

    [Fact]
    public void WhatFitsTheDataHasNoProblems()
    {
        Assert.Empty(SpecValidator.ValidateForData(new ExperimentSpec(), Shape.Flat(784), 10, classification: true, Components.Standard));
        Assert.Empty(SpecValidator.ValidateForData(TestSpecs.Unusual, Shape.Flat(3), 2, classification: false, Components.Standard));
    }

    [Fact]
    public void EveryNumberOfASpecHasBounds()
    {
        var numbers = typeof(ExperimentSpec).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(ExperimentSpec).Namespace && (type.Name.EndsWith("Spec", StringComparison.Ordinal) || type == typeof(RuleSettings)))
            .SelectMany(type => type.GetProperties())
            .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { IsPrimitive: true } type && type != typeof(bool))
            .ToList();
        Assert.True(numbers.Count > 25);
        Assert.All(numbers, number => Assert.True(number.IsDefined(typeof(Bounds), inherit: false), $"{number.DeclaringType!.Name}.{number.Name}"));
    }
}
