using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Reproduction;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa reproduce</c>: the paper's experiments, and what becomes of its claims.</summary>
internal static class ReproduceCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var names = new Argument<string[]>("claim")
        {
            Description = $"Groups of claims: {string.Join(", ", ClaimCatalog.Groups)}; or ids of single claims, as --list shows them. "
                + "[default: all]",
            HelpName = "claim",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var list = new Option<bool>("--list")
        {
            Description = "List the claims with id, place in the paper, setup, expected result and tolerance. Runs nothing.",
        };
        var effort = new Option<string>("--effort")
        {
            Description = "How much to compute: quick (under a minute), standard (under ten minutes on two cores) or paper (20 runs, as "
                + "in the paper; hours).",
            HelpName = "quick|standard|paper",
            DefaultValueFactory = _ => "standard",
        };
        var strict = new Option<bool>("--strict")
        {
            Description = "Exit with code 1 if a claim's result is unexpected: a check fails that should pass, or all checks pass of a "
                + "claim that is known to fail wholly or in part.",
        };
        var settings = new ExperimentOptions();
        var command = new TaughtCommand(
            "reproduce",
            "Runs the experiments of Lillicrap et al. (2014, 2016), checks the paper's claims in code, and draws its figures beside the "
                + "paper's own curves.",
            "fa reproduce",
            "fa reproduce --list",
            "fa reproduce linear theory --effort quick",
            "fa reproduce mnist-fa --data-dir ~/data");
        command.Arguments.Add(names);
        command.Options.Add(list);
        command.Options.Add(effort);
        command.Options.Add(strict);
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            var claims = Select(parsed.GetValue(names) ?? []);
            return parsed.GetValue(list)
                ? List(terminal, claims)
                : new Reproducing(terminal, settings.Read(parsed, "reproduce"), ReadEffort(parsed.GetRequiredValue(effort)), parsed.GetValue(strict), cancellation).Run(claims);
        });
        return command;
    }

    private static IReadOnlyList<Claim> Select(string[] names)
    {
        var claims = ClaimCatalog.Select(names, out var mistakes);
        return mistakes.Count == 0 ? claims : throw new SpecException([.. mistakes.Select(mistake => new SpecProblem("", mistake))]);
    }

    private static Effort ReadEffort(string text) => text switch
    {
        "quick" => Effort.Quick,
        "standard" => Effort.Standard,
        "paper" => Effort.Paper,
        _ => throw new BadInputException($"--effort: must be quick, standard or paper, was \"{text}\""),
    };

    private static int List(Terminal terminal, IReadOnlyList<Claim> claims)
    {
        foreach (var claim in claims)
        {
            var row = claim.Row > 0 ? $"row {claim.Row}, " : "";
            Definition.Write(
                terminal.Output,
                claim.Id,
                $"{claim.Statement}\nexpected: {claim.Expected}\ntolerance: {claim.Tolerance}",
                $"{row}{claim.Place}; {claim.Setup}");
        }

        return ExitCode.Done;
    }
}

/// <summary>One call of it.</summary>
internal sealed class Reproducing(Terminal terminal, ExperimentSettings settings, Effort effort, bool strict, CancellationToken cancellation)
{
    /// <summary>Carries it out.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="begun">The folder of the reproduction to go on with; null: it begins, in a new one.</param>
    public int Run(IReadOnlyList<Claim> claims, ReproductionFolder? begun = null)
    {
        OnRanks.RequireAlone(terminal, "reproduce");
        var folder = begun ?? ReproductionFolder.Create(settings.Out ?? DefaultFolder.New(terminal.Clock, settings.Name));
        using var page = settings.StartPage(terminal, folder.FullPath);
        var sources = new DataSources(terminal.DataFolder(settings.DataFolder), Environment.ProcessorCount);
        var reproduction = new PaperReproduction(claims, effort, sources, folder, terminal.Clock, settings.Keeping(terminal));
        var screen = settings.Json ? terminal.Side : terminal.Output;
        ReproductionProgress progress = settings.Quiet ? new SilentReproduction()
            : Terminal.CanDrawAgain(screen) ? new LiveReproduction(screen)
            : new LineReproduction(screen);
        var record = Interruption.Explain(terminal, folder.FullPath, () =>
        {
            if (begun is null)
            {
                folder.WritePlan(new ReproductionPlanRecord
                {
                    Claims = [.. claims.Select(claim => claim.Id)],
                    Effort = effort,
                    Strict = strict,
                    CheckpointEvery = settings.CheckpointEvery,
                    DataFolder = Path.GetFullPath(terminal.DataFolder(settings.DataFolder)),
                    Arithmetic = Compute.Arithmetic,
                });
            }

            var (record, figures) = progress.Watch(observer => reproduction.Run(observer, cancellation));
            ReproductionPages.Write(folder, record, figures);
            return record;
        });
        new Closing(folder.FullPath, folder.ReportPath, folder.RecordPath)
            .Show(terminal, settings.Json, cancellation.IsCancellationRequested, screen => ClaimTable.Write(screen, record));
        var broken = record.Experiments.Any(experiment => experiment.Failed > 0) || cancellation.IsCancellationRequested;
        return broken || (strict && record.Claims.Any(claim => claim.IsSurprise)) ? ExitCode.Failed : ExitCode.Done;
    }
}
