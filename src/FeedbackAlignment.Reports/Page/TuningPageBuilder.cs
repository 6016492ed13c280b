using System.Xml.Linq;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Reports.Charts;

namespace FeedbackAlignment.Reports.Page;

/// <summary>Fills the model of a tuning's page from its record.</summary>
internal static class TuningPageBuilder
{
    private static readonly string[] _winnerHeadings =
        ["Rule", "Validation error", "Untuned", "Gain", "Settings", "Searched", "Trials", "Time"];

    private static readonly string[] _trialHeadings = ["Rule", "Trial", "Rung", "Examples", "Settings", "Outcome", "Validation error", "Validation loss", "Time"];

    private static readonly string[] _laterHeadings = ["Rule", "Trial", "Purpose", "Seeds", "Outcome", "Validation error"];

    public static TuningPageModel Build(TuningRecord tuning, IReadOnlyList<FigureDrawing> figures) => new()
    {
        Style = PageTemplate.Style + PageTemplate.ReproductionStyle,
        Title = $"{tuning.Spec.Name}: tuning",
        Headline = TuningText.Headline(tuning),
        Setting = $"Network {NetworkText.Of(tuning.Spec.Network)}, {tuning.Spec.Loss!.Replace('-', ' ')}, "
            + $"{tuning.Spec.Optimizer.Kind}. Data: {tuning.Data.Description}; "
            + $"{NumberText.Count(tuning.Data.Train)} training and {NumberText.Count(tuning.Data.Validation)} validation examples. The test examples were not touched.",
        Search = TuningText.Search(tuning),
        Warnings = TuningText.Warnings(tuning),
        Gains = TuningText.Gains(tuning),
        WinnerHeadings = _winnerHeadings,
        Winners = [.. tuning.Rules.Select(rule => Row(WinnerCells(rule, tuning), _winnerHeadings))],
        Figures = [.. figures.Select(Figure)],
        TrialHeadings = _trialHeadings,
        Trials = [.. tuning.Rules.SelectMany(rule => rule.Trials.Select(trial => Row(TrialCells(rule.Rule, trial, tuning), _trialHeadings)))],
        LaterHeadings = _laterHeadings,
        Later =
        [
            .. tuning.Rules.SelectMany(rule => rule.Finals.Select(trial => LaterCells(rule.Rule, trial, "choice", tuning)))
                .Concat(tuning.Rules.SelectMany(rule => rule.Reported.Select(trial => LaterCells(rule.Rule, trial, "report", tuning))))
                .Select(cells => Row(cells, _laterHeadings)),
        ],
        Environment = EnvironmentFacts.Of(tuning.Environment),
        Spec = SpecWriter.Write(tuning.Spec),
    };

    private static RowModel Row(string[] cells, string[] headings) =>
        new(cells[0], 0, [.. cells.Zip(headings, (text, heading) => new CellModel(heading, text)).Skip(1)]);

    private static string[] WinnerCells(RuleTuningRecord rule, TuningRecord tuning) =>
    [
        RuleText.Name(rule.Rule),
        TuningText.Tuned(rule) is { } tuned
            ? NumberText.Errors(tuned, tuning.Data.Classification)
            : NumberText.Error(rule.Winner?.ValidationError, tuning.Data.Classification),
        NumberText.Errors(TuningText.Untuned(rule), tuning.Data.Classification),
        NumberText.Difference(rule.Gain, tuning.Data.Classification),
        rule.Winner is { } winner ? string.Join('\n', winner.Settings.Select(TuningText.Setting)) : NumberText.None,
        string.Join('\n', rule.Space.Select(range => $"{range.Key} {NumberText.AsGiven(range.Value.From)} … {NumberText.AsGiven(range.Value.To)} ({range.Value.Scale})")),
        TuningText.Trials(rule),
        NumberText.Seconds(rule.Seconds),
    ];

    private static string[] TrialCells(string rule, TrialRecord trial, TuningRecord tuning) =>
    [
        RuleText.Name(rule),
        NumberText.Count(trial.Trial),
        NumberText.Count(trial.Rung),
        NumberText.Count(trial.Examples),
        string.Join('\n', trial.Settings.Select(TuningText.Setting)),
        Outcome(trial),
        NumberText.Error(trial.ValidationError, tuning.Data.Classification),
        NumberText.Loss(trial.ValidationLoss),
        NumberText.Seconds(trial.Seconds),
    ];

    private static string[] LaterCells(string rule, TrialRecord trial, string purpose, TuningRecord tuning) =>
    [
        RuleText.Name(rule),
        NumberText.Count(trial.Trial),
        purpose,
        string.Join(", ", trial.Runs.Select(run => run.Seed)),
        Outcome(trial),
        NumberText.Errors(TuningText.Errors(trial), tuning.Data.Classification),
    ];

    private static string Outcome(TrialRecord trial)
        => trial.Status == RunStatus.Completed ? trial.LossGrew ? "completed; the loss grew" : "completed"
        : trial.Runs.FirstOrDefault(run => run.Reason is not null) is { Reason: { } reason } ? $"diverged: {reason}"
        : "diverged";

    private static FigureModel Figure(FigureDrawing figure) => new(
        figure.Record.Id,
        figure.Record.Title,
        figure.Record.Place,
        figure.Record.Caption,
        "charts",
        [.. figure.Panels.Select(panel => new PanelModel(panel.Title, panel.Svg!.ToString(SaveOptions.DisableFormatting), "", 0, 0))]);
}
