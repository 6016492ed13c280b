using OxyPlot;
using OxyPlot.Series;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>The area inside the closed line through the points.</summary>
internal sealed class FilledSeries : DataPointSeries
{
    public required OxyColor Fill { get; init; }

    public override void Render(IRenderContext rc) =>
        rc.DrawPolygon([.. Points.Where(point => point.IsDefined()).Select(Transform)], Fill, OxyColors.Undefined, 0, EdgeRenderingMode.PreferGeometricAccuracy);

    public override void RenderLegend(IRenderContext rc, OxyRect legendBox) =>
        rc.DrawRectangle(legendBox.Deflate(new OxyThickness(4, 3, 4, 3)), Fill, OxyColors.Undefined, 0, EdgeRenderingMode.PreferGeometricAccuracy);
}
