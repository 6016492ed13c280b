using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Tests.Specs;

public sealed class LabelChecksTests
{
    [Fact]
    public void ARuleThatNeedsLabelsIsRefusedWhereTargetsAreNumbersAlsoInAPhase()
    {
        var spec = new ExperimentSpec
        {
            Rules = ["shallow", "forward-forward"],
            Data = new() { Source = DataSourceIds.TeacherTanh },
            Loss = "squared-error",
            Training = new() { Epochs = null, Phases = [new() { Examples = 10, Rule = "forward-forward" }] },
        };
        const string Says = "forward-forward puts labels into the inputs, but the targets of these data are numbers; leave it out";
        Assert.Equal([$"rules[1]: {Says}", $"training.phases[0].rule: {Says}"],
            SpecValidator.Validate(spec, Components.Standard).Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData(784, 10, 0)]
    [InlineData(10, 10, 0)]
    [InlineData(9, 10, 1)]
    [InlineData(9, 1, 1)]
    public void ThereMustBeTwoClassesAndRoomForThemInTheInputs(int inputs, int classes, int mistakes)
    {
        var problems = SpecValidator.ValidateForData(new ExperimentSpec { Rules = ["forward-forward", "pepita"] }, Shape.Flat(inputs), classes,
            classification: true, Components.Standard);
        Assert.Equal(mistakes, problems.Count);
        Assert.All(problems, problem => Assert.Equal(
            ("rules[0]", $"forward-forward puts labels into the inputs and needs at least 2 classes and as many inputs; these data have {classes} and {inputs}; leave it out"),
            (problem.Path, problem.Message)));
    }

    [Fact]
    public void TheRulesWithoutABackwardPathAreRefusedWithASpikingNetwork()
    {
        string[] rules = ["weight-perturbation", "difference-target-propagation", "forward-forward", "pepita"];
        var spec = new ExperimentSpec
        {
            Rules = rules,
            Network = new() { Activation = Activation.Logistic.Id, Spiking = new() },
            Loss = "logistic-cross-entropy",
            Training = new() { BatchSize = 1 },
        };
        Assert.Equal(
            rules.Select((rule, index) => $"rules[{index}]: {rule} does not work with network.spiking; leave one of the two out"),
            SpecValidator.Validate(spec, Components.Standard).Select(problem => problem.ToString()));
    }
}
