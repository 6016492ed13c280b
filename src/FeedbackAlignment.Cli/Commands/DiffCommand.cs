using System.CommandLine;
using System.Text.Json;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Archive;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa diff</c>: in what two runs or experiments differ.</summary>
internal static class DiffCommand
{
    public static Command Create(Terminal terminal)
    {
        var first = new Argument<string>("first") { Description = "The folder of a run or of an experiment.", HelpName = "RUN" };
        var second = new Argument<string>("second") { Description = "The folder to compare it with.", HelpName = "RUN" };
        var json = new Option<bool>("--json") { Description = "Print only the differences, as JSON." };
        var command = new Command("diff", "Compares two runs or experiments, and shows which settings and results differ.")
        {
            first,
            second,
            json,
        };
        command.SetAction(parsed =>
        {
            string[] folders = [parsed.GetRequiredValue(first), parsed.GetRequiredValue(second)];
            var difference = ExperimentDifference.Between(
                ArchivedExperiment.Read(folders[0], terminal.Components.Rules, terminal.Notice),
                ArchivedExperiment.Read(folders[1], terminal.Components.Rules, terminal.Notice));
            if (parsed.GetValue(json))
            {
                terminal.PlainOutput.WriteLine(JsonSerializer.Serialize(difference, ExperimentJson.Indented));
            }
            else
            {
                DifferenceTable.Write(terminal.Output, difference, folders);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
