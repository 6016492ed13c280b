using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Tests;

public sealed class HeadlineTests
{
    private static readonly BaselineRecord _tenClasses = new() { Class = 1, TestError = 0.9, LeastInput = 0, GreatestInput = 1 };

    [Fact]
    public void BeginsWithTheSharesThatWereRight()
    {
        Assert.StartsWith(
            "On average over 3 seeds, the network answered 98.00 % of 5\u202f000 test examples correctly with backpropagation, 97.70 % with feedback alignment (fixed random feedback), "
            + "97.60 % with direct feedback alignment (fixed random feedback) and 92.00 % with shallow learning (no feedback to the hidden layers).",
            Of(Errors(0.02, 0.023, 0.024, 0.08)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ADifferenceIsToldWithItsIntervalOnlyWhereTheSeedsShowIt()
    {
        var text = Of(Errors([0.020, 0.022, 0.024], [0.021, 0.021, 0.026], [0.040, 0.043, 0.043], [0.1, 0.1, 0.1]));

        Assert.Contains("There is no evidence of a difference from backpropagation for feedback alignment (+0.07 points, 95 % interval −0.31 to +0.45).", text, StringComparison.Ordinal);
        Assert.Contains("Direct feedback alignment ended 2.0 percentage points worse than backpropagation (4.20 %; 95 % interval of the difference 1.8 to 2.2 points).".Replace("1.8 to 2.2", Interval(0.020, 0.021, 0.019), StringComparison.Ordinal), text, StringComparison.Ordinal);
        Assert.Contains("Shallow learning, where only the output layer learns, ended 7.8 percentage points worse", text, StringComparison.Ordinal);
        Assert.DoesNotContain("does not tell the rules apart", text, StringComparison.Ordinal);
        Assert.DoesNotContain("learned anything", text, StringComparison.Ordinal);
        Assert.DoesNotContain("one seed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ADifferenceThatTheTestSetIsTooSmallToShowIsNoEvidence()
    {
        // All seeds agree on one point, but with 30 test examples one point is less than one example.
        var small = Errors(0.10, 0.11, 0.11, 0.11);
        Assert.Contains("no evidence of a difference", Of(small with { Data = small.Data with { Test = 30 } }), StringComparison.Ordinal);
        Assert.DoesNotContain("no evidence of a difference", Of(small with { Data = small.Data with { Test = 1_000_000 } }), StringComparison.Ordinal);
    }

    [Fact]
    public void ADifferenceThatTheSeedsDoNotAgreeOnIsNoEvidenceHoweverManyTestExamples()
    {
        double[] reference = [0.10, 0.10, 0.10], rule = [0.10, 0.13, 0.16];
        var experiment = Errors(reference, rule, rule, rule);
        var text = Of(experiment with { Data = experiment.Data with { Test = 1_000_000 } });

        Assert.Contains("no evidence of a difference", text, StringComparison.Ordinal);
        Assert.DoesNotContain("worse", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ATaskThatTellsNothingApartIsCalledSo()
    {
        var iris = Errors(0.1, 0.1, 0.1, 0.1);
        var text = Of(iris with { Data = iris.Data with { Test = 30, Baseline = _tenClasses with { TestError = 0.7 } } });

        Assert.Contains("This task does not tell the rules apart: as far as these runs can show, shallow learning", text, StringComparison.Ordinal);
        Assert.DoesNotContain("worse", text, StringComparison.Ordinal);
        Assert.DoesNotContain("equal", text, StringComparison.Ordinal);

        // A rule that learned nothing is told apart from the others.
        var failing = Errors(0.1, 0.1, 0.9, 0.1);
        Assert.DoesNotContain("does not tell the rules apart", Of(WithBaseline(failing, _tenClasses)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.66, 60, false)]
    [InlineData(0.88, 60, true)]
    [InlineData(0.66, 4, true)]
    public void RunsThatEachBeatTheBaselineHaveLearnedHoweverFewSeeds(double third, int examples, bool isDoubtful)
    {
        // The t-interval of such seeds is 0.43 ± 0.87: it holds the baseline of 0.9, and hides what each run shows by itself.
        double[] seeds = [0.02, 0.60, third];
        var experiment = Errors(seeds, seeds, seeds, seeds);
        var text = Of(experiment with { Data = experiment.Data with { Test = examples, Baseline = _tenClasses } });

        Assert.Equal(isDoubtful, text.Contains("no evidence that any rule learned anything", StringComparison.Ordinal));
    }

    [Fact]
    public void FewTestExamplesAreNoEvidenceThatARuleLearnedEvenIfAllSeedsAgree()
    {
        var experiment = Errors([0.80, 0.80, 0.80], [0.80, 0.80, 0.80], [0.80, 0.80, 0.80], [0.80, 0.80, 0.80]);
        string With(int examples) => Of(experiment with { Data = experiment.Data with { Test = examples, Baseline = _tenClasses } });

        Assert.Contains("no evidence that any rule learned anything", With(30), StringComparison.Ordinal);
        Assert.DoesNotContain("learned anything", With(5000), StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsComparedWithABackpropagationThatLearnedNothing()
    {
        var text = Of(Errors(0.90, 0.02, 0.03, 0.1));

        Assert.Contains("There is no evidence that backpropagation learned anything", text, StringComparison.Ordinal);
        Assert.DoesNotContain("than backpropagation", text, StringComparison.Ordinal);
        Assert.DoesNotContain("difference from", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingTestErrorIsBlamedOnTheTargetsOnlyWhereTheyAreAllZero()
    {
        var experiment = SampleExperiment.Regression().With(_ => true, run => run with { TestError = null });

        Assert.Contains("no test error was recorded",
            Of(WithBaseline(experiment, new BaselineRecord { TestError = 0.5, OutputErrors = [0.5] })), StringComparison.Ordinal);
        Assert.Contains("every test target is 0", Of(WithBaseline(experiment, new BaselineRecord { TestError = null, OutputErrors = [0] })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void OneSeedIsSaidOnlyWhereEveryRuleHasOne()
    {
        var text = Of(SampleExperiment.Digits().With(run => run.Rule == "shallow" && run.Seed > 1, SampleExperiment.Diverge));

        Assert.Contains("2 of 3 runs of shallow learning diverged", text, StringComparison.Ordinal);
        Assert.DoesNotContain("one seed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheBaselineIsTheMostFrequentClass()
    {
        // A class of 10 %: answering the other is right on 90 %.
        var text = Of(WithBaseline(Errors(0.1, 0.1, 0.1, 0.1), _tenClasses with { TestError = 0.1 }));

        Assert.Contains("There is no evidence that any rule learned anything: always answering the most frequent class of the training examples is right on 90.00 % of the test examples.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("difference from backpropagation", text, StringComparison.Ordinal);
        Assert.DoesNotContain("does not tell the rules apart", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatLearnedNothingIsNamedAndNotComparedWith()
    {
        var text = Of(Errors(0.02, 0.10, 0.90, 0.87));

        Assert.Contains("There is no evidence that direct feedback alignment learned anything", text, StringComparison.Ordinal);
        Assert.Contains("Shallow learning did little better than that.", text, StringComparison.Ordinal);
        Assert.Contains("Shallow learning learned hardly anything: always answering", Of(Errors(0.02, 0.10, 0.10, 0.87)), StringComparison.Ordinal);
        Assert.Contains("Feedback alignment ended 8.0 percentage points worse", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Direct feedback alignment ended", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordWithoutABaselineIsNotJudged()
    {
        var text = Of(WithBaseline(Errors(0.9, 0.9, 0.9, 0.9), null));

        Assert.DoesNotContain("learned anything", text, StringComparison.Ordinal);
        Assert.DoesNotContain("always answering", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OneSeedHasNoSpread()
    {
        var text = Of(SampleExperiment.Digits(seeds: 1));

        Assert.StartsWith("With one seed, the network", text, StringComparison.Ordinal);
        Assert.Contains("Each rule has one seed, so the spread between seeds is not known", text, StringComparison.Ordinal);
        Assert.DoesNotContain("interval", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatASpikingNetworkIsAStandIn()
    {
        var ordinary = SampleExperiment.Digits();
        var spiking = ordinary with { Spec = ordinary.Spec with { Network = ordinary.Spec.Network with { Spiking = new() } } };
        const string caveat = "The spiking network is a stand-in of this project, not the protocol of Lillicrap et al. 2016, which is not known to it.";

        Assert.Equal($"{ComparisonTable.Of([ordinary]).Headline} {caveat}", ComparisonTable.Of([spiking]).Headline);
        Assert.Contains(caveat, HtmlReport.Render([spiking]), StringComparison.Ordinal);
        Assert.DoesNotContain("stand-in", HtmlReport.Render([ordinary]), StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhatDivergedOrWasCancelled()
    {
        var text = Of(Errors(0.02, 0.02, 0.02, 0.08)
            .With(run => run is { Rule: "feedback-alignment", Seed: 2 }, SampleExperiment.Diverge)
            .With(run => run.Rule == "shallow", SampleExperiment.Cancel));

        Assert.Contains("1 of 3 runs of feedback alignment diverged and is left out of its mean.", text, StringComparison.Ordinal);
        Assert.Contains("Shallow learning has no result: all 3 runs were cancelled.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunThatStoppedEarlyCameToItsEnd()
    {
        // The status that is neither completed, diverged nor cancelled.
        var experiment = Errors(0.02, 0.02, 0.02, 0.08);
        var early = experiment.With(_ => true, run => run with { Status = (RunStatus)3 });

        Assert.Equal(Of(experiment), Of(early));
        Assert.DoesNotContain("did not complete", HtmlReport.Render([early]), StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatNothingCameToItsEnd()
    {
        var experiment = SampleExperiment.Digits(["backpropagation"], 1).With(_ => true, SampleExperiment.Diverge);

        Assert.Equal("No run came to its end (1 diverged), so there is no test error to report.", Of(experiment));
    }

    [Fact]
    public void RunsWithoutAnErrorCameToTheirEndAllTheSame()
    {
        var zeros = WithBaseline(SampleExperiment.Regression(), new BaselineRecord { OutputErrors = [0] }).With(_ => true, run => run with { TestError = null });

        Assert.Equal("12 runs came to their end, but there is no test error: every test target is 0, and the error is measured relative to the targets.", Of(zeros));
    }

    [Fact]
    public void SaysThatThereIsNothingToCompareWith()
    {
        Assert.Contains("Backpropagation was not part of this experiment, so there is nothing to compare with.", Of(SampleExperiment.Digits(["feedback-alignment"], 1)), StringComparison.Ordinal);
        Assert.EndsWith("No other rule was run, so there is nothing to compare it with.", Of(SampleExperiment.Digits(["backpropagation"])), StringComparison.Ordinal);
        Assert.Contains(
            "Backpropagation has no test error",
            Of(SampleExperiment.Digits().With(run => run.Rule == "backpropagation", SampleExperiment.Diverge)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void RegressionIsToldAgainstTheTrainingMeanAndComparedByFactors()
    {
        var text = Of(Change(WithBaseline(SampleExperiment.Regression(), new BaselineRecord { TestError = 0.12, OutputErrors = [0.12] }), [[2e-3], [2.4e-3], [0.13], [0.1]]));

        Assert.StartsWith("On average over 3 seeds, the normalized squared test error is 2.00e-3 with backpropagation,", text, StringComparison.Ordinal);
        Assert.Contains("; always answering the mean of the training targets gives 0.120.", text, StringComparison.Ordinal);
        Assert.Contains("There is no evidence that direct feedback alignment learned anything", text, StringComparison.Ordinal);
        Assert.Contains("ended 50 times worse than backpropagation (1.00e-1)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnErrorOfZeroIsNoFactor()
    {
        var text = Of(Change(SampleExperiment.Regression(), [[0], [0], [1e-3], [0]]));

        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", text, StringComparison.Ordinal);
        Assert.Contains("Direct feedback alignment ended worse than backpropagation (1.00e-3)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OfManyRulesNoiseBelowTheControlIsNotTold()
    {
        string[] rules = ["backpropagation", "shallow", "rule-a", "rule-b", "rule-c", "rule-d", "rule-e", "rule-f", "rule-g"];
        double[] errors = [0.02, 0.7369, 0.7391, 0.85, 0.021, 0.3, 0.3, 0.3, 0.3];
        var text = Of(Change(SampleExperiment.Digits(rules), [.. errors.Select(error => new[] { error, error * 1.002, error * 0.998 })]));

        Assert.Contains("Shallow learning, where only the output layer learns, ended at 73.69 %; measurably worse than that was rule b.", text, StringComparison.Ordinal);
        Assert.Contains("Of 8 other rules, 1 shows no evidence of a difference from backpropagation: rule c (2.10 %).", text, StringComparison.Ordinal);
    }

    private static string Interval(params double[] gaps)
    {
        var summary = Summary.Of(gaps.Select(gap => (double?)gap))!;
        return $"{NumberText.Format(100 * summary.Low!.Value, "0.0")} to {NumberText.Format(100 * summary.High!.Value, "0.0")}";
    }

    private static string Of(ExperimentRecord experiment) => Headline.Of(ComparisonTable.Of([experiment]).Rows, experiment);

    private static ExperimentRecord WithBaseline(ExperimentRecord experiment, BaselineRecord? baseline) => experiment with { Data = experiment.Data with { Baseline = baseline } };

    private static ExperimentRecord Errors(params double[] errors) => Errors([.. errors.Select(error => new[] { error })]);

    private static ExperimentRecord Errors(params double[][] errors) => Change(WithBaseline(SampleExperiment.Digits(), _tenClasses), errors);

    /// <summary>
    /// Errors by rule, and by seed if there are several; one error is that of seed 2, and those of the others are next to it, for
    /// differences
    /// without a spread have no t-test.
    /// </summary>
    private static ExperimentRecord Change(ExperimentRecord experiment, double[][] errors) => experiment.With(_ => true, run =>
    {
        var seeds = errors[experiment.Spec.Rules.ToList().IndexOf(run.Rule)];
        return run with { TestError = seeds.Length == 1 ? seeds[0] * (1 + (0.0001 * ((int)run.Seed - 2))) : seeds[(int)run.Seed - 1] };
    });
}
