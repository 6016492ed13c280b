using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>
/// Gives every subject of a report's figures its look: the figures' rules have theirs in all figures, other subjects keep theirs from
/// figure to figure where it is free; where a figure has more subjects than there are colors, they take their steps on a ramp in order of
/// appearance. Guides are gray and take no color.
/// </summary>
internal sealed class SubjectStyles
{
    /// <summary>The subject of lines and areas to read others against.</summary>
    public const string Guide = "guide";

    private readonly Dictionary<string, int> _places = [];

    /// <summary>The looks of a figure's subjects; figures are to be asked for in their order in the report.</summary>
    public IReadOnlyDictionary<string, SubjectStyle> Of(FigureRecord figure)
    {
        List<string> subjects =
        [
            .. figure.Panels.SelectMany(panel => panel.Series).Where(series => series.Form != SeriesForm.Arrows && series.Subject != Guide)
                .Select(series => series.Subject).Distinct(),
        ];
        foreach (var (place, rule) in figure.Rules.Index().Where(rule => rule.Index < SeriesStyle.Colors))
        {
            _places.TryAdd(rule, place);
        }

        var styles = subjects.Count > SeriesStyle.Colors ? OnRamp(subjects) : subjects.Zip(Places(subjects, figure.Rules)).ToDictionary(
            subject => subject.First, subject => new SubjectStyle(SeriesStyle.ColorOf(subject.Second), SeriesStyle.MarkerOf(subject.Second)));
        styles[Guide] = new SubjectStyle(ChartColors.Guide, SeriesStyle.MarkerOf(0));
        return styles;
    }

    private List<int> Places(List<string> subjects, IReadOnlyList<string> rules)
    {
        HashSet<int> taken = [.. subjects.Where(rules.Contains).Select(rule => _places[rule])];
        foreach (var subject in subjects.Except(rules))
        {
            if (!_places.TryGetValue(subject, out var place) || !taken.Add(place))
            {
                place = Enumerable.Range(0, SeriesStyle.Colors).First(taken.Add);
                _places[subject] = place;
            }
        }

        return [.. subjects.Select(subject => _places[subject])];
    }

    private static Dictionary<string, SubjectStyle> OnRamp(List<string> subjects)
    {
        var ramp = ChartColors.Ramp;
        return subjects.Index().ToDictionary(
            subject => subject.Item,
            subject => new SubjectStyle(ramp[(int)Math.Round((double)subject.Index * (ramp.Count - 1) / (subjects.Count - 1))], SeriesStyle.MarkerOf(subject.Index)));
    }
}
