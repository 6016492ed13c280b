using System.Globalization;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Reports;

/// <summary>The figures of a tuning: for each rule, each setting against the validation error.</summary>
internal static class TuningFigures
{
    private const string Diverged = "diverged (drawn at the top)", Winner = "winner", Own = "the spec's own setting";

    public static IReadOnlyList<FigureRecord> Of(TuningRecord tuning) => [.. tuning.Rules.Where(rule => rule.Trials.Count > 0).Select((rule, index) => Of(rule, index, tuning))];

    private static FigureRecord Of(RuleTuningRecord rule, int index, TuningRecord tuning) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"tuning-{index + 1}"),
        Rules = [rule.Rule],
        Title = RuleText.Name(rule.Rule),
        Place = $"{TuningText.Trials(rule)} trials",
        Caption = rule.Winner is { } winner
            ? $"Every mark is a trial of the search. The winner, {TuningText.Trial(winner.Trial)}: "
                + $"{string.Join(", ", winner.Settings.Select(TuningText.Setting))}."
            : "Every mark is a trial of the search. There is no winner.",
        Panels = [.. rule.Space.Select(setting => Panel(rule, setting.Key, setting.Value, tuning))],
    };

    private static PanelRecord Panel(RuleTuningRecord rule, string setting, RangeSpec range, TuningRecord tuning)
    {
        var unit = tuning.Data.Classification ? 100 : 1;
        var errors = rule.Trials.Select(trial => unit * trial.ValidationError).OfType<double>().Where(error => error > 0).ToList();
        var top = errors.DefaultIfEmpty(unit).Max();
        var last = rule.Trials.Max(trial => trial.Rung);
        var own = rule.Trials.Where(trial => trial is { Trial: TuningText.OwnSetting, ValidationError: not null }).ToList();
        var completed = rule.Trials.Except(own).Where(trial => trial.ValidationError is not null);
        var rungs = completed.GroupBy(trial => trial.Rung).OrderBy(rung => rung.Key);
        return new PanelRecord
        {
            Title = setting,
            X = Axis(setting, range, [.. own.SelectMany(trial => Place(trial.Settings, setting))]),
            Y = new AxisRecord(tuning.Data.Classification ? "validation error (%)" : "validation error", Logarithmic: errors.Count == rule.Trials.Count(trial => trial.ValidationError is not null)),
            Series =
            [
                .. rungs.Select(rung => Marks(
                    last == 1 ? "trial" : $"{NumberText.Count(rung.First().Examples)} examples", rung.Key == last ? rule.Rule : $"rung {rung.Key}", setting,
                    rung.Select(trial => (trial.Settings, unit * trial.ValidationError!.Value)))),
                Marks(Own, Own, setting, own.Select(trial => (trial.Settings, unit * trial.ValidationError!.Value))),
                Marks(Diverged, SubjectOfDiverged, setting, rule.Trials.Where(trial => trial.ValidationError is null).Select(trial => (trial.Settings, top))),
                Marks(Winner, Winner, setting, rule.Winner is { } winner ? [(winner.Settings, unit * winner.ValidationError)] : []),
            ],
        };
    }

    /// <summary>The range that was searched, and where the spec's own value lies beyond it.</summary>
    private static AxisRecord Axis(string setting, RangeSpec range, double[] own)
    {
        var isLog = range.Scale == RangeScaleIds.Log;
        double[] shown = [range.From, range.To, .. own.Where(value => value > 0 || !isLog)];
        return new AxisRecord(setting, isLog, shown.Min(), shown.Max());
    }

    /// <summary>Where a trial stands on a setting's axis; nowhere if its record, which may be damaged, does not say it.</summary>
    private static double[] Place(IReadOnlyDictionary<string, double> settings, string setting) =>
        settings.TryGetValue(setting, out var value) ? [value] : [];

    /// <summary>Gray, like all that is there to read the rest against.</summary>
    private static string SubjectOfDiverged => Charts.SubjectStyles.Guide;

    private static SeriesRecord Marks(string name, string subject, string setting, IEnumerable<(IReadOnlyDictionary<string, double> Settings, double Error)> trials) => new()
    {
        Name = name,
        Subject = subject,
        Source = SeriesSource.Measured,
        Form = SeriesForm.Marks,
        Points = [.. trials.SelectMany(trial => Place(trial.Settings, setting).Select(value => new PointRecord(value, trial.Error)))],
    };
}
