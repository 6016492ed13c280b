namespace FeedbackAlignment.Reports.Charts;

/// <summary>Why random feedback works: the instruments that tell the story.</summary>
internal static class AlignmentCharts
{
    public static IReadOnlyList<Guide> Angles { get; } = [new(90, "90°: no better than a random direction"), new(45, "")];

    public static IReadOnlyList<ChartGroup> Draw(IReadOnlyList<(RuleResults Results, SeriesStyle Style)> rules) =>
        [.. new[] { ErrorAngle, WeightAngle, PositiveShare }.Select(charts => charts.Draw(rules)).OfType<ChartGroup>()];

    private static LayerCharts ErrorAngle => new()
    {
        Id = "error-angle",
        Title = "Alignment angle",
        VerticalTitle = "angle to backpropagation, °",
        Scale = VerticalScale.Degrees,
        Guides = Angles,
        Read = record => record.ErrorAngle,
        Explanation = "The heart of the matter. At each hidden layer, the angle between the error that the rule delivers and the one that backpropagation "
            + "would have delivered to the same network. 0° is the same direction; 90° knows nothing of it; below 90° the step still leads downhill. "
            + "Look for the fall away from 90° early in training, long before the error is low: the random feedback has become useful, though it never changed.",
    };

    private static LayerCharts WeightAngle => new()
    {
        Id = "weight-angle",
        Title = "Forward against feedback weights",
        VerticalTitle = "angle between W and Bᵀ, °",
        Scale = VerticalScale.Degrees,
        Guides = Angles,
        Read = record => record.WeightAngle,
        Explanation = "How it becomes useful: the forward weights W out of a hidden layer turn toward the fixed feedback weights B into it. Backpropagation would be 0°. "
            + "Look for a fall below 90°: W has taken up B’s direction without ever being shown B. "
            + "For direct feedback into a lower layer, W stands for the product of all forward weights from there to the output.",
    };

    private static LayerCharts PositiveShare => new()
    {
        Id = "positive-share",
        Title = "Examples taught in the right direction",
        VerticalTitle = "share of examples, %",
        Scale = VerticalScale.Percent,
        Factor = 100,
        Guides = [new(50, "50 %: chance")],
        Read = record => record.PositiveShare,
        Explanation = "The share of examples for which the delivered error is less than 90° from backpropagation’s; at the last hidden layer this is the paper’s condition eᵀWBe > 0. "
            + "It starts near one half, as chance has it. Look for the climb: where it is near 100 %, every single example pushes the hidden units downhill.",
    };
}
