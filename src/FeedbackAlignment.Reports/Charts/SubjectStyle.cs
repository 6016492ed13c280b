using OxyPlot;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>How a subject of figures looks.</summary>
/// <param name="Color">One of the colors that a page can restyle.</param>
/// <param name="Marker">The shape of its marks.</param>
internal sealed record SubjectStyle(OxyColor Color, Marker Marker);
