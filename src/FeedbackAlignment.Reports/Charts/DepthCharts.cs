using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>What became of the angles at each depth of a network: the last reading of every hidden layer side by side.</summary>
internal static class DepthCharts
{
    /// <summary>Of fewer hidden layers, the charts by layer show as much.</summary>
    private const int FewestLayers = 3;

    /// <summary>The charts; null if no network has so many hidden layers.</summary>
    public static ChartGroup? Draw(IReadOnlyList<(RuleResults Results, SeriesStyle Style)> rules)
    {
        List<(RuleResults Results, SeriesStyle Style)> deep = [.. rules.Where(rule => Layers(rule.Results).Count() >= FewestLayers)];
        List<Chart> charts =
        [
            .. Chart("error-angle-by-depth", "Final alignment angle by depth", record => record.ErrorAngle),
            .. Chart("gradient-angle-by-depth", "Final gradient angle by depth", record => record.GradientAngle),
        ];
        return charts.Count == 0 ? null : new ChartGroup(
            "angle-by-depth",
            "Angles by depth",
            "The angles of all hidden layers at the last reading of a training, from the layer next to the input on the left to the one "
            + "next to the output on the right. The first chart is of the errors that the rule delivers, the second of the gradients of "
            + "the weights, the direction in which they are moved. Where a line is low, the rule is close to backpropagation at that "
            + "depth. A line has a gap where there is no error or no gradient to compare, as in layers that do not learn.",
            charts);

        IEnumerable<Chart> Chart(string id, string title, Func<AlignmentRecord, double?> read)
        {
            List<RuleCurve> curves =
            [
                .. deep.Select(rule => RuleCurve.Of(
                        rule.Results with { Runs = [.. rule.Results.Completed] }, rule.Style, run => Last(run, read)))
                    .Where(curve => curve.HasData),
            ];
            return curves.Count == 0 ? [] : new LineChart
            {
                Id = id,
                Title = title,
                VerticalTitle = "angle to backpropagation, °",
                Scale = VerticalScale.Degrees,
                Horizontal = Scales.HiddenLayers,
                Guides = AlignmentCharts.Angles,
                Curves = curves,
            }.Draw();
        }
    }

    private static IEnumerable<int> Layers(RuleResults results) => results.Completed.SelectMany(run => run.Alignment)
        .Select(record => LayerOrder.Of(record.Layer)).Where(layer => layer != int.MaxValue).Distinct();

    /// <summary>A run's last reading of each hidden layer.</summary>
    private static IEnumerable<Reading> Last(RunRecord run, Func<AlignmentRecord, double?> read)
        => run.Alignment.Where(record => LayerOrder.Of(record.Layer) != int.MaxValue).GroupBy(record => LayerOrder.Of(record.Layer))
            .Select(layer => new Reading(layer.Key, read(layer.MaxBy(record => record.Examples)!)));
}
