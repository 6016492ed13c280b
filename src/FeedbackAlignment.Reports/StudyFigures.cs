using System.Globalization;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>
/// The figures of a study: the validation error against each key that differs, a line for each rule, with bars over seeds.
/// </summary>
internal static class StudyFigures
{
    /// <summary>More panels of one figure nobody compares.</summary>
    private const int MostPanels = 12;

    private const double WideRange = 10;

    private const string DivergedName = "a seed diverged (drawn at the top)";

    public static IReadOnlyList<FigureRecord> Of(StudyOutcome study, StudyGroups groups)
        => [.. groups.Keys.Index().Select(key => Of(key.Item, key.Index, study, groups))];

    private static FigureRecord Of(string key, int index, StudyOutcome study, StudyGroups groups)
    {
        string Others(StudyGroup group)
            => string.Join(", ", groups.Keys.Where(other => other != key).Select(other => $"{other} {groups.Value(group, other)}"));
        var panels = groups.Single.GroupBy(Others).Where(panel => panel.Select(group => groups.Value(group, key)).Distinct().Count() > 1)
            .ToList();
        return new FigureRecord
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"study-{index + 1}"),
            Title = $"Validation error against {key}",
            Place = panels.Count > MostPanels ? $"the first {MostPanels} of {panels.Count} settings of the other keys" : "",
            Rules = [.. groups.Single.Select(group => group.Rule).Distinct()],
            Caption = "Mean over seeds; bars are one standard deviation to each side. The validation error is drawn, because settings are "
                + "chosen by it.",
            Panels = [.. panels.Take(MostPanels)
                .Select(panel => Panel(panel.Key.Length > 0 ? panel.Key : key, key, [.. panel], study, groups))],
        };
    }

    private static PanelRecord Panel(string title, string key, IReadOnlyList<StudyGroup> cells, StudyOutcome study, StudyGroups groups)
    {
        var unit = study.Data.Classification ? 100 : 1;
        List<string> values = [.. groups.Values(key).Where(value => cells.Any(cell => groups.Value(cell, key) == value))];
        double?[] numbers = [.. values.Select(Number)];
        var places = numbers.All(number => number is not null) ? numbers.Select(number => number!.Value).ToList() : null;
        var errors = cells.Select(cell => unit * cell.Validation?.Mean).OfType<double>().ToList();
        var top = errors.DefaultIfEmpty(unit).Max();
        double Place(StudyGroup cell) => values.IndexOf(groups.Value(cell, key)) is var index && places is not null ? places[index] : index;
        return new PanelRecord
        {
            Title = title,
            X = places is null ? new AxisRecord(key, From: -0.4, To: values.Count - 0.6, Labels: values)
                : new AxisRecord(key, Logarithmic: places.Min() > 0 && places.Max() / places.Min() >= WideRange),
            Y = new AxisRecord(study.Data.Classification ? "validation error (%)" : "validation error",
                Logarithmic: errors.Count > 0 && errors.Min() > 0 && errors.Max() / errors.Min() >= WideRange),
            Series =
            [
                .. cells.GroupBy(cell => cell.Rule).Select(rule => new SeriesRecord
                {
                    Name = Name(rule.Key, study),
                    Subject = rule.Key,
                    Source = SeriesSource.Measured,
                    Form = SeriesForm.LineWithBars,
                    Points =
                    [
                        .. rule.Where(cell => cell.Validation is not null).OrderBy(Place)
                            .Select(cell => new PointRecord(Place(cell), unit * cell.Validation!.Mean)
                        {
                            Low = unit * (cell.Validation.Mean - cell.Validation.Deviation),
                            High = unit * (cell.Validation.Mean + cell.Validation.Deviation),
                        }),
                    ],
                }),
                .. cells.Where(cell => cell.Diverged > 0).GroupBy(cell => cell.Rule).Select((rule, index) => new SeriesRecord
                {
                    Name = index == 0 ? DivergedName : "",
                    Subject = rule.Key,
                    Source = SeriesSource.Theory,
                    Form = SeriesForm.Marks,
                    Points = [.. rule.Select(cell => new PointRecord(Place(cell), top))],
                }),
            ],
        };
    }

    internal static string Name(string rule, StudyOutcome study)
        => study.Rules.FirstOrDefault(record => record.Id == rule) is { } known ? RuleText.Name(known) : RuleText.Name(rule);

    private static double? Number(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
            : null;
}
