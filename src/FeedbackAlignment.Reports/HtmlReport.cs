using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Page;

namespace FeedbackAlignment.Reports;

/// <summary>The report: one page that needs no network, readable by someone who has never heard of feedback alignment.</summary>
public static class HtmlReport
{
    /// <summary>The command that runs a saved spec again, as the page shows it unless told otherwise.</summary>
    public const string DefaultCommand = "fa compare --spec spec.json";

    /// <summary>Writes the page for one or more experiments. The same records give the same text.</summary>
    /// <param name="experiments">The experiments, at least one; several are put side by side in the same table and charts.</param>
    /// <param name="command">The command shown for running the spec, saved as <c>spec.json</c>, again.</param>
    /// <param name="against">
    /// The rule that paired tests compare the others with; null: see <see cref="TestTable.Of(ExperimentRecord, string?)"/>.
    /// </param>
    /// <returns>A complete HTML document.</returns>
    /// <exception cref="ArgumentException">There is no experiment.</exception>
    public static string Render(IReadOnlyList<ExperimentRecord> experiments, string command = DefaultCommand, string? against = null)
    {
        ArgumentNullException.ThrowIfNull(experiments);
        if (experiments.Count == 0)
        {
            throw new ArgumentException("there is no experiment to report: at least one is needed", nameof(experiments));
        }

        return PageTemplate.Render(PageBuilder.Build(experiments, command, PageTemplate.Style, against));
    }
}
