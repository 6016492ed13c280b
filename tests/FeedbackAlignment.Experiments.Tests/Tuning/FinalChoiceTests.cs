using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Tuning;

namespace FeedbackAlignment.Experiments.Tests.Tuning;

/// <summary>Errors by hand; with five seeds a mean must exceed 1.2417 standard deviations, with two 8.98.</summary>
public sealed class FinalChoiceTests
{
    [Fact]
    public void OverOneSeedTheTwoBestTrainAgainBesideTheSpecsOwnSetting()
    {
        TrialRecord[] trials = [Trial(0, 0.9), Trial(1, 0.3), Trial(2, 0.1), Trial(3, 0.2), Trial(4)];

        Assert.Equal([0, 2, 3], Numbers(FinalChoice.Finalists(trials)));
        Assert.Equal(FinalChoice.Most, FinalChoice.Finalists(trials).Count);
    }

    [Fact]
    public void OverSeveralSeedsOnlyThoseThatTheNoiseCouldHaveMadeBetterTrainAgain()
    {
        var best = Trial(1, 0.10, 0.12);

        Assert.Equal([0, 1], Numbers(FinalChoice.Finalists([Trial(0, 0.5, 0.52), best, Trial(2, 0.2, 0.22)])));
        Assert.Equal([0, 1, 2], Numbers(FinalChoice.Finalists([Trial(0, 0.5, 0.52), best, Trial(2, 0.2, 0.25)])));
    }

    [Fact]
    public void AloneTheSpecsOwnSettingHasWon()
    {
        Assert.Equal([0], Numbers(FinalChoice.Finalists([Trial(0, 0.1, 0.1), Trial(1, 0.2, 0.2), Trial(2)])));
        Assert.Equal([2, 1], Numbers(FinalChoice.Finalists([Trial(0), Trial(1, 0.2), Trial(2, 0.1)])));
        Assert.Empty(FinalChoice.Finalists([Trial(0), Trial(1)]));
    }

    [Fact]
    public void TheSpecsOwnSettingWinsTies()
    {
        TrialRecord own = Trial(0, 0.2, 0.2, 0.2, 0.2, 0.2);

        Assert.Equal(0, Winner(own, Trial(1, 0.2, 0.2, 0.2, 0.2, 0.2)));
        Assert.Equal(0, Winner(own, Trial(1, 0.10, 0.18, 0.23, 0.19, 0.19)));
        Assert.Equal(1, Winner(own, Trial(1, 0.19, 0.19, 0.19, 0.19, 0.19)));
    }

    /// <summary>Differences of a standard deviation of 1: half the interval is t₀.₉₇₅(4) ∕ √5 = 1.24166.</summary>
    [Theory]
    [InlineData(1.2416, 0)]
    [InlineData(1.2417, 1)]
    public void BetterIsMoreThanHalfTheIntervalOfTheDifference(double mean, int winner)
    {
        var unit = Math.Sqrt(0.4); // −2, −1, 0, 1, 2 have the variance 10 ∕ 4
        double[] deviations = [.. ((double[])[-2, -1, 0, 1, 2]).Select(d => d * unit)];

        Assert.Equal(winner, Winner(Trial(0, 9, 9, 9, 9, 9), Trial(1, [.. deviations.Select(d => 9 - mean - d)])));
    }

    [Fact]
    public void OfThoseThatAreBetterTheLeastErrorWins()
        => Assert.Equal(2, Winner(Trial(0, 0.5, 0.5, 0.5), Trial(1, 0.4, 0.4, 0.4), Trial(2, 0.3, 0.31, 0.3)));

    [Fact]
    public void ALowerMeanThatCouldBeNoiseDoesNotHideALesserOneThatIsNot()
        => Assert.Equal(2, Winner(Trial(0, 0.5, 0.5, 0.5), Trial(1, 0.1, 0.1, 0.9), Trial(2, 0.4, 0.4, 0.4)));

    [Fact]
    public void WhoDivergesDoesNotWin()
    {
        Assert.Equal(1, Winner(Trial(0), Trial(1, 0.9, 0.9), Trial(2)));
        Assert.Equal(0, Winner(Trial(0, 0.9, 0.9), Trial(1)));
        Assert.Null(Winner(Trial(0), Trial(1)));
        Assert.Null(FinalChoice.Gain(Trial(1), Trial(0, 0.9)));
    }

    [Fact]
    public void ASettingWhoseLossGrewLosesToAnyOther()
    {
        var grown = Grown(Trial(0, 0.1, 0.1));

        Assert.Equal([0, 2, 1], Numbers(FinalChoice.Finalists([grown, Trial(1, 0.9, 0.9), Trial(2, 0.9, 0.8)])));
        Assert.Equal([2], Numbers(FinalChoice.Finalists([Grown(Trial(1, 0.1, 0.1)), Trial(2, 0.9, 0.9)])));
        Assert.Equal(1, Winner(grown, Trial(1, 0.9, 0.9)));
        Assert.Equal(0, Winner(Trial(0, 0.9, 0.9), Grown(Trial(1, 0.1, 0.1))));
        Assert.Equal(1, Winner(Grown(Trial(0, 0.9, 0.9)), Grown(Trial(1, 0.1, 0.1))));
    }

    private static TrialRecord Grown(TrialRecord trial)
        => trial with { Runs = [.. trial.Runs.Select((run, index) => run with { LossGrew = index == 1 })] };

    private static int? Winner(params TrialRecord[] finals) => FinalChoice.Winner(finals)?.Trial;

    private static IEnumerable<int> Numbers(IEnumerable<TrialRecord> trials) => trials.Select(trial => trial.Trial);

    /// <summary>A trial with these errors, one a seed; with none it diverged.</summary>
    private static TrialRecord Trial(int number, params double[] errors) => new()
    {
        Trial = number,
        Rung = 1,
        Examples = 10,
        Settings = new Dictionary<string, double>(),
        Status = errors.Length == 0 ? RunStatus.Diverged : RunStatus.Completed,
        ValidationError = errors.Length == 0 ? null : errors.Average(),
        Seconds = 0,
        Runs = [.. errors.Select((error, seed) => new TrialRunRecord((ulong)seed, RunStatus.Completed, null, 10, 10, error, null, 0))],
    };
}
