using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Texts;
using OxyPlot;
using OxyPlot.Series;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>
/// What a panel's series become in a plot. Areas and bands lie behind everything else. What was measured is a solid line that ends in a
/// dot; what was read off the paper is open marks, or a dotted line; arrows and guides are gray. Where several measured lines have the
/// paper's marks in the same color, one entry of the legend explains all the marks.
/// </summary>
internal sealed class PanelSeries
{
    private const int LongestName = 44;
    private const int MarkerDistance = 46;
    private const byte AreaAlpha = 46;
    private const string PaperMarks = "read off the paper’s figure";

    private readonly IReadOnlyDictionary<string, SubjectStyle> _styles;
    private readonly PanelAxis _across;
    private readonly PanelAxis _up;
    private readonly List<SeriesRecord> _drawn;
    private readonly bool _sharesMarks;
    private readonly bool _severalLines;

    public PanelSeries(PanelRecord panel, IReadOnlyDictionary<string, SubjectStyle> styles, PanelAxis across, PanelAxis up)
    {
        (_styles, _across, _up) = (styles, across, up);
        _drawn = [.. panel.Series.Where(series => series.Points.Any(point => double.IsFinite(_across.Place(point.X)) && double.IsFinite(_up.Place(point.Y))))];
        _sharesMarks = _drawn.Count(IsSharedMark) > 1;
        _severalLines = _drawn.Where(IsMeasuredLine).Select(series => series.Subject).Distinct().Count() > 1;
        All = [.. _drawn.SelectMany(Behind), .. _drawn.SelectMany(Before), .. _sharesMarks ? [MarksEntry()] : Array.Empty<Series>()];
        Names = [.. All.Select(series => series.Title).Where(title => !string.IsNullOrEmpty(title))];
    }

    /// <summary>From back to front.</summary>
    public IReadOnlyList<Series> All { get; }

    /// <summary>What the legend says.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The points of a series that are drawn as marks: all, or the last one's dot.</summary>
    public static IEnumerable<PointRecord> Marked(SeriesRecord series) => series.Form == SeriesForm.Marks ? series.Points : IsMeasuredLine(series) ? series.Points.TakeLast(1) : [];

    private IEnumerable<Series> Behind(SeriesRecord record)
    {
        var fill = record.Form == SeriesForm.Arrows ? OxyColors.Undefined : OxyColor.FromAColor(AreaAlpha, _styles[record.Subject].Color);
        if (record.Form == SeriesForm.Area)
        {
            yield return Filled(new FilledSeries { Title = Name(record), Fill = fill }, record);
        }
        else if (record.Form is SeriesForm.Line or SeriesForm.DashedLine && record.Points.Any(point => point is { Low: not null, High: not null }))
        {
            var band = new AreaSeries { Fill = fill, Color = OxyColors.Transparent, StrokeThickness = 0 };
            band.Points.AddRange(record.Points.Select(point => Edge(point, point.Low)));
            band.Points2.AddRange(record.Points.Select(point => Edge(point, point.High)));
            yield return band;
        }
        else if (record.Form == SeriesForm.LineWithBars)
        {
            var bars = new LineSeries { Color = _styles[record.Subject].Color, StrokeThickness = 1.2 };
            bars.Points.AddRange(record.Points.Where(point => point is { Low: not null, High: not null })
                .SelectMany(point => (DataPoint[])[Edge(point, point.Low), Edge(point, point.High), DataPoint.Undefined]));
            yield return bars;
        }
    }

    private IEnumerable<Series> Before(SeriesRecord record)
    {
        switch (record.Form)
        {
            case SeriesForm.Line or SeriesForm.DashedLine or SeriesForm.LineWithBars:
                yield return Filled(Line(record), record);
                if (IsMeasuredLine(record))
                {
                    yield return End(record);
                }

                break;
            case SeriesForm.Marks:
                yield return Filled(Marks(Name(record), record.Source, _styles[record.Subject]), record);
                break;
            case SeriesForm.Arrows:
                var arrows = record.Points.Where(point => point is { Dx: not null, Dy: not null }).ToList();
                var series = new ArrowSeries { Title = Name(record), Color = ChartColors.Axis, Ends = [.. arrows.Select(point => At(point.X + point.Dx!.Value, point.Y + point.Dy!.Value))] };
                series.Points.AddRange(arrows.Select(point => At(point.X, point.Y)));
                yield return series;
                break;
        }
    }

    private LineSeries Line(SeriesRecord record)
    {
        var style = _styles[record.Subject];
        var line = new LineSeries
        {
            Title = Name(record),
            Color = style.Color,
            Dashes = record.Form == SeriesForm.DashedLine ? [6, 3] : record.Source == SeriesSource.Paper ? [1.5, 2] : null,
            StrokeThickness = record.Subject == SubjectStyles.Guide ? 1 : record.Source == SeriesSource.Paper ? 1.3 : 2,
            LineJoin = LineJoin.Round,
        };

        // Colors alone do not tell lines apart in gray print; marks of the paper already do.
        if (IsMeasuredLine(record) && _severalLines && !_drawn.Any(other => other.Form == SeriesForm.Marks && other.Subject == record.Subject))
        {
            line.MarkerType = style.Marker.Type;
            line.MarkerOutline = style.Marker.Outline;
            line.MarkerSize = 3.2;
            line.MarkerFill = style.Color;
            line.MarkerResolution = MarkerDistance;
        }

        return line;
    }

    private ScatterSeries End(SeriesRecord record)
    {
        var end = new ScatterSeries { MarkerType = MarkerType.Circle, MarkerSize = 2.8, MarkerFill = _styles[record.Subject].Color };
        var last = record.Points.Last(point => double.IsFinite(_across.Place(point.X)) && double.IsFinite(_up.Place(point.Y)));
        end.Points.Add(new ScatterPoint(last.X, last.Y));
        return end;
    }

    private static LineSeries Marks(string? title, SeriesSource source, SubjectStyle style) => new()
    {
        Title = title,
        Color = OxyColors.Transparent,
        StrokeThickness = 0,
        MarkerType = source == SeriesSource.Theory ? MarkerType.Plus : style.Marker.Type,
        MarkerOutline = style.Marker.Outline,
        MarkerSize = 3.8,
        MarkerFill = source == SeriesSource.Measured ? style.Color : ChartColors.Page,
        MarkerStroke = style.Color,
        MarkerStrokeThickness = 1.6,
    };

    private static LineSeries MarksEntry() => Marks(PaperMarks, SeriesSource.Paper, new SubjectStyle(ChartColors.Guide, SeriesStyle.MarkerOf(0)));

    private DataPointSeries Filled(DataPointSeries series, SeriesRecord record)
    {
        series.Points.AddRange(record.Points.Select(point => At(point.X, point.Y)));
        return series;
    }

    private DataPoint At(double x, double y) => new(_across.Place(x), _up.Place(y));

    private DataPoint Edge(PointRecord point, double? edge) => new(_across.Place(point.X), _up.Edge(edge));

    private string? Name(SeriesRecord record)
        => record.Name.Length == 0 || (_sharesMarks && IsSharedMark(record)) ? null : ForeignText.Line(record.Name, LongestName);

    private static bool IsMeasuredLine(SeriesRecord series)
        => series is { Source: SeriesSource.Measured, Form: SeriesForm.Line or SeriesForm.DashedLine or SeriesForm.LineWithBars };

    private bool IsSharedMark(SeriesRecord series) => series is { Source: SeriesSource.Paper, Form: SeriesForm.Marks, Name.Length: > 0 }
        && _drawn.Any(line => IsMeasuredLine(line) && line.Subject == series.Subject && line.Name.Length > 0);
}
