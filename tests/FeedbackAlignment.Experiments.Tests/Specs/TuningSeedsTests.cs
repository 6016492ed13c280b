using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Specs;

public sealed class TuningSeedsTests
{
    private static readonly ulong[] _seeds = [1, 2, 3];

    [Fact]
    public void ByDefaultEachSetHasItsOwnNumbers()
    {
        var tuning = TuningSeeds.Complete(new(), _seeds, asIn01: false);

        Assert.Equal([101UL], tuning.TrialSeeds);
        Assert.Equal([201UL, 202, 203, 204, 205], tuning.FinalSeeds);
    }

    [Fact]
    public void DefaultsMakeWayForTheSeedsThatAreGiven()
    {
        var many = TuningSeeds.Complete(new(), [.. Enumerable.Range(1, 202).Select(seed => (ulong)seed)], asIn01: false);
        Assert.Equal([203UL], many.TrialSeeds);
        Assert.Equal([204UL, 205, 206, 207, 208], many.FinalSeeds);

        var given = TuningSeeds.Complete(new() { TrialSeeds = [202, 204], FinalSeeds = null }, [203], asIn01: false);
        Assert.Equal([201UL, 205, 206, 207, 208], given.FinalSeeds);
        Assert.Equal([102UL], TuningSeeds.Complete(new() { FinalSeeds = [101, 103] }, _seeds, asIn01: false).TrialSeeds);
        Assert.Empty(Problems(new() { TrialSeeds = [202, 204] }, [203]));
    }

    [Fact]
    public void WhatVersion01BeganHasNoFinalSeeds()
    {
        var tuning = TuningSeeds.Complete(new() { FinalSeeds = [7, 8] }, [101], asIn01: true);

        Assert.Equal([101UL], tuning.TrialSeeds);
        Assert.False(tuning.TriesOwnSetting);
    }

    [Fact]
    public void SeedsOfTwoSetsAreNamed()
    {
        Assert.Equal(
            ["tuning: a seed must serve one purpose, but 2, 3 are in seeds and in tuning.trialSeeds; choose others, or leave "
                + "trialSeeds and finalSeeds out, and free ones are chosen"],
            Problems(new() { TrialSeeds = [2, 3, 4] }, _seeds));
        Assert.Contains("but 1 is in seeds and in tuning.finalSeeds; choose",
            Assert.Single(Problems(new() { FinalSeeds = [1, 7] }, _seeds)), StringComparison.Ordinal);
        Assert.Contains("but 7 is in tuning.trialSeeds and in tuning.finalSeeds; choose",
            Assert.Single(Problems(new() { TrialSeeds = [7], FinalSeeds = [7, 8] }, _seeds)), StringComparison.Ordinal);
        Assert.Contains(
            "1 is in seeds and in tuning.trialSeeds; 2 is in seeds and in tuning.finalSeeds; choose",
                Assert.Single(Problems(new() { TrialSeeds = [1], FinalSeeds = [2, 8] }, _seeds)), StringComparison.Ordinal);
        ulong[] many = [.. Enumerable.Range(1, 20).Select(seed => (ulong)seed)];
        Assert.Contains("but 1, 2, 3, 4, 5, 6, 7, 8 and 12 more are in seeds", Assert.Single(Problems(new() { TrialSeeds = many }, many)),
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> Problems(TuningSpec tuning, IReadOnlyList<ulong> seeds)
    {
        var problems = new SpecProblems();
        TuningSeeds.Check(new() { Seeds = seeds, Tuning = TuningSeeds.Complete(tuning, seeds, asIn01: false) }, problems);
        return problems.Found.Select(problem => problem.ToString());
    }
}
