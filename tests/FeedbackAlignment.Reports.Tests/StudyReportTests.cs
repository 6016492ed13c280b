using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Reports.Tests;

public sealed class StudyReportTests
{
    private const string Scale = "feedback.scale", Layers = "network.layers";

    private static readonly string[] _rules = ["backpropagation", "feedback-alignment"], _scales = ["0.1", "1", "10"],
        _layers = ["784-100-10", "784-4x100-10"];

    [Fact]
    public void FiguresGoByTheKeysThatDifferWithALineForEachRule()
    {
        var figures = StudyFigures.Of(Study(), new(Study()));

        Assert.Equal(["Validation error against feedback.scale", "Validation error against network.layers"],
            figures.Select(figure => figure.Title));
        Assert.Equal(["network.layers 784-100-10", "network.layers 784-4x100-10"], figures[0].Panels.Select(panel => panel.Title));
        Assert.Equal(["feedback.scale 0.1", "feedback.scale 1", "feedback.scale 10"], figures[1].Panels.Select(panel => panel.Title));
        var (scale, layers) = (figures[0].Panels[0], figures[1].Panels[0]);
        Assert.Equal((Scale, true, null), (scale.X!.Title, scale.X.Logarithmic, scale.X.Labels));
        Assert.Equal(_layers, layers.X!.Labels!);
        Assert.Equal(["Backpropagation", "Feedback alignment"], scale.Series.Select(series => series.Name));
        Assert.Equal([0.1, 1, 10], scale.Series[1].Points.Select(point => point.X));

        // Seeds 1, 2, 3 have 3.0, 3.1 and 3.2 %.
        var point = scale.Series[1].Points[0];
        Assert.Equal((3.1, 3.0, 3.2), (Math.Round(point.Y, 9), Math.Round(point.Low!.Value, 9), Math.Round(point.High!.Value, 9)));
    }

    [Fact]
    public void RunsThatAreTheSameForSeveralSettingsAreOneRowAndALineAllTheSame()
    {
        var groups = new StudyGroups(Study());

        Assert.Equal((12, 8), (groups.Single.Count, groups.Merged.Count));
        Assert.Equal("feedback.scale any, network.layers 784-100-10", groups.InWords(groups.Merged[0]));
        Assert.Equal([2.0, 2.0, 2.0],
            StudyFigures.Of(Study(), groups)[0].Panels[0].Series[0].Points.Select(point => Math.Round(point.Y - 0.1, 9)));
    }

    [Fact]
    public void SettingsAreRankedByValidationAndNothingElse()
    {
        // The best test error belongs to the worst validation error.
        var study = Study(run => run with { TestError = 1 - run.ValidationError });
        var page = Page(study);
        var rows = page.QuerySelectorAll("section:has(#ranks) tbody tr")
            .Select(row => row.QuerySelectorAll("th, td").Select(cell => cell.TextContent).ToList()).ToList();

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8"], rows.Select(row => row[0]));
        Assert.Equal(["Backpropagation", "any", "784-100-10"], rows[0][1..4]);
        Assert.Equal(["Feedback alignment", "10", "784-4x100-10"], rows[^1][1..4]);
        Assert.StartsWith(
            "24 of 24 runs have ended (each of the 36 that the study wants; equal ones were done once). Lowest validation error: "
            + "Backpropagation with feedback.scale any, network.layers 784-100-10, 2.10\u00a0%. The validation examples chose it among 8, "
            + "so that error flatters. Its test error, which chose nothing, is 97.90\u00a0%.",
            page.QuerySelector(".lead")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatLostARunIsNotRanked()
    {
        var study = Study(run => run is { Rule: "backpropagation", Seed: 2 } ? SampleExperiment.Diverge(run) : run);
        var page = Page(study);
        var rows = page.QuerySelectorAll("section:has(#ranks) tbody tr");

        Assert.Equal(["–", "–"],
            rows.Where(row => row.TextContent.Contains("Backpropagation", StringComparison.Ordinal))
            .Select(row => row.QuerySelector("th")!.TextContent));
        Assert.Contains("2 completed,\n1 diverged", rows[^1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Lowest validation error: Feedback alignment", page.QuerySelector(".lead")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, page.QuerySelectorAll(".trouble li").Length);
        Assert.Contains("a seed diverged (drawn at the top)", StudyFigures.Of(study, new(study))[0].Panels[0].Series[^1].Name,
            StringComparison.Ordinal);
        Assert.Contains("cannot decide this", page.QuerySelector("section:has(#tests)")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void TestsStayWithinEachSettingAndAreOneFamily()
    {
        var tests = StudyTests.Of(Study(), new(Study()))!;

        Assert.Equal("6 comparisons, p after Holm’s correction", tests.Family);
        Assert.Equal("feedback-alignment (feedback.scale 0.1, network.layers 784-100-10)", tests.Rows[0].Name);
        Assert.All(tests.Rows, row => Assert.Equal("worse", row.Finding));

        // Twice the same runs are one comparison.
        var twice = Study() with { Runs = [.. Study().Runs, .. Study().Runs.Select(run => run with { Cell = run.Cell + 100 })] };
        Assert.Equal(6, StudyTests.Of(twice, new(twice))!.Rows.Count);
        var alone = Study() with { Runs = [.. Study().Runs.Where(run => run.Rule == "feedback-alignment")] };
        Assert.Null(StudyTests.Of(alone, new(alone)));
    }

    [Fact]
    public void AStudyThatHasHardlyBegunHasAPageToo()
    {
        var none = Study() with { Runs = [.. Study().Runs.Select(run => run with { Record = null })] };
        var page = Page(none);
        Assert.Equal(
            "0 of 24 runs have ended (each of the 36 that the study wants; equal ones were done once). No setting has all its runs yet, "
            + "so none is ranked.",
            page.QuerySelector(".lead")!.TextContent);
        Assert.Equal(8, page.QuerySelectorAll("section:has(#ranks) tbody tr").Length);

        var single = Study() with { Runs = [.. Study().Runs.Take(1)] };
        Assert.Empty(Page(single).QuerySelectorAll("section:has(#figures), section:has(#tests)"));
    }

    /// <summary>Hundreds of comparisons without a pair are not hundreds of lines.</summary>
    [Fact]
    public void NotesNameTheFirstAndCountTheOthers()
    {
        var study = Study(run => run is { Rule: "backpropagation", Seed: 2 } ? SampleExperiment.Cancel(run) : run);
        var many = study with
        {
            Runs = [.. study.Runs.Concat(
            study.Runs.Select(run => run with { Cell = run.Cell + 100, Name = run.Name + "b" }))]
        };
        var notes = StudyTests.Of(many, new(many))!.Notes;

        Assert.Equal(8, notes.Count(note => note.Contains("seed 2 has no result on both sides", StringComparison.Ordinal)));
        Assert.Contains("4 more comparisons lack pairs.", notes);
    }

    [Fact]
    public void TextFromOutsideIsEscaped()
    {
        const string evil = "<script>alert('x')</script>\u001b[2J";
        var page = Page(Study(run => run with { Status = RunStatus.Cancelled, Reason = evil }, evil));
        Assert.Empty(page.QuerySelectorAll("script"));
        Assert.DoesNotContain('\u001b', page.DocumentElement.OuterHtml);
    }

    private static IHtmlDocument Page(StudyOutcome study)
    {
        var html = StudyReport.Render(study, "fa study .");
        Assert.Equal(html, StudyReport.Render(study, "fa study ."));
        var page = new HtmlParser().ParseDocument(html);
        var ids = page.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        return page;
    }

    /// <summary>Three scales, two networks, two rules, three seeds; backpropagation's runs are the same ones for all scales.</summary>
    private static StudyOutcome Study(Func<RunRecord, RunRecord>? change = null, string? extra = null)
    {
        var experiment = SampleExperiment.Digits(_rules);
        return new()
        {
            Spec = experiment.Spec,
            Data = experiment.Data,
            Rules = RuleRecords.Of(experiment.Spec, RuleCatalog.Standard),
            Runs =
            [
                .. from scale in _scales.Index()
                   from layers in _layers.Index()
                   from rule in _rules.Index()
                   from seed in new ulong[] { 1, 2, 3 }
                   let error = 0.02 + (0.01 * rule.Index * (1 + scale.Index)) + (0.1 * layers.Index) + (0.001 * (seed - 1))
                       + (1e-5 * rule.Index * scale.Index * (seed % 2))
                   let record = new RunRecord { Rule = rule.Item, Seed = seed, Status = RunStatus.Completed, ValidationError = error,
                       TestError = error + (0.0003 * rule.Index * (seed % 3)) }
                   select new StudyOutcomeRun(
                       $"{rule.Item}-{layers.Index}-{seed}-{(rule.Index == 0 ? 0 : scale.Index)}", (2 * scale.Index) + layers.Index,
                       new Dictionary<string, string>
                       {
                           [Scale] = scale.Item,
                           [Layers] = layers.Item + extra,
                           ["loss"] = "softmax-cross-entropy",
                       },
                       rule.Item, seed, change?.Invoke(record) ?? record),
            ],
        };
    }
}
