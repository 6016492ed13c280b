using FeedbackAlignment.Reports.Charts;
using FeedbackAlignment.Reports.Page;

namespace FeedbackAlignment.Reports;

/// <summary>
/// The page of a study: figures by the keys that differ, settings ranked by validation, and paired tests within each setting.
/// </summary>
public static class StudyReport
{
    /// <summary>Writes the page, which needs no network. The same record gives the same text.</summary>
    /// <param name="study">The study, as far as it has come.</param>
    /// <param name="command">The command shown for going on with it.</param>
    /// <returns>A complete HTML document.</returns>
    public static string Render(StudyOutcome study, string command)
    {
        ArgumentNullException.ThrowIfNull(study);
        var groups = new StudyGroups(study);
        return PageTemplate.Render(StudyPageBuilder.Build(study, groups, FigureDrawing.DrawAll(StudyFigures.Of(study, groups)), command));
    }
}
