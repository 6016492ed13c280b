using System.CommandLine;
using System.Text.Json;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Archive;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa show</c>: one run or experiment in full.</summary>
internal static class ShowCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("run") { Description = "The folder of a run or of an experiment (see `fa runs`).", HelpName = "RUN" };
        var json = new Option<bool>("--json") { Description = "Print only the record, as JSON." };
        var command = new Command("show", "Shows one run in full: its settings, its data, its results, and how to repeat it.")
        {
            folder,
            json,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            var record = ArchivedExperiment.Read(path, terminal.Components.Rules, terminal.Notice);
            if (parsed.GetValue(json))
            {
                terminal.PlainOutput.WriteLine(JsonSerializer.Serialize(record, ExperimentJson.Indented));
            }
            else
            {
                RunSheet.Write(terminal.Output, record, path);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
