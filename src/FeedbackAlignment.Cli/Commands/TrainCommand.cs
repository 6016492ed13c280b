using System.CommandLine;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa train</c>: runs a spec file.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var file = new Argument<string>("spec") { Description = "A spec file: JSON, comments allowed. docs/spec.md lists its keys; `specs/` has examples.", HelpName = "SPEC.json" };
        var settings = new ExperimentOptions();
        var command = new Command(
            "train",
            """
            Runs an experiment that a spec file describes: one network and task, one or more rules and seeds. Every run
            folder holds such a file, spec.json, complete with all defaults: to run an experiment again, train with that.

            Example:
              fa train specs/mnist-tanh.json --out runs/mnist
            """);
        command.Arguments.Add(file);
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            var spec = SpecReader.Read(SpecFile.ReadText(parsed.GetRequiredValue(file)), RuleCatalog.Ids);
            return new ExperimentCommand(terminal, settings.Read(parsed, "train"), cancellation).Run(spec);
        });
        return command;
    }
}
