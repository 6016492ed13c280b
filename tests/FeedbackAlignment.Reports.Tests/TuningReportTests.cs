using AngleSharp.Html.Parser;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Reports.Tests;

public sealed class TuningReportTests
{
    private const string Evil = "<script>alert('x')</script>\"&{{Title}}";

    [Fact]
    public void EverySettingOfEveryRuleHasAChart()
    {
        var page = Page(Sample());

        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Equal(["learningRate", "feedbackScale", "learningRate"], page.QuerySelectorAll(".figure figcaption").Select(title => title.TextContent));
        Assert.Equal(3, page.QuerySelectorAll("svg").Length);
        Assert.Contains(page.QuerySelectorAll("svg text").Select(text => text.TextContent), text => text.Contains("learningRate (log)", StringComparison.Ordinal));
        Assert.Equal(6 + 4, page.QuerySelectorAll("details table tbody tr").Length);
        Assert.Contains("diverged: the loss was 9e9", page.QuerySelector("details table")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void AWinnerAtAnEndAndARuleWithoutOneAreWarnedOf()
    {
        var tuning = Sample();
        Assert.Equal(
            [
                "shallow: no full training completed; search lower learning rates",
                "feedback-alignment: the winner's learningRate 0.990 lies at the upper end of its range, 1.00; the range was too small",
            ],
            TuningText.Warnings(tuning));
        Assert.Equal(2, Page(tuning).QuerySelectorAll(".trouble li").Length);
        Assert.Empty(TuningText.Warnings(tuning with { Rules = [tuning.Rules[0] with { Winner = tuning.Rules[0].Winner! with { Edges = [] } }] }));
        Assert.Equal(
            "feedback-alignment: every finalist diverged with a final seed; search lower learning rates",
            Assert.Single(TuningText.Warnings(tuning with { Rules = [tuning.Rules[0] with { Winner = null }] })));
        Assert.Equal("2 + 2, 1 diverged", TuningText.Trials(tuning.Rules[0]));
    }

    [Fact]
    public void TheGainIsToldWithItsIntervalAndWhetherItIsNoise()
    {
        Assert.Equal(
            "feedback-alignment: tuning gained +2.00 points on validation over seeds 1, 2, 3, 95 % interval +0.50 to +3.50.",
                Told(new Summary(3, 0.02, 0.006, 0.015)));
        Assert.Equal(
            "feedback-alignment: the gain of tuning is within noise: +2.00 points on validation over seeds 1, 2, 3, 95 % interval "
                + "−1.00 to +5.00.", Told(new Summary(3, 0.02, 0.012, 0.03)));
        Assert.Contains("is within noise: 0.00 points", Told(new Summary(3, 0, 0, 0)), StringComparison.Ordinal);
        Assert.Contains("tuning made the rule worse, by −2.00 points", Told(new Summary(3, -0.02, 0.006, 0.015)), StringComparison.Ordinal);
        Assert.EndsWith("a single seed cannot tell this from noise.", Told(new Summary(1, 0.02, null, null)), StringComparison.Ordinal);
        Assert.EndsWith("a training with the spec's seeds diverged.", Told(null), StringComparison.Ordinal);
        Assert.EndsWith("so there is nothing to compare with.", Told(null, rule => rule with { Reported = rule.Reported.Skip(1).ToList() }),
            StringComparison.Ordinal);
        Assert.EndsWith("the spec's own setting stays; no other was better by more than noise.",
            Told(null, rule => rule with { Winner = rule.Winner! with { Trial = 0 } }), StringComparison.Ordinal);
    }

    [Fact]
    public void ThePageShowsTunedUntunedAndWhatChose()
    {
        var tuning = Sample();
        var page = Page(tuning);
        var winners = page.QuerySelector("table")!;

        Assert.Equal(["Rule", "Validation error", "Untuned", "Gain", "Settings", "Searched", "Trials", "Time"],
            winners.QuerySelectorAll("th[scope=col]").Select(cell => cell.TextContent));
        var row = winners.QuerySelector("tbody tr")!.TextContent;
        Assert.All((string[])["[7.52, 12.48]", "[9.52, 14.48]", "+2.00 points"], text =>
            Assert.Contains(text, row, StringComparison.Ordinal));
        Assert.Equal(TuningText.Gains(tuning), page.QuerySelectorAll("#winners ~ ul li").Select(item =>
            item.TextContent.Replace('\u00a0', ' ')));
        Assert.Contains("The validation examples chose the settings, so their error flatters", page.QuerySelector(".lead")!.TextContent,
            StringComparison.Ordinal);
        Assert.StartsWith("Lowest validation error over seeds 1, 2, 3: Feedback alignment, 10.00 %.", TuningText.Headline(tuning),
            StringComparison.Ordinal);
        var later = page.QuerySelectorAll("details table")[^1].TextContent;
        Assert.All((string[])["choice", "report", "201, 202", "1, 2, 3"], text => Assert.Contains(text, later, StringComparison.Ordinal));
        Assert.Contains("seeds 201, 202 chose between finalists, and seeds 1, 2, 3 reported", page.Body!.TextContent,
            StringComparison.Ordinal);
        Assert.Contains(page.QuerySelectorAll("svg text"), text => text.TextContent == "the spec's own setting");
    }

    [Fact]
    public void WhatVersion01BeganIsWarnedOf()
    {
        var tuning = Sample();
        var old = tuning with
        {
            Spec = tuning.Spec with { Tuning = new() { TrialSeeds = [101] } },
            Rules = [.. tuning.Rules.Select(rule => rule with { Finals = [], Reported = [], Gain = null })],
        };

        Assert.StartsWith("Version 0.1 began this tuning: the spec's own setting was no trial", TuningText.Warnings(old)[0],
            StringComparison.Ordinal);
        Assert.Empty(TuningText.Gains(old));
        Assert.StartsWith("Lowest validation error: Feedback alignment, 10.00 %.", TuningText.Headline(old), StringComparison.Ordinal);
        Assert.DoesNotContain("Choice and report", TuningReport.Render(old), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotFinishedHasNoWinnersAndSaysSo()
    {
        var tuning = Sample();
        var stopped = tuning with { Finished = false, Rules = [.. tuning.Rules.Select(rule => rule with { Winner = null })] };

        Assert.StartsWith("Not finished: 6 trials are done", TuningText.Headline(stopped), StringComparison.Ordinal);
        Assert.Empty(TuningText.Warnings(stopped));
        Assert.Equal(2, Page(stopped with
        {
            Rules = [.. stopped.Rules.Select(rule =>
            rule with { Trials = [], Finals = [], Reported = [] })]
        }).QuerySelectorAll("tbody tr").Length);
    }

    [Fact]
    public void ATrialWhoseSettingIsNotRecordedHasNoMark()
    {
        var tuning = Sample();
        var nothing = new Dictionary<string, double>();
        var damaged = tuning with
        {
            Rules = [.. tuning.Rules.Select(rule =>
            rule with { Trials = [.. rule.Trials.Select(trial => trial with { Settings = nothing })] })]
        };

        Assert.Equal(3, Page(damaged).QuerySelectorAll("svg").Length);
    }

    [Fact]
    public void WhatComesFromRecordsIsEscaped()
    {
        var tuning = Sample();
        var html = TuningReport.Render(tuning with { Spec = tuning.Spec with { Name = Evil }, Data = tuning.Data with { Description = Evil } });

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Equal(html, TuningReport.Render(tuning with { Spec = tuning.Spec with { Name = Evil }, Data = tuning.Data with { Description = Evil } }));
    }

    private static string Told(Summary? gain, Func<RuleTuningRecord, RuleTuningRecord>? change = null)
    {
        var tuning = Sample();
        var rule = tuning.Rules[0] with { Gain = gain };
        return Assert.Single(TuningText.Gains(tuning with { Rules = [change is null ? rule : change(rule), tuning.Rules[1]] }));
    }

    private static AngleSharp.Html.Dom.IHtmlDocument Page(TuningRecord tuning) => new HtmlParser().ParseDocument(TuningReport.Render(tuning));

    private static TuningRecord Sample()
    {
        var experiment = SampleExperiment.Digits();
        var rate = new RangeSpec { From = 0.001, To = 1 };
        var settings = new Dictionary<string, double> { ["learningRate"] = 0.99, ["feedbackScale"] = 2 };
        var own = new Dictionary<string, double> { ["learningRate"] = 5, ["feedbackScale"] = -1 };
        return new TuningRecord
        {
            Rules =
            [
                new()
                {
                    Rule = "feedback-alignment",
                    Space = new Dictionary<string, RangeSpec> { ["learningRate"] = rate, ["feedbackScale"] = new() { From = 0, To = 4, Scale = RangeScaleIds.Linear } },
                    Trials = [Trial(0, 2, 0.3, own), Trial(1, 1, 0.2, settings),
                        Trial(2, 1, null, new() { ["learningRate"] = 0.5, ["feedbackScale"] = 3 }), Trial(1, 2, 0.1, settings)],
                    Winner = new() { Trial = 1, Settings = settings, ValidationError = 0.1, ValidationLoss = 0.3, Edges = [new("learningRate", 0.99, Upper: true, 1)] },
                    Finals = [Seeded(0, own, [201, 202], 0.2, 0.2), Seeded(1, settings, [201, 202], 0.1, 0.1)],
                    Reported = [Seeded(0, own, [1, 2, 3], 0.11, 0.12, 0.13), Seeded(1, settings, [1, 2, 3], 0.09, 0.1, 0.11)],
                    Gain = new(3, 0.02, 0.006, 0.015),
                    LearnedExamples = 100,
                    Seconds = 3,
                },
                new()
                {
                    Rule = "shallow",
                    Space = new Dictionary<string, RangeSpec> { ["learningRate"] = rate },
                    Trials = [Trial(1, 1, 0.4, new() { ["learningRate"] = 0.5 }), Trial(2, 1, null, new() { ["learningRate"] = 0.9 })],
                    LearnedExamples = 100,
                    Seconds = 1,
                },
            ],
            Finished = true,
            FullExamples = 100,
            BudgetExamples = 200,
            PlannedExamples = 198,
            Environment = experiment.Environment,
            Spec = experiment.Spec with
            {
                Seeds = [1, 2, 3],
                Tuning = new()
                {
                    Method = TuningMethodIds.SuccessiveHalving,
                    TrialSeeds = [101],
                    FinalSeeds = [201, 202]
                }
            },
            Data = experiment.Data,
        };
    }

    private static TrialRecord Trial(int number, int rung, double? error, Dictionary<string, double> settings) => new()
    {
        Trial = number,
        Rung = rung,
        Examples = 50 * rung,
        Settings = settings,
        Status = error is null ? RunStatus.Diverged : RunStatus.Completed,
        ValidationError = error,
        ValidationLoss = error,
        Seconds = 1,
        Runs = [new(101, error is null ? RunStatus.Diverged : RunStatus.Completed, error is null ? "the loss was 9e9" : null, 50, 50, error, error, 1)],
    };

    private static TrialRecord Seeded(int number, Dictionary<string, double> settings, ulong[] seeds, params double[] errors) =>
        Trial(number, 2, errors.Average(), settings) with
        {
            Runs = [.. seeds.Zip(errors, (seed, error) => new TrialRunRecord(seed, RunStatus.Completed, null, 50, 50, error, error, 1))],
        };
}
