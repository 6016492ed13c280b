using System.CommandLine;
using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa train</c>: runs a spec file, or goes on from a run with other settings.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var file = new Argument<string?>("spec")
        {
            Description = "The spec file: JSON, which may contain comments. docs/spec.md lists its keys; the folder `specs` has "
                + "examples. Options override it.",
            HelpName = "SPEC.json",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var from = new Option<string?>("--from")
        {
            Description = "Start from the weights of this run, finished or stopped. Without SPEC.json the other settings are those of "
                + "that run; options override them. The new run gets its own folder.",
            HelpName = "RUN",
        };
        var withOptimizer = new Option<bool>("--with-optimizer")
        {
            Description = "With --from: start from that run's optimizer state, too.",
        };
        var options = SpecOptions.WithoutFrom(terminal);
        var settings = new ExperimentOptions(runsOnRanks: true);
        var command = new TaughtCommand(
            "train",
            "Runs the experiment that a spec file describes. Every experiment folder contains its spec.json with all defaults filled in. "
                + "To repeat an experiment, train with that file. "
            + "With --from, a new run starts from the weights of an earlier one, if you like with other settings. `fa resume` continues "
            + "a stopped run with the same settings.",
            "fa train specs/mnist-tanh.json --out runs/mnist",
            "fa train runs/mnist/spec.json",
            "fa train --from runs/mnist/runs/feedback-alignment-1 --learning-rate 0.01 --epochs 5",
            "mpirun -n 4 fa train specs/mnist-tanh.json --groups 4");
        command.Arguments.Add(file);
        command.Options.Add(from);
        command.Options.Add(withOptimizer);
        options.AddTo(command);
        settings.AddTo(command);
        command.Options.Add(AgainstOption.New());
        command.SetAction(parsed =>
        {
            var asked = settings.Read(parsed, "train") with { Against = AgainstOption.Of(parsed, terminal.Components.Rules) };
            return OnRanks.Run(terminal, asked.Patience, team => Run(parsed, asked, team));
        });
        return command;

        int Run(ParseResult parsed, ExperimentSettings asked, RankTeam? team)
        {
            var spec = parsed.GetValue(file);
            if (parsed.GetValue(from) is { } run)
            {
                if (team is not null)
                {
                    throw new BadInputException(
                        "--from: needs one process; for several name the weights in the spec, network.initialization.from");
                }

                var place = asked.Out ?? DefaultFolder.New(terminal.Clock, asked.Name);
                var continuation = Continuation.Of(run, terminal.Components, parsed.GetValue(withOptimizer), terminal.Notice);
                return options.Run(
                    parsed,
                    () => continuation.Spec(
                        spec is null ? null : SpecFile.Read(spec, terminal.Components),
                        Path.GetFullPath(Path.Combine(place, Continuation.FileName))),
                    (spec, every) => GoOn(continuation, place, into => new ExperimentCommand(terminal, asked, cancellation).Run(spec, every, into: into, from: continuation)));
            }

            return parsed.GetValue(withOptimizer)
                ? throw new BadInputException("--with-optimizer: needs --from RUN, the run that the optimizer state comes from")
                : spec is null ? throw new BadInputException("SPEC.json is missing; see `fa train --help`")
                : options.Run(
                    parsed,
                    () => SpecFile.Read(spec, terminal.Components),
                    (spec, every) => new ExperimentCommand(terminal, asked, cancellation).Run(spec, every, team: team));
        }
    }

    /// <summary>
    /// The weights come into the new folder before the spec that names them; where nothing can be begun, no folder stays.
    /// </summary>
    private static int GoOn(Continuation continuation, string place, Func<ExperimentFolder, int> run)
    {
        var folder = ExperimentFolder.Create(place);
        try
        {
            using var weights = new MemoryStream();
            continuation.Write(weights);
            folder.WriteFile(Continuation.FileName, weights.ToArray());
            return run(folder);
        }
        catch (Exception) when (!folder.HasBegun)
        {
            folder.Withdraw(Continuation.FileName);
            throw;
        }
    }
}
