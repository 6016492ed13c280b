using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports;

/// <summary>The final table of one or more experiments: the page and the console show the same rows.</summary>
public sealed record ComparisonTable
{
    private const string SpikingCaveat =
        "The spiking network is a stand-in of this project, not the protocol of Lillicrap et al. 2016, which is not known to it.";

    /// <summary>
    /// One row per experiment and rule, in the specs' order; an experiment with many rules in the order of their test errors, those
    /// without one last.
    /// </summary>
    public required IReadOnlyList<ComparisonRow> Rows { get; init; }

    /// <summary>Whether rows are in the order of their test errors.</summary>
    public required bool IsSorted { get; init; }

    /// <summary>The result in plain words, a line for each experiment.</summary>
    public required string Headline { get; init; }

    /// <summary>How far the result goes, a sentence or two each: what the data, the network or the training leave open.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

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

        var rows = RuleResults.Of(experiments).GroupBy(results => results.Experiment, results => ComparisonRow.Of(results), ReferenceEqualityComparer.Instance).ToList();
        return new ComparisonTable
        {
            IsSorted = rows.Any(IsLong),
            Notes = [.. experiments.SelectMany(ResultNotes.Of).Select(note => ForeignText.Line(note)).Distinct()],
            Headline = string.Join("\n", experiments.Select(Sentences)),
            Rows = [.. rows.SelectMany(experiment => IsLong(experiment) ? experiment.OrderBy(row => row.TestError?.Mean ?? double.PositiveInfinity) : experiment.AsEnumerable())],
        };
    }

    private static bool IsLong(IEnumerable<ComparisonRow> rows) => rows.Count() >= RuleText.Many;

    private static string Sentences(ExperimentRecord experiment)
    {
        var result = Reports.Headline.Of([.. RuleResults.Of([experiment]).Select(ComparisonRow.Of)], experiment);
        return ForeignText.Line(experiment.Spec.Network.Spiking is null ? result : $"{result} {SpikingCaveat}");
    }
}
