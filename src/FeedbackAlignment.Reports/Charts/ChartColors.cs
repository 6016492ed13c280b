using System.Globalization;
using OxyPlot;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>The colors that charts are drawn in, and the class that each becomes. No two are equal, so that a color tells its part.</summary>
internal static class ChartColors
{
    public static OxyColor Text { get; } = OxyColor.FromRgb(32, 33, 36);

    public static OxyColor Axis { get; } = OxyColor.FromRgb(110, 112, 116);

    public static OxyColor Grid { get; } = OxyColor.FromRgb(226, 228, 231);

    public static OxyColor Guide { get; } = OxyColor.FromRgb(90, 94, 100);

    /// <summary>Part names by color as OxyPlot writes it into SVG, e.g. <c>rgb(0,114,178)</c>.</summary>
    public static IReadOnlyDictionary<string, string> Parts { get; } = new[] { (Text, "text"), (Axis, "axis"), (Grid, "grid"), (Guide, "guide") }
        .Concat(Enumerable.Range(0, SeriesStyle.Colors).Select(index => (SeriesStyle.ColorOf(index), index.ToString(CultureInfo.InvariantCulture))))
        .ToDictionary(part => Svg(part.Item1), part => part.Item2);

    private static string Svg(OxyColor color) => $"rgb({color.R},{color.G},{color.B})";
}
