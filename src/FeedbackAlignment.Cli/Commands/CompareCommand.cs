using System.CommandLine;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa compare</c>: one network, several rules, several seeds.</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var specFile = new Option<string?>("--spec")
        {
            Description = "Take the settings from a spec file (see `fa train`). Options override it.",
            HelpName = "file",
        };
        var options = SpecOptions.WithGrid(terminal);
        var settings = new ExperimentOptions();
        var command = new TaughtCommand(
            "compare",
            "Trains one network under several learning rules and compares the results. Without options it makes 12 runs on digits that "
                + "the program draws itself, in well under a minute.",
            "fa compare",
            "fa compare --rules backpropagation,feedback-alignment --network 784-300-100-10 --epochs 10",
            "fa compare --data mnist --network 784-800-10",
            "fa compare --data ./my-data",
            "fa compare --grid feedback.scale=0.1,1,10 --grid \"network.layers=784-100-10;784, dense 100 relu, dense 10\"");
        command.Options.Add(specFile);
        options.AddTo(command);
        settings.AddTo(command);
        command.SetAction(parsed => options.Run(
            parsed,
            () => SpecFile.ReadOrDefault(parsed.GetValue(specFile), terminal.Components),
            (spec, every) => spec.Study is null
                ? new ExperimentCommand(terminal, settings.Read(parsed, "compare"), cancellation).Run(spec, every)
                : Study(settings.Read(parsed, "compare"), spec, every)));
        return command;

        int Study(ExperimentSettings asked, ExperimentSpec spec, EveryRule? every) => asked.Json
            ? throw new BadInputException("--json: a study has no results.json; run it without, and print its runs with `fa runs STUDY --csv`")
            : new Studying(terminal, new(asked.DataFolder, asked.CheckpointEvery, asked.Quiet), cancellation)
                .Begin(spec, asked.Out, StudyFolder.StaleSeconds, isDry: false, every);
    }
}
