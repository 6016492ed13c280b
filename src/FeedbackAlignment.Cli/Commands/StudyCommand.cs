using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa study</c>: the same experiment under many settings, by any number of workers.</summary>
internal static class StudyCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var spec = new Argument<string>("spec")
        {
            Description = "A spec file with a section `study` (docs/studies.md), or the folder of a study that was begun.",
            HelpName = "SPEC.json|STUDY",
        };
        var place = new Option<string?>("--out")
        {
            Description = "New folder for the study. Studies in one folder share finished runs. [default: runs/study-DATE-TIME]",
            HelpName = "folder",
        };
        var dryRun = Flag("--dry-run", "Show which runs there are, and how many are equal, and do nothing.");
        var status = Flag("--status", "Show how far a study is.");
        var retry = Flag("--retry-failed", "Let runs that failed be tried again.");
        var stale = new Option<string?>("--stale")
        {
            Description = "Seconds without a sign of life after which a worker's run is taken over. Must be longer than the caches of a "
                + "network drive, which keep what they have read for up to 60 seconds. [default: 90]",
            HelpName = "seconds",
        };
        var settings = new WorkerOptions();
        var cluster = new ClusterOptions();
        var live = new Option<bool>("--live") { Description = "Show the runs in the browser while they go on." };
        var page = new LiveOptions();
        var command = new TaughtCommand(
            "study",
            "Runs an experiment under many settings. The section `study` of the spec says which keys take which values. Equal runs are done "
                + "once, and finished ones never again. `fa work` joins in, on any machine that sees the folder.",
            "fa study specs/scale-study.json --dry-run",
            "fa study specs/scale-study.json --out runs/scale",
            "fa study runs/scale --status",
            "fa study runs/scale --slurm --tasks 64 --time 2:00:00",
            "fa study runs/scale --commands | parallel",
            "fa report runs/scale")
        {
            spec, place, dryRun, status, retry, stale,
        };
        settings.AddTo(command);
        command.Options.Add(live);
        page.AddTo(command);
        cluster.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(spec);
            var asked = settings.Read(parsed) with { Page = page.Read(parsed, parsed.GetValue(live)), Cluster = cluster.Read(parsed) };
            if (asked is { Page: not null, Cluster: not null })
            {
                throw new BadInputException("--live: the workers are elsewhere; show them with `fa watch STUDY`");
            }

            var studying = new Studying(terminal, asked, cancellation);
            if (!StudyFolder.IsAt(path))
            {
                return parsed.GetValue(status) || parsed.GetValue(retry)
                    ? throw new BadInputException($"{path}: is not the folder of a study; name one that `fa study` has made")
                    : studying.Begin(
                        SpecFile.Read(path, terminal.Components), parsed.GetValue(place), Stale(parsed.GetValue(stale)),
                        parsed.GetValue(dryRun));
            }

            foreach (var option in (Option[])[place, stale])
            {
                if (parsed.GetResult(option) is not null)
                {
                    throw new BadInputException($"{option.Name}: {path} is a study that was begun with its own; leave it out");
                }
            }

            var folder = StudyFolder.Open(path);
            if (parsed.GetValue(retry))
            {
                terminal.Output.WritePlain($"retry    {folder.RetryFailed()} runs that failed can be claimed again");
            }

            return parsed.GetValue(status) || parsed.GetValue(dryRun) ? studying.Status(folder)
                : parsed.GetValue(retry) ? ExitCode.Done
                : studying.Work(folder, waits: true);
        });
        return command;
    }

    private static double Stale(string? text)
        => text is null ? StudyFolder.StaleSeconds : WorkerOptions.Time(text, "--stale", TimeSpan.FromSeconds).TotalSeconds;

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}

/// <summary><c>fa work</c>: a worker of a study.</summary>
internal static class WorkCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var study = new Argument<string>("study") { Description = "The folder of the study.", HelpName = "STUDY" };
        var settings = new WorkerOptions();
        var command = new TaughtCommand(
            "work",
            "Works on a study: claims its runs one by one and trains them. Start as many workers as you like, on any machine that sees the "
                + "folder. A worker that dies is noticed, and its run taken over. It ends when nothing is left that a living worker does not "
                + "have.",
            "fa work runs/scale",
            "fa work runs/scale --minutes 55 --checkpoint-every 60000")
        {
            study,
        };
        settings.AddTo(command);
        command.SetAction(parsed => new Studying(terminal, settings.Read(parsed), cancellation)
            .Work(StudyFolder.Open(parsed.GetRequiredValue(study)), waits: false));
        return command;
    }
}
