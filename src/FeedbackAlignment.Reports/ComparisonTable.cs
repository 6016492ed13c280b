using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>The final table of one or more experiments: the page and the console show the same rows.</summary>
public sealed record ComparisonTable
{
    /// <summary>One row per experiment and rule, in the specs' order.</summary>
    public required IReadOnlyList<ComparisonRow> Rows { get; init; }

    /// <summary>The result in plain words, a line for each experiment.</summary>
    public required string Headline { get; init; }

    /// <summary>What stands over the columns of <see cref="ComparisonRow.Cells"/>.</summary>
    public static IReadOnlyList<string> Headings { get; } =
        ["Rule", "Test error", "Difference to backpropagation", "Validation error", "Final alignment angle", "Time per run", "Runs"];

    /// <summary>Compares the rules of experiments over their completed runs.</summary>
    /// <param name="experiments">The experiments, at least one.</param>
    /// <exception cref="ArgumentException">There is no experiment.</exception>
    public static ComparisonTable Of(IReadOnlyList<ExperimentRecord> experiments)
    {
        ArgumentNullException.ThrowIfNull(experiments);
        if (experiments.Count == 0)
        {
            throw new ArgumentException("there is no experiment to compare: at least one is needed", nameof(experiments));
        }

        return new ComparisonTable
        {
            Headline = string.Join("\n", experiments.Select(experiment => Reports.Headline.Of(
                [.. RuleResults.Of([experiment]).Select(ComparisonRow.Of)], experiment.Data.Outputs))),
            Rows = [.. RuleResults.Of(experiments).Select(ComparisonRow.Of)],
        };
    }
}
