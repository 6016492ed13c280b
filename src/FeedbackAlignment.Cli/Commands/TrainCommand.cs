using System.CommandLine;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa train</c>: runs a spec file.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var file = new Argument<string>("spec") { Description = "A spec file: JSON, comments allowed. docs/spec.md lists its keys; `specs/` has examples.", HelpName = "SPEC.json" };
        var settings = new ExperimentOptions();
        var command = new TaughtCommand(
            "train",
            "Runs an experiment that a spec file describes. Every run's folder holds such a file, spec.json, complete with all defaults: to run an experiment again, train with that.",
            "fa train specs/mnist-tanh.json --out runs/mnist",
            "fa train runs/mnist/spec.json");
        command.Arguments.Add(file);
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            var spec = SpecFile.Read(parsed.GetRequiredValue(file));
            return new ExperimentCommand(terminal, settings.Read(parsed, "train"), cancellation).Run(spec);
        });
        return command;
    }
}
