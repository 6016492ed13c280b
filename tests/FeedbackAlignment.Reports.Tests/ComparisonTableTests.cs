using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Tests;

public sealed class ComparisonTableTests
{
    private static readonly double[] _reference = [0.020, 0.022, 0.024];
    private static readonly double[] _feedback = [0.021, 0.024, 0.027];

    [Fact]
    public void MeanAndDeviationAreThoseOfTheSeeds()
    {
        var row = Row(Known(), "feedback-alignment");

        Assert.Equal(0.024, row.TestError!.Mean, 12);
        Assert.Equal(0.003, row.TestError.Deviation!.Value, 12);
        Assert.Equal("2.40 ± 0.30 %\n[1.65, 3.15]", row.Cells[1]);
    }

    [Fact]
    public void DifferenceIsPairedBySeed()
    {
        // 0.1, 0.2 and 0.3 points: mean 0.2, s 0.1, t(0.975; 2) = 4.3027, half width 0.2484.
        var shuffled = Known() with { Runs = [.. Known().Runs.Reverse()] };
        foreach (var experiment in new[] { Known(), shuffled })
        {
            var row = Row(experiment, "feedback-alignment");
            Assert.Equal(3, row.Difference!.Count);
            Assert.Equal(0.002, row.Difference.Mean, 12);
            Assert.Equal(0.00248414, row.Difference.HalfWidth!.Value, 8);
            Assert.Equal("+0.20 points\n[−0.05, +0.45]", row.Cells[2]);
        }
    }

    [Fact]
    public void ADivergedRunIsCountedButNotAveraged()
    {
        var row = Row(Known().With(run => run is { Rule: "feedback-alignment", Seed: 3 }, SampleExperiment.Diverge), "feedback-alignment");

        Assert.Equal((2, 1, 0), (row.Completed, row.Diverged, row.Cancelled));
        Assert.Equal(0.0225, row.TestError!.Mean, 12);
        Assert.Equal(2, row.Difference!.Count);
        Assert.Equal("2 completed, 1 diverged", row.Outcomes);
    }

    [Fact]
    public void ACancelledRunsErrorIsNotAResult()
    {
        var row = Row(Known().With(run => run.Rule == "feedback-alignment", SampleExperiment.Cancel), "feedback-alignment");

        Assert.Null(row.TestError);
        Assert.Null(row.Difference);
        Assert.Equal("–", row.Cells[1]);
        Assert.Equal(3, row.Cancelled);
    }

    [Fact]
    public void RunsThatNeverBeganAreNamed()
    {
        var experiment = Known();
        var row = Row(experiment with { Runs = [.. experiment.Runs.Where(run => run.Rule == "backpropagation")] }, "feedback-alignment");

        Assert.Equal(3, row.NotStarted);
        Assert.Equal("3 not started", row.Cells[^1]);
    }

    [Fact]
    public void WithoutBackpropagationThereIsNoDifference()
    {
        Assert.Null(Row(SampleExperiment.Digits(["feedback-alignment"]), "feedback-alignment").Difference);
    }

    [Fact]
    public void AnUndefinedFinalAngleIsLeftOutOfItsMean()
    {
        var experiment = Known().With(run => run.Seed == 1, run => run with
        {
            AlignmentAngles = new Dictionary<string, IReadOnlyList<AngleRecord>> { ["hidden1"] = [new(0, 90), new(100, null)] },
        }).With(run => run.Seed != 1, run => run with
        {
            AlignmentAngles = new Dictionary<string, IReadOnlyList<AngleRecord>> { ["hidden1"] = [new(0, 90), new(100, 30)] },
        });

        var angle = Assert.Single(Row(experiment, "feedback-alignment").Angles);
        Assert.Equal(("hidden1", 2, 30.0), (angle.Layer, angle.Degrees!.Count, angle.Degrees.Mean));
    }

    [Fact]
    public void LayersGoUpFromTheInput()
    {
        var angles = Enumerable.Range(1, 11).Reverse().ToDictionary(layer => $"hidden{layer}", _ => (IReadOnlyList<AngleRecord>)[new(0, 90)]);
        var row = Row(Known().With(_ => true, run => run with { AlignmentAngles = angles }), "feedback-alignment");

        Assert.Equal(Enumerable.Range(1, 11).Select(layer => $"hidden{layer}"), row.Angles.Select(angle => angle.Layer));
    }

    [Fact]
    public void RowsHaveACellPerHeading()
    {
        Assert.All(ComparisonTable.Of([SampleExperiment.Digits(), SampleExperiment.Regression()]).Rows, row => Assert.Equal(ComparisonTable.Headings.Count, row.Cells.Count));
    }

    [Fact]
    public void SeveralExperimentsAreToldApart()
    {
        var named = ComparisonTable.Of([SampleExperiment.Digits(["shallow"], name: "wide"), SampleExperiment.Digits(["shallow"], name: "narrow")]);
        var alike = ComparisonTable.Of([SampleExperiment.Digits(["shallow"]), SampleExperiment.Digits(["shallow"])]);

        Assert.Equal(["Shallow learning · wide", "Shallow learning · narrow"], named.Rows.Select(row => row.Label));
        Assert.Equal(["Shallow learning · A", "Shallow learning · B"], alike.Rows.Select(row => row.Label));
    }

    [Fact]
    public void NoExperimentIsAnError() => Assert.Throws<ArgumentException>(() => ComparisonTable.Of([]));

    private static ExperimentRecord Known() => SampleExperiment.Digits(["backpropagation", "feedback-alignment"])
        .With(_ => true, run => run with { TestError = (run.Rule == "backpropagation" ? _reference : _feedback)[(int)run.Seed - 1] });

    private static ComparisonRow Row(ExperimentRecord experiment, string rule) => ComparisonTable.Of([experiment]).Rows.Single(row => row.Rule == rule);
}
