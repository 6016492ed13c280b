using OxyPlot;
using OxyPlot.Series;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>Many thin arrows: a flow field.</summary>
internal sealed class ArrowSeries : DataPointSeries
{
    private const double LongestHead = 5;
    private const double HeadShare = 0.45;
    private const double HalfWidthOfHead = 0.42;
    private const double HalfWidthOfShaft = 0.4;

    /// <summary>Where the arrows end, in the order of the points they start from.</summary>
    public required IReadOnlyList<DataPoint> Ends { get; init; }

    public required OxyColor Color { get; init; }

    public override void Render(IRenderContext rc)
    {
        foreach (var (start, end) in Points.Zip(Ends))
        {
            Draw(rc, Transform(start), Transform(end));
        }
    }

    public override void RenderLegend(IRenderContext rc, OxyRect legendBox)
    {
        var middle = (legendBox.Top + legendBox.Bottom) / 2;
        Draw(rc, new ScreenPoint(legendBox.Left + 4, middle), new ScreenPoint(legendBox.Right - 4, middle));
    }

    // One polygon for shaft and head: a field has hundreds.
    private void Draw(IRenderContext rc, ScreenPoint start, ScreenPoint end)
    {
        var way = end - start;
        if (!(way.Length > 0))
        {
            return;
        }

        var head = Math.Min(LongestHead, HeadShare * way.Length);
        way.Normalize();
        var side = new ScreenVector(-way.Y, way.X);
        var neck = end - (way * head);
        ScreenPoint[] outline =
        [
            start + (side * HalfWidthOfShaft), neck + (side * HalfWidthOfShaft), neck + (side * (HalfWidthOfHead * head)), end,
            neck - (side * (HalfWidthOfHead * head)), neck - (side * HalfWidthOfShaft), start - (side * HalfWidthOfShaft),
        ];
        rc.DrawPolygon(outline, Color, OxyColors.Undefined, 0, EdgeRenderingMode.PreferGeometricAccuracy);
    }
}
