using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>All charts of one or more experiments.</summary>
public sealed record ChartSet
{
    /// <summary>How well the network did as it learned.</summary>
    public required IReadOnlyList<ChartGroup> Learning { get; init; }

    /// <summary>Why random feedback works: what becomes of the angles.</summary>
    public required IReadOnlyList<ChartGroup> Alignment { get; init; }

    /// <summary>What else the instruments read.</summary>
    public required IReadOnlyList<ChartGroup> Instruments { get; init; }

    /// <summary>Draws the charts that the records have data for.</summary>
    /// <param name="experiments">The experiments, at least one.</param>
    /// <exception cref="ArgumentException">There is no experiment.</exception>
    public static ChartSet Draw(IReadOnlyList<ExperimentRecord> experiments)
    {
        ArgumentNullException.ThrowIfNull(experiments);
        if (experiments.Count == 0)
        {
            throw new ArgumentException("there is no experiment to draw: at least one is needed", nameof(experiments));
        }

        var rules = RuleResults.Of(experiments);
        var styled = rules.Zip(SeriesStyle.Assign(rules)).ToList();

        // Backpropagation is what angles and ratios are measured against: its own are 0 and 1 by definition.
        var measured = styled.Where(rule => rule.First.Rule != RuleText.Backpropagation).ToList();
        return new ChartSet
        {
            Learning = LearningCharts.Draw(styled),
            Alignment = AlignmentCharts.Draw(measured),
            Instruments = InstrumentCharts.Draw(measured),
        };
    }
}
