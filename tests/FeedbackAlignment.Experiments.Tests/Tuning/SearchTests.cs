using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tuning;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Tuning;

/// <summary>Rungs, draws and judgement, without a training.</summary>
public sealed class SearchTests
{
    private static readonly TuningSpec _tuning = new()
    {
        Space = new Dictionary<string, RangeSpec>
        {
            ["learningRate"] = new() { From = 1e-4, To = 1 },
            ["feedbackScale"] = new() { From = 0, To = 8, Scale = RangeScaleIds.Linear },
            ["options.noise"] = new() { From = 1e-3, To = 0.1 },
        },
    };

    [Theory]
    [InlineData(12, 3, 3)]
    [InlineData(10, 3, 3)]
    [InlineData(3, 3, 3)]
    [InlineData(24, 2, 4)]
    [InlineData(7, 4, 2)]
    public void RungsSpendTheBudgetToTheLastExample(int trials, int rungs, int eta)
    {
        var shortest = 7;
        var full = shortest * (long)Math.Pow(eta, rungs - 1);
        var plan = Rung.Of(new() { Method = TuningMethodIds.SuccessiveHalving, Trials = trials, Rungs = rungs, Eta = eta }, full);

        Assert.Equal(trials * full, plan.Sum(rung => rung.Trials * rung.Examples));
        Assert.Equal((rungs, shortest, full), (plan.Count, plan[0].Examples, plan[^1].Examples));
        Assert.All(plan.Zip(plan.Skip(1)), pair => Assert.True(pair.First.Trials >= eta * pair.Second.Trials));
        Assert.True(plan[^1].Trials >= 1);
    }

    [Theory]
    [InlineData(12, 3, 3)]
    [InlineData(10, 3, 3)]
    [InlineData(4, 3, 3)]
    [InlineData(3, 3, 3)]
    [InlineData(2, 2, 4)]
    [InlineData(24, 2, 4)]
    public void TheSpecsOwnSettingIsOnTheLastRungAndInTheBudget(int trials, int rungs, int eta)
    {
        var full = 7 * (long)Math.Pow(eta, rungs - 1);
        var plan = Rung.Of(new()
        {
            Method = TuningMethodIds.SuccessiveHalving,
            Trials = trials,
            Rungs = rungs,
            Eta = eta,
            FinalSeeds = [1, 2]
        }, full);

        Assert.Equal(trials * full, plan.Sum(rung => rung.Trials * rung.Examples));
        Assert.Equal((rungs, full, true), (plan[^1].Number, plan[^1].Examples, plan[^1].HasOwn));
        Assert.True(plan[^1].Trials >= 2, "the spec's own setting has somebody to compete with");
        Assert.All(plan.SkipLast(1), rung => Assert.False(rung.HasOwn));
        Assert.All(plan.Zip(plan.Skip(1)), pair => Assert.True(
            pair.First.Trials >= eta * (pair.Second.Trials - (pair.Second.HasOwn ? 1 : 0))));
    }

    [Fact]
    public void ARandomSearchHasTheSpecsOwnSettingAmongItsTrials() =>
        Assert.Equal([new(1, 12, 100, HasOwn: true)], Rung.Of(new() { FinalSeeds = [1, 2] }, 100));

    [Fact]
    public void TheDefaultHalvingIsTheOneInTheDocument() => Assert.Equal(
        [new(1, 45, 22_222), new(2, 9, 66_666), new(3, 4, 200_000, HasOwn: true)],
            Rung.Of(new() { Method = TuningMethodIds.SuccessiveHalving, FinalSeeds = [1, 2] }, 200_000));

    [Fact]
    public void AHalvingThatVersion01BeganIsPlannedAsItWas() =>
        Assert.Equal([new(1, 36, 22_222), new(2, 12, 66_666), new(3, 4, 200_000)], Rung.Of(new() { Method = TuningMethodIds.SuccessiveHalving }, 200_000));

    [Fact]
    public void DrawsFillTheirRangeEvenly()
    {
        var draws = new TrialDraws(_tuning, RuleCatalog.Standard);
        var all = Enumerable.Range(1, 16).Select(trial => draws.Settings("feedback-alignment", trial)).ToList();

        Assert.All(all, settings => Assert.Equal(["learningRate", "feedbackScale"], settings.Keys));
        Assert.All(all, settings => Assert.InRange(settings["feedbackScale"], 0, 8));
        var places = all.Select(settings => _tuning.Space!["learningRate"].ShareOf(settings["learningRate"])).Order().ToList();
        Assert.InRange(places[0], 0, 1 / 16.0 + 1e-3);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1 / 16.0 - 1e-3, 1 / 16.0 + 1e-3));
        var thirds = all.Take(9).GroupBy(settings => (int)(settings["feedbackScale"] / 8 * 3)).Select(third => third.Count());
        Assert.All(thirds, count => Assert.InRange(count, 2, 4));
    }

    [Fact]
    public void ATrialsSettingsDependOnItsRuleNumberAndSeedAlone()
    {
        var draws = new TrialDraws(_tuning with { Trials = 5 }, RuleCatalog.Standard);
        var others = new TrialDraws(
            _tuning with
            {
                Trials = 50,
                TrialSeeds = [3],
                Rules = new Dictionary<string,
            RuleTuningSpec>
                { ["shallow"] = new() { Space = _tuning.Space! } }
            }, RuleCatalog.Standard);

        Assert.Equal(draws.Settings("feedback-alignment", 3), others.Settings("feedback-alignment", 3));
        Assert.NotEqual(draws.Settings("feedback-alignment", 3)["learningRate"], draws.Settings("direct-feedback-alignment", 3)["learningRate"]);
        Assert.NotEqual(draws.Settings("feedback-alignment", 3)["learningRate"],
            new TrialDraws(_tuning with { Seed = 2 }, RuleCatalog.Standard).Settings("feedback-alignment", 3)["learningRate"]);
        Assert.Equal(draws.Settings("feedback-alignment", 3)["learningRate"],
            new TrialDraws(_tuning with { Space = new Dictionary<string, RangeSpec> { ["learningRate"] = _tuning.Space!["learningRate"] } },
            RuleCatalog.Standard)
            .Settings("feedback-alignment", 3)["learningRate"]);
    }

    [Fact]
    public void OfEqualErrorsTheLowerLossWinsThenTheEarlierTrial()
    {
        TrialRecord[] trials = [Trial(1, 0.2, 0.1), Trial(2, 0.1, 0.9), Trial(3, 0.1, 0.8), Trial(4, null, null), Trial(5, 0.1, 0.8), Trial(6, 0.1, null), Trial(7, 0, 5)];

        Assert.Equal([7, 3, 5, 2, 6, 1], Judgement.Ranked(trials.Reverse()).Select(trial => trial.Trial));
    }

    [Theory]
    [InlineData(1.5e-4, false)]
    [InlineData(0.7, true)]
    [InlineData(0.5, null)]
    [InlineData(2e-4, null)]
    public void AWinnerNearAnEndOfItsRangeIsNamed(double rate, bool? upper)
    {
        var winner = Judgement.Winner(Trial(1, 0.1, 0.1) with { Settings = new Dictionary<string, double> { ["learningRate"] = rate } },
            _tuning.Space!);

        Assert.Empty(Judgement.Winner(Trial(0, 0.1, 0.1) with { Settings = winner.Settings }, _tuning.Space!).Edges);
        Assert.Equal(upper is { } isUpper ? [new("learningRate", rate, isUpper, isUpper ? 1 : 1e-4)] : [], winner.Edges);
    }

    [Fact]
    public void OneDivergedTrainingMakesATrialDiverged()
    {
        RunRecord Run(ulong seed, RunStatus status, double error) => new() { Rule = "shallow", Seed = seed, Status = status, ValidationError = error };

        var trial = Judgement.Of(1, new Rung(1, 1, 10), new Dictionary<string, double>(), [Run(1, RunStatus.Completed, 0.1), Run(2, RunStatus.Diverged, 0.01)]);
        Assert.Equal((RunStatus.Diverged, null), (trial.Status, trial.ValidationError));
        Assert.Empty(Judgement.Ranked([trial]));
    }

    [Theory]
    [InlineData(2.3, 2.4, true)]
    [InlineData(2.3, 2.3, false)]
    [InlineData(2.3, null, false)]
    [InlineData(null, 2.4, false)]
    public void ATrialWhoseValidationLossEndsHigherThanBeforeTheTrainingSaysSo(double? before, double? after, bool grew)
    {
        RunRecord Run(ulong seed, double? end) => new()
        {
            Rule = "shallow",
            Seed = seed,
            Status = RunStatus.Completed,
            ValidationError = 0.1,
            Curve = [new(0, 0, null, before, 0.9, 0.1), new(5, 0.5, 1, 99, 0.1, 0.1), new(10, 1, 1, end, 0.2, 0.1)],
        };

        var trial = Judgement.Of(1, new Rung(1, 1, 10), new Dictionary<string, double>(), [Run(1, 0.5), Run(2, after)]);
        Assert.Equal([false, grew], trial.Runs.Select(run => run.LossGrew));
        Assert.Equal(grew ? [2, 1] : [1, 2], Judgement.Ranked([trial, Trial(2, 0.9, 9)]).Select(ranked => ranked.Trial));
    }

    private static TrialRecord Trial(int number, double? error, double? loss) => new()
    {
        Trial = number,
        Rung = 1,
        Examples = 10,
        Settings = new Dictionary<string, double>(),
        Status = error is null ? RunStatus.Diverged : RunStatus.Completed,
        ValidationError = error,
        ValidationLoss = loss,
        Seconds = 0,
        Runs = [],
    };
}
