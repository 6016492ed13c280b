using System.Xml.Linq;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Reports.Charts;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports.Page;

/// <summary>Fills the model of a study's page.</summary>
internal static class StudyPageBuilder
{
    private const int MostTroubles = 50;

    /// <summary>Single answers are not compared in studies.</summary>
    private static readonly string[] _testHeadings = [.. TestTable.Headings.SkipLast(1)];

    public static StudyPageModel Build(StudyOutcome study, StudyGroups groups, IReadOnlyList<FigureDrawing> figures, string command)
    {
        List<string> headings = ["Rank", "Rule", .. groups.Keys, "Validation error", "Test error", "Runs"];
        var tests = StudyTests.Of(study, groups);
        var ranked = groups.Ranked;
        return new StudyPageModel
        {
            Style = PageTemplate.Style + PageTemplate.ReproductionStyle,
            Title = $"{study.Spec.Name}: study",
            Headline = Headline(study, groups),
            Setting = $"Data: {study.Data.Description}; {Sentence.Count(study.Data.Train, "training example")}, "
                + $"{Sentence.Count(study.Data.Validation, "validation example")} and {Sentence.Count(study.Data.Test, "test example")}. "
                + $"Keys that differ: {(groups.Keys.Count == 0 ? "none" : string.Join(", ", groups.Keys))}.",
            Troubles = Troubles(study, groups),
            Figures = [.. figures.Select(figure => new FigureModel(
                figure.Record.Id, figure.Record.Title, figure.Record.Place, figure.Record.Caption, "charts",
                [.. figure.Panels.Select(
                    panel => new PanelModel(panel.Title, panel.Svg!.ToString(SaveOptions.DisableFormatting), "", 0, 0))]))],
            RankHeadings = headings,
            Ranks =
            [
                .. ranked.Concat(groups.Merged.Except(ranked)).Select((group, index) => Row(
                [
                    index < ranked.Count ? NumberText.Count(index + 1) : NumberText.None,
                    StudyFigures.Name(group.Rule, study),
                    .. groups.Keys.Select(key => groups.Value(group, key)),
                    NumberText.Errors(group.Validation, study.Data.Classification),
                    NumberText.Errors(group.Test, study.Data.Classification),
                    Outcomes(group),
                ], headings)),
            ],
            Tests = tests is null ? null : new TestModel(
                "Within each setting, every rule against backpropagation, or the first rule where it is not there; paired by seed: "
                    + $"{tests.Family}.",
                _testHeadings,
                [.. tests.Rows.Select(
                    row => Row([row.Name, row.Difference, row.EffectSize, row.T, row.Wilcoxon, row.Finding], _testHeadings))],
                tests.Notes, HasAnswers: false),
            Command = command,
            Spec = SpecWriter.Write(study.Spec),
        };
    }

    private static string Headline(StudyOutcome study, StudyGroups groups)
    {
        var runs = study.Runs.DistinctBy(run => run.Name).ToList();
        var ended = runs.Count(run => run.Record is not null);
        var far = $"{NumberText.Count(ended)} of {Sentence.Count(runs.Count, "run")} have ended"
            + (study.Runs.Count > runs.Count
                ? $" (each of the {NumberText.Count(study.Runs.Count)} that the study wants; equal ones were done once)." : ".");
        if (groups.Ranked is not [var best, ..])
        {
            return ForeignText.Line($"{far} No setting has all its runs yet, so none is ranked.");
        }

        var among = groups.Ranked.Count == 1 ? "It is the only one that can be ranked yet."
            : $"The validation examples chose it among {NumberText.Count(groups.Ranked.Count)}, so that error flatters.";
        var test = best.Test is { } error
            ? $" Its test error, which chose nothing, is {NumberText.Error(error.Mean, study.Data.Classification)}." : "";
        return ForeignText.Line($"{far} Lowest validation error: {StudyFigures.Name(best.Rule, study)} with {groups.InWords(best)}, "
            + $"{NumberText.Error(best.Validation!.Mean, study.Data.Classification)}. {among}{test}");
    }

    private static List<string> Troubles(StudyOutcome study, StudyGroups groups)
    {
        List<string> lines =
        [
            .. groups.Merged.SelectMany(group => group.Runs.Where(run => run.Record is { } record && !record.Status.IsEnd()).Select(run =>
                ForeignText.Line($"{StudyFigures.Name(group.Rule, study)}, {groups.InWords(group)}, seed {run.Seed}: "
                    + run.Record!.Status.InWords()
                    + (run.Record.Reason is { } reason ? $" — {reason}" : "")))),
        ];
        return lines.Count <= MostTroubles ? lines
            : [.. lines.Take(MostTroubles), $"… and {NumberText.Count(lines.Count - MostTroubles)} more"];
    }

    private static string Outcomes(StudyGroup group) => string.Join(",\n", new[]
    {
        (group.Ended.Count(), "completed"), (group.Diverged, "diverged"),
            (group.Runs.Count(run => run.Record?.Status == RunStatus.Cancelled), "cancelled"),
        (group.Runs.Count(run => run.Record is null), "not ended"),
    }.Where(part => part.Item1 > 0).Select(part => $"{part.Item1} {part.Item2}"));

    private static RowModel Row(IReadOnlyList<string> cells, IReadOnlyList<string> headings) =>
        new(cells[0], 0, [.. cells.Zip(headings, (text, heading) => new CellModel(heading, text)).Skip(1)]);
}
