using FeedbackAlignment.Texts;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>What all charts look like around their curves: sizes, frame, axes, and the legend below.</summary>
internal static class ChartFrame
{
    /// <summary>Width of a drawing, in its own units.</summary>
    public const double Width = 440;

    /// <summary>Size of small text.</summary>
    public const double SmallFontSize = 12;

    private const double FontSize = 13;
    private const double LegendRow = 17;
    private const double LegendSymbol = 30;
    private const double LegendSymbolMargin = 4;
    private const double LegendSpacing = 14;
    private const double LegendMargins = 75;

    /// <summary>An empty plot with a legend for the series to come.</summary>
    public static PlotModel NewPlot()
    {
        var model = new PlotModel
        {
            PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1),
            PlotAreaBorderColor = ChartColors.Axis,
            TextColor = ChartColors.Text,
            DefaultFontSize = FontSize,
            Padding = new OxyThickness(2, 8, 12, 2),
        };
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.BottomCenter,
            LegendOrientation = LegendOrientation.Horizontal,
            LegendSymbolLength = LegendSymbol,
            LegendSymbolMargin = LegendSymbolMargin,
            LegendFontSize = SmallFontSize,
            LegendLineSpacing = 2,
            LegendItemSpacing = LegendSpacing,
            LegendPadding = 2,
            LegendMargin = 2,
            LegendTextColor = ChartColors.Text,
        });
        return model;
    }

    /// <summary>Gives an axis its ticks and grid.</summary>
    public static void Dress(Axis axis)
    {
        axis.TicklineColor = ChartColors.Axis;
        axis.MinorTicklineColor = ChartColors.Grid;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = ChartColors.Grid;
        axis.AxisTitleDistance = 6;
        axis.IsZoomEnabled = false;
    }

    /// <summary>A name as it stands in the legend: one that is too long, as of a mixture of rules, is visibly cut.</summary>
    /// <param name="name">The name.</param>
    /// <param name="width">Width of the drawing.</param>
    public static string LegendText(string name, double width = Width)
        => ForeignText.Line(name, RoomyText.Letters(width - LegendMargins - LegendSymbol - LegendSymbolMargin, SmallFontSize));

    /// <summary>Height of the legend with these names, broken into rows as the legend breaks them.</summary>
    /// <param name="names">The names.</param>
    /// <param name="width">Width of the drawing.</param>
    public static double LegendHeight(IEnumerable<string> names, double width = Width)
    {
        var rows = 0;
        var used = 0.0;
        foreach (var text in names.Select(name => RoomyText.Width(LegendText(name, width), SmallFontSize)))
        {
            var entry = LegendSymbol + LegendSpacing + LegendSymbolMargin + text;
            if (rows == 0 || (used > 0 && used + entry > width - LegendMargins))
            {
                rows++;
                used = 0;
            }

            used += entry;
        }

        return rows * LegendRow;
    }
}
