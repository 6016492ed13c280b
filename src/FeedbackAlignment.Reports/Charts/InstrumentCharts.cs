using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>The other instruments, for those who audit.</summary>
internal static class InstrumentCharts
{
    public static IReadOnlyList<ChartGroup> Draw(IReadOnlyList<(RuleResults Results, SeriesStyle Style)> rules) =>
    [
        .. new[]
        {
            Angle("gradient-angle", "Gradient angle, weights", record => record.GradientAngle, "The angle between the rule’s and backpropagation’s gradient of a layer’s weights, over all measured examples together: the direction in which the weights are really moved."),
            Angle("bias-gradient-angle", "Gradient angle, biases", record => record.BiasGradientAngle, "The same for the layer’s biases."),
            Ratio("error-ratio", "Length of the error", "rule ∕ backpropagation", record => record.ErrorNormRatio, "Length of the delivered error over length of backpropagation’s. Only the direction of random feedback is guided; its length follows from the scale of B. Far above 1 the hidden layers learn in too large steps, far below 1 hardly at all."),
            Ratio("gradient-ratio", "Length of the weight gradient", "rule ∕ backpropagation", record => record.GradientNormRatio, "The same for the gradient of a layer’s weights."),
            Ratio("weight-ratio", "Length of the weights", "‖W‖ ∕ ‖B‖", record => record.WeightNormRatio, "Length of the forward weights out of a hidden layer over length of the feedback weights into it. It rises as W grows; B stays."),
        }.Select(charts => charts.Draw(rules)).OfType<ChartGroup>(),
    ];

    private static LayerCharts Angle(string id, string title, Func<AlignmentRecord, double?> read, string explanation) => new()
    {
        Id = id,
        Title = title,
        VerticalTitle = "angle to backpropagation, °",
        Scale = VerticalScale.Degrees,
        Guides = AlignmentCharts.Angles,
        Read = read,
        Explanation = explanation,
    };

    private static LayerCharts Ratio(string id, string title, string unit, Func<AlignmentRecord, double?> read, string explanation) => new()
    {
        Id = id,
        Title = title,
        VerticalTitle = unit,
        Scale = VerticalScale.Logarithmic,
        Guides = [new(1, "1 is the same length")],
        Read = read,
        Explanation = explanation,
    };
}
