using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>The specs of the paper's mechanism experiments, as they are and made short.</summary>
public sealed class PhasedRunTests : IDisposable
{
    private const string Run = "feedback-alignment-1", Feedback = "feedback.output-hidden1.npy";

    private readonly TinyExperiment _experiments = new();

    public void Dispose() => _experiments.Dispose();

    /// <summary>Row 25 of the paper's checks, for the first seed.</summary>
    [Fact]
    public void AFrozenNetworkKeepsItsErrorThenLosesItAndLosesMoreThanksToTheFeedbackItHasSeen()
    {
        var run = _experiments.Run(OneSeed("freeze")).Record.Runs[0];
        var (begin, first, second, third) = (Error(run, 0), Error(run, 20_000), Error(run, 40_000), Error(run, 60_000));
        Assert.InRange(first / begin, 0.8, 1.2);
        Assert.InRange(second / first, 0, 0.75);
        Assert.InRange(third / second, 0, 0.95);
        Assert.InRange(Angle(run, 0), 75, 105);
        Assert.InRange(Angle(run, 40_000), 0, 60);
    }

    [Fact]
    public void FeedbackThatIsDrawnAnewIsNoHelp()
    {
        var run = _experiments.Run(OneSeed("freeze-redrawn")).Record.Runs[0];
        Assert.InRange(Error(run, 60_000) / Error(run, 40_000), 0.98, double.MaxValue);
        Assert.InRange(Angle(run, 40_000), 75, 105);
    }

    /// <summary>Row 26 of the paper's checks, for the first seed.</summary>
    [Fact]
    public void AtTheSwitchToFeedbackAlignmentTheErrorRisesAndFallsAgain()
    {
        var run = _experiments.Run(OneSeed("switch")).Record.Runs[0];
        var spike = run.Curve.Where(point => point.Examples > 4000).Max(point => point.ValidationError!.Value);
        Assert.InRange(spike / Error(run, 4000), 10, double.MaxValue);
        Assert.InRange(spike, 1e-3, 1);
        Assert.InRange(run.TestError!.Value / spike, 0, 0.1);
    }

    [Fact]
    public void TheRecordFollowsThePhases()
    {
        var (record, _) = _experiments.Run(Short("freeze"));
        var run = record.Runs[0];
        Assert.Equal((180, RunStatus.Completed), (run.Examples, run.Status));
        Assert.Equal([0, 60, 120, 180], run.Curve.Select(point => point.Examples));
        Assert.Equal([0, 60, 120, 180], run.AlignmentAngles["hidden1"].Select(angle => angle.Examples).Where(examples => examples is 0 or >= 60));
        Assert.Equal([60, 60, 60], record.Spec.Training.Phases!.Select(phase => phase.Examples));
    }

    [Fact]
    public void AReadingAtTheEndOfAPhaseIsOfTheFeedbackWeightsOfThatPhase()
    {
        var (kept, keptFolder) = _experiments.Run(Short("freeze"));
        var (redrawn, redrawnFolder) = _experiments.Run(Short("freeze-redrawn"));

        // The output weights learn the same whatever the feedback weights: all that differs after the second phase is what the instruments look at.
        Assert.Equal(Alignment(kept, 0), Alignment(redrawn, 0));
        Assert.Equal(Alignment(kept, 60), Alignment(redrawn, 60));
        Assert.Equal(kept.Runs[0].Curve[2], redrawn.Runs[0].Curve[2]);
        Assert.NotEqual(Alignment(kept, 120), Alignment(redrawn, 120));
        Assert.NotEqual(kept.Runs[0].Curve[3], redrawn.Runs[0].Curve[3]);

        var (first, second) = (TinyExperiment.Weights(keptFolder, Run)[Feedback], TinyExperiment.Weights(redrawnFolder, Run)[Feedback]);
        Assert.Equal(Drawn(new RandomStreams(1)), first[0, 0]);
        Assert.Equal(Drawn(new RandomStreams(1).Child("redrawn-2")), second[0, 0]);
    }

    [Fact]
    public void FeedbackThatIsDrawnAnewAndNotKeptLeavesTheSameBits()
    {
        var spec = Short("freeze-redrawn");
        var (kept, keptFolder) = _experiments.Run(spec);
        var (regenerated, folder) = _experiments.Run(spec with { Feedback = spec.Feedback with { Regenerate = true } });
        Assert.Equal(TinyExperiment.Outcome(kept.Runs[0]), TinyExperiment.Outcome(regenerated.Runs[0]));
        Assert.Equal(TinyExperiment.WeightBytes(keptFolder, Run), TinyExperiment.WeightBytes(folder, Run));
    }

    [Fact]
    public void TheRecordedSpecRunsToTheSameBits()
    {
        var (first, folder) = _experiments.Run(Short("freeze-redrawn"));
        var (again, second) = _experiments.Run(SpecReader.Read(File.ReadAllText(Path.Combine(folder, "spec.json")), Components.Standard));
        Assert.Equal(TinyExperiment.Outcome(first.Runs[0]), TinyExperiment.Outcome(again.Runs[0]));
        Assert.Equal(TinyExperiment.WeightBytes(folder, Run), TinyExperiment.WeightBytes(second, Run));
    }

    /// <summary>Before the switch the network learns just as under backpropagation, and the angle is that of the rule to come.</summary>
    [Fact]
    public void APhaseOfAnotherRuleHasItsSettingsAndTheInstrumentsOfTheRunsOwn()
    {
        PhaseSpec[] phases = [new() { Examples = 60, Rule = "backpropagation" }, new() { Examples = 60 }];
        var spec = Short("switch") with
        {
            RuleSettings = new Dictionary<string, RuleSettings> { ["backpropagation"] = new() { LearningRate = 0.02f } },
        };
        var (both, _) = _experiments.Run(spec with { Training = spec.Training with { Phases = phases } });
        var (exact, _) = _experiments.Run(spec with { Rules = ["backpropagation"], Training = spec.Training with { Phases = [new() { Examples = 120 }] } });

        var (switched, alone) = (both.Runs[0], exact.Runs[0]);
        Assert.Equal(alone.Curve.Single(point => point.Examples == 60).ValidationError, Error(switched, 60));
        Assert.Equal([0.02f, 0.02f, 0.005f], switched.Curve.Select(point => (float)point.LearningRate));
        Assert.InRange(Angle(switched, 60), 60, 120);
        Assert.NotEqual(alone.TestError, switched.TestError);
    }

    [Fact]
    public void ARuleWithoutFeedbackIsTheSameWhereOthersDrawAnew()
    {
        string[] rules = ["backpropagation"];
        var redrawn = Short("freeze-redrawn") with { Rules = [.. rules, "direct-feedback-alignment"] };
        Assert.Equal(
            TinyExperiment.Outcome(_experiments.Run(Short("freeze") with { Rules = rules }).Record.Runs[0]),
            TinyExperiment.Outcome(_experiments.Run(redrawn).Record.Runs[0]));
    }

    private static ExperimentSpec Spec(string name)
        => SpecReader.Read(File.ReadAllText(Path.Combine(Repository.Root, "specs", "paper", $"{name}.json")), Components.Standard);

    private static ExperimentSpec OneSeed(string name) => Spec(name) with { Seeds = [1] };

    /// <summary>Sixty examples a phase.</summary>
    private static ExperimentSpec Short(string name)
    {
        var spec = OneSeed(name);
        return spec with
        {
            Data = spec.Data with { Train = 180, Validation = 40, Test = 40 },
            Training = spec.Training with
            {
                Phases = [.. spec.Training.Phases!.Select(phase => phase with { Examples = 60 })],
                EvaluateEvery = 60,
                MeasureEvery = 60,
                MeasureExamples = 20,
            },
        };
    }

    private static float Drawn(RandomStreams streams)
    {
        var feedback = new Matrix(10, 20);
        WeightDistribution.Uniform(0.5).Draw(feedback, streams.Stream($"{RandomStreams.Feedback}/output"));
        return feedback[0, 0];
    }

    private static double Error(RunRecord run, long examples) => run.Curve.Single(point => point.Examples == examples).ValidationError!.Value;

    private static double Angle(RunRecord run, long examples) => run.AlignmentAngles["hidden1"].Single(angle => angle.Examples == examples).Degrees!.Value;

    private static AlignmentRecord Alignment(ExperimentRecord record, long examples)
        => record.Runs[0].Alignment.Single(reading => reading.Examples == examples && reading.Layer == "hidden1");
}
