using System.CommandLine;
using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Experiments.Reproduction;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Experiments.Tuning;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa resume</c>: goes on with what was stopped.</summary>
internal static class ResumeCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var folder = new Argument<string>("run")
        {
            Description = "The folder of a stopped experiment, tuning or reproduction. You, a power cut or a full disk may have "
                + "stopped it.",
            HelpName = "RUN",
        };
        var anew = new Option<bool>("--anew")
        {
            Description = "Restart a run from the beginning if it cannot continue from its checkpoints. [default: refuse]",
        };
        var settings = new ExperimentOptions(takesFolder: false, runsOnRanks: true);
        var command = new TaughtCommand(
            "resume",
            "Continues a stopped `fa compare`, `fa train`, `fa tune`, `fa study` or `fa reproduce`. Finished runs are not repeated; the others "
                + "continue from their checkpoints. "
            + "The results are the same, bit for bit, as without the stop (docs/checkpoints.md). If left out, --data-dir and "
            + "--checkpoint-every keep their earlier values.",
            "fa resume runs/compare-20261123-113000",
            "fa resume runs/mnist --checkpoint-every 100000")
        {
            folder, anew,
        };
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            var asked = settings.Read(parsed, "resume") with { Anew = parsed.GetValue(anew) };
            return OnRanks.Run(terminal, asked.Patience, team => Resume(parsed.GetRequiredValue(folder), asked, team));
        });
        return command;

        int Resume(string path, ExperimentSettings asked, RankTeam? team)
        {
            if (team is not null && (ReproductionFolder.HasBegun(path) || TuningFolder.HasBegun(path)))
            {
                throw new BadInputException($"{path}: a tuning or a reproduction needs one process; only trainings run on several");
            }

            if (ReproductionFolder.HasBegun(path))
            {
                var reproduction = ReproductionFolder.Open(path);
                var plan = reproduction.ReadPlan();
                ArithmeticOfProcess.Take(path, plan.Arithmetic);
                ForeignPaths.TellDataFolder(terminal, path, asked.DataFolder is null ? plan.DataFolder : null);
                return new Reproducing(terminal, After(asked, plan.CheckpointEvery, plan.DataFolder), plan.Effort, plan.Strict, cancellation).Run(Claims(plan.Claims), reproduction);
            }

            if (TuningFolder.HasBegun(path))
            {
                var tuning = TuningFolder.Open(path);
                var until = tuning.ReadResume();
                ArithmeticOfProcess.Take(path, tuning.ReadArithmetic() ?? Arithmetic.Fused);
                var spec = SpecFile.Read(tuning.SpecPath, tuning.OpenSpec, terminal.Components);
                tuning.RequireSpec(spec);
                Tell(path, spec, asked, until.DataFolder);
                return new Tuning(terminal, After(asked, until.CheckpointEvery, until.DataFolder) with { Out = path }, cancellation).Run(spec);
            }

            if (StudyFolder.IsAt(path))
            {
                return asked.Json || asked.Anew
                    ? throw new BadInputException($"{path}: is a study, for which there is neither --json nor --anew")
                    : new Studying(terminal, new(asked.DataFolder, asked.CheckpointEvery, asked.Quiet), cancellation)
                        .Work(StudyFolder.Open(path), waits: true);
            }

            var experiment = ExperimentFolder.Open(path);
            ArithmeticOfProcess.Take(path, experiment.ReadArithmetic());
            var before = experiment.ReadResume();
            var begunWith = SpecFile.Read(experiment.SpecPath, experiment.OpenSpec, terminal.Components);

            // Before data are looked for that an edited spec may name; what cannot be compared is told when it begins.
            experiment.RequireSpec(begunWith, terminal.Components, _ => { });
            Tell(path, begunWith, asked, before.DataFolder);
            return new ExperimentCommand(terminal, After(asked, before.CheckpointEvery, before.DataFolder), cancellation)
                .Run(begunWith, begun: experiment, team: team);
        }

        void Tell(string by, ExperimentSpec spec, ExperimentSettings asked, string? dataFolder)
            => ForeignPaths.Tell(terminal, by, spec, asked.DataFolder is null ? dataFolder : null);
    }

    /// <summary>What is not asked for now stays as it was.</summary>
    private static ExperimentSettings After(ExperimentSettings asked, long? checkpointEvery, string? dataFolder)
        => asked with { CheckpointEvery = asked.CheckpointEvery ?? checkpointEvery, DataFolder = asked.DataFolder ?? dataFolder };

    private static IReadOnlyList<Claim> Claims(IReadOnlyList<string> ids)
    {
        var claims = ClaimCatalog.Select([.. ids], out var mistakes);
        return mistakes.Count == 0 ? claims : throw new BadInputException($"the reproduction was begun with claims that this version does not have: {mistakes[0]}");
    }
}
