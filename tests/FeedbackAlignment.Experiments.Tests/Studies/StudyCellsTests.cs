using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Experiments.Tests.Runs;

namespace FeedbackAlignment.Experiments.Tests.Studies;

public sealed class StudyCellsTests
{
    private static readonly LoadedData _data = TinyExperiment.Load(TinyExperiment.Spec);

    [Fact]
    public void ListZipAndGridMultiply()
    {
        var study = Spec("""
            "grid": { "feedback.scale": [1, 2], "loss": ["softmax-cross-entropy", "squared-error"] },
            "zip": { "training.batchSize": [8, 16], "optimizer.learningRate": [0.1, 0.2] },
            "list": [{ "network.layers": "784-8-10" }, {}]
            """).Study!;
        var cells = StudyCells.Of(study);
        Assert.Equal(16, cells.Count);
        Assert.Equal(StudyChecks.Cells(study), cells.Count);
        Assert.Equal(
            "network.layers=784-8-10, training.batchSize=8, optimizer.learningRate=0.1, feedback.scale=1, loss=softmax-cross-entropy",
            StudyCells.InWords(cells[0]));
        Assert.Equal(
            "network.layers=784-8-10, training.batchSize=8, optimizer.learningRate=0.1, feedback.scale=1, loss=squared-error",
            StudyCells.InWords(cells[1]));
        Assert.Equal("training.batchSize=16, optimizer.learningRate=0.2, feedback.scale=2, loss=squared-error",
            StudyCells.InWords(cells[^1]));
    }

    [Fact]
    public void ASettingIsReadAsInASpec()
    {
        var spec = Spec("\"list\": [{ \"network.spiking.steps\": 7, \"ruleSettings.feedback-alignment.feedbackScale\": 2, \"feedback.rank\": null }]");
        var cell = StudyCells.Spec(spec with
        {
            Network = spec.Network with { Activation = "logistic" },
            Loss = "logistic-cross-entropy",
            Training = spec.Training with { BatchSize = 1 }
        }, StudyCells.Of(spec.Study!)[0], Components.Standard);
        Assert.Equal((7, 2f, null), (cell.Network.Spiking!.Steps, cell.RuleSettings["feedback-alignment"].FeedbackScale, cell.Study));
    }

    [Fact]
    public void AnotherOptimizerStartsFromItsOwnDefaults()
    {
        var spec = Spec("\"grid\": { \"optimizer.kind\": [\"sgd\", \"adam\"] }");
        var cells = StudyCells.Of(spec.Study!).Select(cell => StudyCells.Spec(spec, cell, Components.Standard).Optimizer).ToList();
        Assert.Equal([("sgd", 0.9f), ("adam", 0f)], cells.Select(optimizer => (optimizer.Kind, optimizer.Momentum)));
    }

    [Fact]
    public void AllMistakesOfAllSettingsAreToldAndTheSameOnce()
    {
        var spec = Spec("\"grid\": { \"feedback.scale\": [-1, 1, 0], \"network.layers\": [\"784-8-10\", \"784-x-10\", \"784-8-9\"] }");
        var mistakes = Assert.Throws<SpecException>(() => StudyPlan.Of(spec, _data, Components.Standard)).Problems;
        Assert.Equal(
            [
                "feedback.scale: must be > 0, was -1 (in 3 of 9 settings, first feedback.scale=-1, network.layers=784-8-10)",
                "feedback.scale: must be > 0, was 0 (in 3 of 9 settings, first feedback.scale=0, network.layers=784-8-10)",
            ],
            mistakes.Where(mistake => mistake.Path == "feedback.scale").Select(mistake => $"{mistake}"));
        Assert.Contains(mistakes, mistake => mistake.Message.Contains("write 784-8-10 (in 3 of 9 settings", StringComparison.Ordinal));
    }

    [Fact]
    public void EqualRunsAreOne()
    {
        var plan = StudyPlan.Of(Spec("\"grid\": { \"feedback.scale\": [0.5, 1, 2] }"), _data, Components.Standard);
        Assert.Equal((12, 8), (plan.Planned.Count, plan.Names.Count));
        Assert.Single(plan.Planned.Where(run => run is { Rule: "backpropagation", Seed: 1 }).Select(run => run.Name).Distinct());
        Assert.Equal(3, plan.Planned.Where(run => run is { Rule: "feedback-alignment", Seed: 1 }).Select(run => run.Name).Distinct()
            .Count());

        // All settings with the first seed come before any with the second.
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2], plan.Names.Select(name => plan[name].Seed));
    }

    [Fact]
    public void ASpecWithoutAStudyIsAStudyOfOneSetting()
    {
        var plan = StudyPlan.Of(TinyExperiment.Spec, _data, Components.Standard);
        Assert.Equal(4, plan.Names.Count);
        Assert.All(plan.Planned, run => Assert.Empty(run.Settings));
    }

    [Fact]
    public void ARunThatIsAnotherNowIsRefused()
    {
        var plan = StudyPlan.Of(TinyExperiment.Spec, _data, Components.Standard);
        var changed = StudyPlan.Read(TinyExperiment.Spec with { Optimizer = new() { LearningRate = 0.3f } }, _data.Record, plan.DataHash,
            plan.Planned, Components.Standard);
        var other = StudyPlan.Read(TinyExperiment.Spec, _data.Record, "other data", plan.Planned, Components.Standard);
        Assert.Equal(["backpropagation"], plan.SpecOf(plan.Planned[0]).Rules);
        Assert.All((StudyPlan[])[changed, other], now
            => Assert.Contains("have changed", Assert.Throws<Experiments.Runs.FolderException>(() => now.SpecOf(plan.Planned[0])).Message,
                StringComparison.Ordinal));
    }

    private static ExperimentSpec Spec(string study) => SpecReader.Read(
        $$"""
        { "rules": ["backpropagation", "feedback-alignment"], "seeds": [1, 2], "data": { "train": 60, "validation": 40, "test": 50 },
          "network": { "layers": "784-8-10" },
          "training": { "epochs": 2, "batchSize": 16, "measureExamples": 20 }, "study": { {{study}} } }
        """, Components.Standard);
}
