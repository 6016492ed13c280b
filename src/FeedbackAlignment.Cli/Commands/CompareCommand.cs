using System.CommandLine;
using FeedbackAlignment.Experiments.Distributed;
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
        var settings = new ExperimentOptions(runsOnRanks: true);
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
        command.Options.Add(AgainstOption.New());
        command.SetAction(parsed =>
        {
            var asked = settings.Read(parsed, "compare") with { Against = AgainstOption.Of(parsed, terminal.Components.Rules) };
            return OnRanks.Run(terminal, asked.Patience, team => options.Run(
                parsed,
                () => SpecFile.ReadOrDefault(parsed.GetValue(specFile), terminal.Components),
                (spec, every) => spec.Study is null
                    ? new ExperimentCommand(terminal, asked, cancellation).Run(spec, every, team: team)
                    : Study(asked, spec, every, team)));
        });
        return command;

        int Study(ExperimentSettings asked, ExperimentSpec spec, EveryRule? every, RankTeam? team) => team is not null
            ? throw new BadInputException(
                "--grid: the runs of a study are not divided among processes of MPI; start `fa work STUDY` in each")
            : asked.Json
            ? throw new BadInputException(
                "--json: a study has no results.json; run it without, and print its runs with `fa runs STUDY --csv`")
            : new Studying(terminal, new(asked.DataFolder, asked.CheckpointEvery, asked.Quiet) { Page = asked.Page }, cancellation)
                .Begin(spec, asked.Out, StudyFolder.StaleSeconds, isDry: false, every);
    }
}
