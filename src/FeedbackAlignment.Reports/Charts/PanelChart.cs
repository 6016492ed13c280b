using System.Xml.Linq;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Texts;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>Draws a panel's curves.</summary>
internal sealed class PanelChart
{
    private const double PlotHeight = 300;
    private const double SquareHeight = 428;

    private readonly PanelRecord _panel;
    private readonly string _id;
    private readonly PanelSeries _series;
    private readonly bool _square;

    /// <summary>Takes a panel with axes.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="id">Unique on the page.</param>
    /// <param name="styles">The looks of its subjects.</param>
    public PanelChart(PanelRecord panel, string id, IReadOnlyDictionary<string, SubjectStyle> styles)
    {
        _panel = panel;
        _id = id;
        var points = panel.Series.SelectMany(series => series.Points).ToList();
        var marks = panel.Series.SelectMany(PanelSeries.Marked).ToList();
        var across = new PanelAxis(panel.X!, points.SelectMany(point => new[] { point.X, point.X + (point.Dx ?? 0) }), marks.Select(point => point.X));
        var up = new PanelAxis(
            panel.Y!, points.SelectMany(point => new[] { point.Y, point.Y + (point.Dy ?? 0), point.Low ?? point.Y, point.High ?? point.Y }), marks.Select(point => point.Y));
        _series = new PanelSeries(panel, styles, across, up);
        _square = panel is { X.Logarithmic: false, Y.Logarithmic: false, X.From: not null, X.To: not null }
            && (panel.X.From, panel.X.To) == (panel.Y.From, panel.Y.To);
        Across = across.Create(AxisPosition.Bottom);
        Up = up.Create(AxisPosition.Left);
        Height = (_square ? SquareHeight : PlotHeight) + ChartFrame.LegendHeight(_series.Names);
    }

    /// <summary>Height of the drawing.</summary>
    public double Height { get; }

    private Axis Across { get; }

    private Axis Up { get; }

    /// <summary>The <c>svg</c> element.</summary>
    public XElement Draw()
    {
        var model = ChartFrame.NewPlot();
        model.Axes.Add(Across);
        model.Axes.Add(Up);
        foreach (var series in _series.All)
        {
            model.Series.Add(series);
        }

        if (_series.All.Count == 0)
        {
            model.Annotations.Add(NoData());
        }

        return ChartSvg.Draw(model, _id, ForeignText.Line(_panel.Title), Description(), ChartFrame.Width, Height);
    }

    private TextAnnotation NoData() => new()
    {
        Text = "no data",
        TextPosition = new DataPoint(Middle(Across), Middle(Up)),
        TextVerticalAlignment = VerticalAlignment.Middle,
        TextColor = ChartColors.Guide,
        StrokeThickness = 0,
    };

    private static double Middle(Axis axis) => axis is LogarithmicAxis ? Math.Sqrt(axis.Minimum * axis.Maximum) : (axis.Minimum + axis.Maximum) / 2;

    private string Description()
    {
        var axes = $"{ForeignText.Line(_panel.Y!.Title)} against {ForeignText.Line(_panel.X!.Title)}.";
        var ends = _panel.Series
            .Where(series => series is { Name.Length: > 0, Source: SeriesSource.Measured, Form: SeriesForm.Line or SeriesForm.DashedLine, Points.Count: > 0 })
            .Select(series => (series.Name, End: series.Points[^1].Y)).Where(line => double.IsFinite(line.End))
            .Select(line => $"{ForeignText.Line(line.Name)} ends at {NumberText.Significant(line.End)}.");
        return string.Join(' ', ends.Prepend(axes));
    }
}
