using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Reports;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>What a study has come to: its table here, and its page.</summary>
internal static class StudyPage
{
    /// <summary>Prints the table and writes the page.</summary>
    /// <param name="terminal">Where to print.</param>
    /// <param name="study">The study.</param>
    /// <param name="file">The page to write; null: in the study's folder.</param>
    public static int Write(Terminal terminal, StudyFolder study, string? file = null)
    {
        var spec = SpecFile.Read(study.SpecPath, study.OpenSpec, terminal.Components);
        var record = study.Read(spec, withRecords: true);
        var outcome = StudyOutcome.Of(record, RuleRecords.Of(spec, terminal.Components.Rules));
        StudyResults.Write(terminal.Output, StudyTable.Of(outcome));
        var page = ReportCommand.Write(
            file, study.FullPath, StudyReport.Render(outcome, $"fa study {Path.GetRelativePath(".", study.FullPath)}"));
        terminal.Output.WritePlain($"report   {page}");
        return ExitCode.Done;
    }
}
