using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Reproduction;
using FeedbackAlignment.Reports;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>Writes what people read of a reproduction: the page, and the document with its pictures.</summary>
internal static class ReproductionPages
{
    public static void Write(ReproductionFolder folder, ReproductionRecord record, IReadOnlyList<FigureRecord> figures)
    {
        folder.WriteText(Path.GetFileName(folder.ReportPath), ReproductionReport.RenderHtml(record, figures));
        var document = ReproductionReport.RenderMarkdown(record, figures, PaperReproduction.Worth);
        folder.WriteText("reproduction.md", document.Text);
        foreach (var file in document.Files)
        {
            var path = Path.Combine(folder.FullPath, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content);
        }
    }
}
