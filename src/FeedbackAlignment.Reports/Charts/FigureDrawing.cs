using System.Globalization;
using System.Xml.Linq;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>A drawn panel: curves, or a picture.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Svg">The curves; null for a picture.</param>
/// <param name="Height">Height of the curves, in units of the drawing.</param>
/// <param name="Picture">The picture; null for curves.</param>
internal sealed record PanelDrawing(string Title, XElement? Svg, double Height, PictureRecord? Picture);

/// <summary>A drawn figure.</summary>
/// <param name="Record">What was drawn.</param>
/// <param name="Panels">Its panels, drawn.</param>
internal sealed record FigureDrawing(FigureRecord Record, IReadOnlyList<PanelDrawing> Panels)
{
    /// <summary>Draws the figures of a report.</summary>
    /// <exception cref="ArgumentException">One cannot be drawn.</exception>
    public static IReadOnlyList<FigureDrawing> DrawAll(IReadOnlyList<FigureRecord> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        if (FigureChecks.Problem(figures) is { } problem)
        {
            throw new ArgumentException(problem, nameof(figures));
        }

        var styles = new SubjectStyles();
        return [.. figures.Select(figure => Draw(figure, styles.Of(figure)))];
    }

    private static FigureDrawing Draw(FigureRecord figure, IReadOnlyDictionary<string, SubjectStyle> styles)
        => new(figure, [.. figure.Panels.Select((panel, index) => Draw(panel, figure.Id, index, styles))]);

    private static PanelDrawing Draw(PanelRecord panel, string figure, int index, IReadOnlyDictionary<string, SubjectStyle> styles)
    {
        if (panel.Picture is { } picture)
        {
            return new PanelDrawing(panel.Title, null, 0, picture);
        }

        var chart = new PanelChart(panel, string.Create(CultureInfo.InvariantCulture, $"figure-{figure}-{index + 1}"), styles);
        return new PanelDrawing(panel.Title, chart.Draw(), chart.Height, null);
    }
}
