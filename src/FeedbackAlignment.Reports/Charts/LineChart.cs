using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>A horizontal line to read curves against.</summary>
internal sealed record Guide(double Value, string Text);

/// <summary>A chart of one quantity over the examples seen, or over the layers of a network, a line per rule.</summary>
internal sealed record LineChart
{
    private const double PlotHeight = 260, Width = 380;
    private const int MarkerDistance = 34;

    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string VerticalTitle { get; init; }

    public VerticalScale Scale { get; init; }

    /// <summary>Makes the horizontal axis for the places of the curves.</summary>
    public Func<IReadOnlyList<long>, (Axis Axis, Func<long, double> Place)> Horizontal { get; init; } = Scales.Examples;

    public IReadOnlyList<Guide> Guides { get; init; } = [];

    public required IReadOnlyList<RuleCurve> Curves { get; init; }

    /// <summary>The curves that the axes have room for, where these are a part of them; null: these.</summary>
    private IReadOnlyList<RuleCurve>? All { get; init; }

    /// <summary>
    /// One chart, or, where it would be a tangle, several on the same axes: the reference in each, the others in order, each color once.
    /// </summary>
    public IEnumerable<Chart> Draw()
    {
        if (Curves.Count < RuleText.Many)
        {
            return [DrawOne()];
        }

        var references = Curves.Where(curve => curve.Style.Rule == 0).ToList();
        var parts = Curves.Where(curve => curve.Style.Rule > 0).OrderBy(curve => curve.Style.Rule).GroupBy(curve => (curve.Style.Rule - 1) / (SeriesStyle.Colors - 1)).ToList();
        return parts.Count < 2 ? [DrawOne()] : parts.Select((part, index) => (this with
        {
            Id = $"{Id}-{index + 1}",
            Title = $"{Title} ({index + 1} of {parts.Count})",
            Curves = [.. references, .. part],
            All = Curves,
        }).DrawOne());
    }

    private Chart DrawOne()
    {
        var model = ChartFrame.NewPlot();
        var (bottom, place) = Horizontal([.. (All ?? Curves).SelectMany(Places)]);
        var left = Scales.Vertical(Scale, VerticalTitle, VisibleValues());
        foreach (var axis in new[] { bottom, left })
        {
            ChartFrame.Dress(axis);
            model.Axes.Add(axis);
        }

        foreach (var guide in Guides)
        {
            model.Annotations.Add(GuideLine(guide));
        }

        var logarithmic = left is LogarithmicAxis;
        DataPoint At(long at, double? value) => new(place(at), value is { } y && (y > 0 || !logarithmic) ? y : double.NaN);
        foreach (var curve in Curves.Where(curve => curve.Seeds > 1))
        {
            model.Series.Add(Band(curve, At));
        }

        foreach (var curve in Curves)
        {
            AddBroken(model, curve, At);
            model.Series.Add(Mean(curve, At));
        }

        var height = PlotHeight + ChartFrame.LegendHeight(Curves.Select(curve => curve.Label), Width);
        return new Chart(Id, Title, Note(), ChartSvg.Render(model, Id, Title, $"{Note()} {Ends()}".Trim(), Width, height));
    }

    private static LineAnnotation GuideLine(Guide guide) => new()
    {
        Type = LineAnnotationType.Horizontal,
        Y = guide.Value,
        Color = ChartColors.Guide,
        LineStyle = LineStyle.Dash,
        StrokeThickness = 1,
        Layer = AnnotationLayer.BelowSeries,
    };

    private static AreaSeries Band(RuleCurve curve, Func<long, double?, DataPoint> at)
    {
        var band = new AreaSeries { Fill = OxyColor.FromAColor(46, curve.Style.Color), Color = OxyColors.Transparent, StrokeThickness = 0 };
        band.Points.AddRange(curve.Mean.Select(point => at(point.At, point.Low)));
        band.Points2.AddRange(curve.Mean.Select(point => at(point.At, point.High)));
        return band;
    }

    private static LineSeries Mean(RuleCurve curve, Func<long, double?, DataPoint> at)
    {
        var line = new LineSeries
        {
            Title = ChartFrame.LegendText(curve.Label, Width),
            Color = curve.Style.Color,
            Dashes = curve.Style.Dashes,
            StrokeThickness = 2,
            LineJoin = LineJoin.Round,
            MarkerType = curve.Style.Marker.Type,
            MarkerOutline = curve.Style.Marker.Outline,
            MarkerSize = 3.6,
            MarkerFill = curve.Style.Color,
            MarkerResolution = MarkerDistance,
        };
        line.Points.AddRange(curve.Mean.Select(point => at(point.At, point.Mean)));
        return line;
    }

    private static void AddBroken(PlotModel model, RuleCurve curve, Func<long, double?, DataPoint> at)
    {
        foreach (var run in curve.Broken)
        {
            var line = new LineSeries { Color = curve.Style.Color, Dashes = curve.Style.Dashes, StrokeThickness = 1 };
            line.Points.AddRange(run.Select(reading => at(reading.At, reading.Value)));
            var end = new LineSeries
            {
                Color = curve.Style.Color,
                MarkerType = MarkerType.Cross,
                MarkerSize = 5,
                MarkerStroke = curve.Style.Color,
                MarkerStrokeThickness = 2,
            };
            var last = run.Last(reading => reading.Value is not null);
            end.Points.Add(at(last.At, last.Value));
            model.Series.Add(line);
            model.Series.Add(end);
        }
    }

    private static IEnumerable<long> Places(RuleCurve curve) =>
        curve.Mean.Select(point => point.At).Concat(curve.Broken.SelectMany(run => run.Select(reading => reading.At)));

    // What exploded must not flatten the rest: the axis follows the completed runs, and broken ones only not far beyond.
    private List<double> VisibleValues()
    {
        const double beyond = 3;
        List<double> completed = [.. (All ?? Curves).SelectMany(curve => curve.Mean).SelectMany(point => new[] { point.Low, point.High }).Where(double.IsFinite)];
        var broken = (All ?? Curves).SelectMany(curve => curve.Broken).SelectMany(run => run).Select(reading => reading.Value).OfType<double>();
        if (completed.Count > 0)
        {
            broken = broken.Where(value => value <= beyond * completed.Max() && value >= completed.Min() / beyond);
        }

        return Scale == VerticalScale.Logarithmic ? [.. completed, .. broken, .. Guides.Select(guide => guide.Value)] : [.. completed, .. broken];
    }

    private string Note()
    {
        var seeds = Curves.Select(curve => curve.Seeds).Where(count => count > 0).Distinct().Order().ToList();
        var several = seeds.Count > 0 && seeds[^1] > 1;
        List<string> notes = [];
        if (seeds.Count > 0)
        {
            notes.Add(several ? $"Line: mean over {string.Join(" or ", seeds)} seeds. Band: from the lowest to the highest seed." : "Line: the one completed seed (no band).");
        }

        if (Curves.Any(curve => curve.Broken.Count > 0))
        {
            notes.Add("Thin line ending in ×: a run that diverged or was cancelled.");
        }

        // Beside its line a text would lie over the curves.
        if (Guides.Count > 0)
        {
            notes.Add($"Dashed {(Guides.Count == 1 ? "line" : "lines")}: {Sentence.List([.. Guides.Select(guide => guide.Text)])}.");
        }

        return string.Join(' ', notes);
    }

    private string Ends() => string.Join(" ", Curves
        .Where(curve => curve.Mean.Count > 0 && double.IsFinite(curve.Mean[^1].Mean))
        .Select(curve => $"{curve.Label} ends at {TidyLogarithmicAxis.Label(Math.Round(curve.Mean[^1].Mean, 4))}."));
}
