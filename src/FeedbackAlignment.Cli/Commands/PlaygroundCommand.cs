using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO.Compression;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Files;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa playground</c>: a page on which networks learn in the browser; served here, or written for any web server.</summary>
internal static class PlaygroundCommand
{
    private const string Archive = "playground.zip";

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var folder = new Option<string?>("--out")
        {
            Description = "Write the site into this folder instead of serving it. It must be new or empty.",
            HelpName = "DIR",
        };
        var options = new LiveOptions();
        var command = new TaughtCommand(
            "playground",
            "Opens a page on which two networks learn side by side in the browser, one by backpropagation, one by a rule that you choose. "
                + "It listens on this machine only. With --out it writes the page as a static site, for any web server.",
            "fa playground",
            "fa playground --out site")
        {
            folder,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var archive = Path.Combine(AppContext.BaseDirectory, Archive);
            if (!File.Exists(archive))
            {
                throw new BadInputException(
                    $"{archive}: is missing; in the repository `dotnet publish src/FeedbackAlignment.Playground.Web` makes it, "
                        + "then build fa again");
            }

            if (parsed.GetResult(folder) is OptionResult { Implicit: false })
            {
                options.Refuse(parsed, "is for the page that fa serves; leave it out with --out");
                Write(terminal, archive, parsed.GetValue(folder) ?? "");
                return ExitCode.Done;
            }

            using var page = options.Read(parsed, isWanted: true)!.StartPlayground(terminal.Output, archive);
            terminal.Output.WritePlain("end      with Ctrl-C");
            cancellation.WaitHandle.WaitOne();
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, string archive, string folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            throw new BadInputException("--out: the folder has no name; name a new one");
        }

        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            var what = File.Exists(folder) ? "a file" : "not empty";
            throw new BadInputException($"--out: {folder} is {what}; name a new folder, or an empty one");
        }

        using var zip = new ZipArchive(InputFile.Open(archive), ZipArchiveMode.Read);
        foreach (var entry in zip.Entries.Where(entry => !entry.FullName.EndsWith('/')))
        {
            OutputFile.WriteInside(
                Path.Combine(folder, Path.GetDirectoryName(entry.FullName) ?? ""),
                entry.Name,
                file =>
                {
                    using var content = entry.Open();
                    content.CopyTo(file);
                });
        }

        var size = string.Create(CultureInfo.InvariantCulture, $"{zip.Entries.Sum(entry => entry.Length) / 1e6:0.0} MB");
        terminal.Output.WritePlain($"site     {Path.GetFullPath(folder)}, {size}; any web server can serve it");
    }
}
