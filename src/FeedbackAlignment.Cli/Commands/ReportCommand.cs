using System.CommandLine;
using System.Text;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Reproduction;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Experiments.Tuning;
using FeedbackAlignment.Reports;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa report</c>: makes the page again, or one page of several experiments.</summary>
internal static class ReportCommand
{
    private const string PageName = "report.html";

    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("run")
        {
            Description = "Folders of experiments or of single runs, or one folder of `fa reproduce` or `fa tune`.",
            HelpName = "RUN",
            Arity = ArgumentArity.OneOrMore,
        };
        var file = new Option<string?>("--out")
        {
            Description = "The page to write. An existing file is replaced. [default: report.html in the folder; for several folders "
                + "./report.html]",
            HelpName = "file",
        };
        var command = new Command("report", "Writes the report of finished experiments. Several experiments share one page.");
        command.Arguments.Add(folders);
        command.Options.Add(file);
        command.Options.Add(AgainstOption.New());
        command.SetAction(parsed => Run(
            terminal, parsed.GetRequiredValue(folders), parsed.GetValue(file), AgainstOption.Of(parsed, terminal.Components.Rules)));
        return command;
    }

    private static int Run(Terminal terminal, string[] folders, string? file, string? against)
    {
        if (against is not null && folders is [var single] && (ReproductionFolder.IsAt(single) || TuningFolder.IsAt(single)))
        {
            throw new BadInputException($"--against: there are no paired tests in the report of {single}; leave it out");
        }

        if (folders is [var reproduction] && ReproductionFolder.IsAt(reproduction))
        {
            return Reproduction(terminal, reproduction, file);
        }

        if (folders is [var tuning] && TuningFolder.IsAt(tuning))
        {
            return Tuning(terminal, tuning, file);
        }

        if (folders is [var place] && StudyFolder.IsAt(place))
        {
            return against is null ? StudyPage.Write(terminal, StudyFolder.Open(place), file)
                : throw new BadInputException(
                    "--against: the page of a study compares with backpropagation, else with the first rule; leave it out");
        }

        ExperimentRecord[] records =
            [.. folders.Select(folder => ArchivedExperiment.Read(folder, terminal.Components.Rules, terminal.Notice))];
        AgainstOption.Require(against, records.SelectMany(record => record.Runs.Select(run => run.Rule)));
        var page = Write(file, folders is [var only] && Directory.Exists(only) ? only : ".",
            HtmlReport.Render(records, ArchivedExperiment.Again(folders[0], records[0].Spec), against));
        ResultTable.Write(terminal.Output, records, against);
        terminal.Output.WritePlain($"report   {page}");
        return ExitCode.Done;
    }

    private static int Reproduction(Terminal terminal, string folder, string? file)
    {
        var (record, figures) = ReproductionFolder.Read(folder, terminal.Notice);
        var page = Write(file, folder, ReproductionPages.Html(record, figures));
        ClaimTable.Write(terminal.Output, record);
        terminal.Output.WritePlain($"report   {page}");
        return ExitCode.Done;
    }

    private static int Tuning(Terminal terminal, string folder, string? file)
    {
        var record = TuningFolder.Read(folder, terminal.Notice);
        var page = Write(file, folder, TuningReport.Render(record));
        WinnerTable.Write(terminal.Output, record);
        terminal.Output.WritePlain($"report   {page}");
        return ExitCode.Done;
    }

    internal static string Write(string? file, string folder, string text)
    {
        return file is null ? OutputFile.WriteInside(folder, PageName, Content) : OutputFile.Write(file, Content);

        void Content(Stream stream) => stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
