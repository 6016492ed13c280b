using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>The final table of one or more experiments: the page and the console show the same rows.</summary>
public sealed record ComparisonTable
{
    private const string SpikingCaveat =
        "The spiking network is a stand-in of this project, not the protocol of Lillicrap et al. 2016, which is not known to it.";

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
            Headline = string.Join("\n", experiments.Select(Sentences)),
            Rows = [.. RuleResults.Of(experiments).Select(ComparisonRow.Of)],
        };
    }

    private static string Sentences(ExperimentRecord experiment)
    {
        var result = Reports.Headline.Of([.. RuleResults.Of([experiment]).Select(ComparisonRow.Of)], experiment.Data.Outputs);
        return experiment.Spec.Network.Spiking is null ? result : $"{result} {SpikingCaveat}";
    }
}
