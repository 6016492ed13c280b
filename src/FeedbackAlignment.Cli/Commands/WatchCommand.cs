using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa watch</c>: the live page of runs that go on elsewhere, or have ended.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var folder = new Argument<string>("folder")
        {
            Description = "The folder of an experiment, a study, a tuning or a single run, or one with several of them.",
            HelpName = "FOLDER",
        };
        var options = new LiveOptions();
        var command = new TaughtCommand(
            "watch",
            "Shows runs in the browser while they go on: curves, angles by layer, time left. It only reads the folder, so it works for runs "
                + "that another terminal or a cluster has started, and for finished ones. It listens on this machine only.",
            "fa watch runs",
            "fa watch runs/compare-20261123-113000 --no-open --port 8080")
        {
            folder,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            if (!Directory.Exists(path))
            {
                throw new FolderException($"{path}: no such folder; name one that `fa compare`, `fa train` or another command has made");
            }

            using var page = options.Read(parsed, isWanted: true)!.Start(terminal.Output, path);
            terminal.Output.WritePlain("end      with Ctrl-C");
            cancellation.WaitHandle.WaitOne();
            return ExitCode.Done;
        });
        return command;
    }
}
