using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Charts;
using FeedbackAlignment.Reports.Page;

namespace FeedbackAlignment.Reports;

/// <summary>The report of a reproduction of the paper: every claim with what came out, the figures, and how to run it again.</summary>
public static class ReproductionReport
{
    /// <summary>The command that runs it again, as the report shows it unless told otherwise.</summary>
    public const string DefaultCommand = "fa reproduce";

    /// <summary>Writes the page, which needs no network. The same records give the same text.</summary>
    /// <param name="reproduction">The reproduction.</param>
    /// <param name="figures">Its figures, in their order; there may be none.</param>
    /// <param name="command">The command shown for running it again.</param>
    /// <returns>A complete HTML document.</returns>
    /// <exception cref="ArgumentException">
    /// A figure cannot be drawn: two have the same id, an id is no file name, or a panel has neither axes nor a whole picture.
    /// </exception>
    public static string RenderHtml(ReproductionRecord reproduction, IReadOnlyList<FigureRecord> figures, string command = DefaultCommand)
    {
        ArgumentNullException.ThrowIfNull(reproduction);
        return PageTemplate.Render(ReproductionPageBuilder.Build(reproduction, FigureDrawing.DrawAll(figures), command));
    }

    /// <summary>Writes the document, with its figures as files beside it. The same records give the same text and bytes.</summary>
    /// <param name="reproduction">The reproduction.</param>
    /// <param name="figures">Its figures, in their order; there may be none.</param>
    /// <param name="worth">What the comparison with the paper is worth, as Markdown that is taken as it is.</param>
    /// <param name="command">The command shown for running it again.</param>
    /// <exception cref="ArgumentException">
    /// A figure cannot be drawn: two have the same id, an id is no file name, or a panel has neither axes nor a whole picture.
    /// </exception>
    public static ReproductionDocument RenderMarkdown(
        ReproductionRecord reproduction, IReadOnlyList<FigureRecord> figures, string worth, string command = DefaultCommand)
    {
        ArgumentNullException.ThrowIfNull(reproduction);
        ArgumentNullException.ThrowIfNull(worth);
        return ReproductionMarkdown.Write(reproduction, FigureDrawing.DrawAll(figures), worth, command);
    }
}
