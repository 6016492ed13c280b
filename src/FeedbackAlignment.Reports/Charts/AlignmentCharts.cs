namespace FeedbackAlignment.Reports.Charts;

/// <summary>Why random feedback works: the instruments that tell the story.</summary>
internal static class AlignmentCharts
{
    public static IReadOnlyList<Guide> Angles { get; } = [new(90, "90° is no better than a random direction"), new(45, "45° is halfway to backpropagation’s direction")];

    public static IReadOnlyList<ChartGroup> Draw(IReadOnlyList<(RuleResults Results, SeriesStyle Style)> rules) =>
    [
        .. new[] { DepthCharts.Draw(rules), ErrorAngle.Draw(rules), WeightAngle.Draw(rules), PositiveShare.Draw(rules) }
            .OfType<ChartGroup>(),
    ];

    private static LayerCharts ErrorAngle => new()
    {
        Id = "error-angle",
        Title = "Alignment angle",
        VerticalTitle = "angle to backpropagation, °",
        Scale = VerticalScale.Degrees,
        Guides = Angles,
        Read = record => record.ErrorAngle,
        Explanation = "At each hidden layer, the angle between the error that the rule delivers and the one that backpropagation "
            + "would have delivered to the same network. 0° is the same direction. At 90° the delivered error says nothing about it; below 90° the step still leads downhill. "
            + "If random feedback works, the curve falls away from 90° early in training, long before the error is low.",
    };

    private static LayerCharts WeightAngle => new()
    {
        Id = "weight-angle",
        Title = "Forward against feedback weights",
        VerticalTitle = "angle between W and Bᵀ, °",
        Scale = VerticalScale.Degrees,
        Guides = Angles,
        Read = record => record.WeightAngle,
        Explanation = "The angle between the forward weights W out of a hidden layer and the feedback weights B into it. Backpropagation would be 0°. "
            + "If the curve falls below 90°, W has turned toward B without ever being shown B. "
            + "For direct feedback into a lower layer, W stands for the product of all forward weights from there to the output.",
    };

    private static LayerCharts PositiveShare => new()
    {
        Id = "positive-share",
        Title = "Examples taught in the right direction",
        VerticalTitle = "share of examples, %",
        Scale = VerticalScale.Percent,
        Factor = 100,
        Guides = [new(50, "50 % is chance")],
        Read = record => record.PositiveShare,
        Explanation = "The share of examples for which the delivered error is less than 90° from backpropagation’s; at the last hidden layer this is the paper’s condition eᵀWBe > 0. "
            + "At random it is about one half. Where it is near 100 %, almost every single example pushes the hidden units downhill.",
    };
}
