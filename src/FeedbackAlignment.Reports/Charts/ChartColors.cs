using System.Globalization;
using OxyPlot;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>
/// The colors that charts are drawn in, and the class that each becomes. No two are equal, so that a color tells its part.
/// </summary>
internal static class ChartColors
{
    public static OxyColor Text { get; } = OxyColor.FromRgb(32, 33, 36);

    public static OxyColor Axis { get; } = OxyColor.FromRgb(110, 112, 116);

    public static OxyColor Grid { get; } = OxyColor.FromRgb(226, 228, 231);

    public static OxyColor Guide { get; } = OxyColor.FromRgb(90, 94, 100);

    /// <summary>What lies behind everything: open markers are filled with it.</summary>
    public static OxyColor Page { get; } = OxyColor.FromRgb(255, 255, 255);

    /// <summary>
    /// Dark blue to orange, lightness rising: for many subjects with an order. The dark page has light-to-dark twins of them.
    /// </summary>
    public static IReadOnlyList<OxyColor> Ramp { get; } =
    [
        OxyColor.FromRgb(23, 7, 139), OxyColor.FromRgb(57, 5, 154), OxyColor.FromRgb(85, 2, 162), OxyColor.FromRgb(111, 2, 167),
        OxyColor.FromRgb(135, 10, 165), OxyColor.FromRgb(158, 25, 155), OxyColor.FromRgb(179, 44, 142), OxyColor.FromRgb(196, 63, 127),
        OxyColor.FromRgb(212, 82, 112), OxyColor.FromRgb(225, 100, 98), OxyColor.FromRgb(236, 121, 83), OxyColor.FromRgb(245, 142, 69),
    ];

    /// <summary>Part names by color as OxyPlot writes it into SVG, e.g. <c>rgb(0,114,178)</c>.</summary>
    public static IReadOnlyDictionary<string, string> Parts { get; } = new[] { (Text, "text"), (Axis, "axis"), (Grid, "grid"), (Guide, "guide"), (Page, "page") }
        .Concat(Enumerable.Range(0, SeriesStyle.Colors).Select(index => (SeriesStyle.ColorOf(index), index.ToString(CultureInfo.InvariantCulture))))
        .Concat(Ramp.Index().Select(step => (step.Item, $"r{step.Index.ToString(CultureInfo.InvariantCulture)}")))
        .ToDictionary(part => Svg(part.Item1), part => part.Item2);

    private static string Svg(OxyColor color) => $"rgb({color.R},{color.G},{color.B})";
}
