using System.CommandLine;
using System.Text.Json;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa runs</c>: the runs there are.</summary>
internal static class RunsCommand
{
    private const string DefaultRoot = "runs";

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("folder")
        {
            Description = "The folder to search: an experiment folder, or a folder above several.",
            HelpName = "folder",
            DefaultValueFactory = _ => DefaultRoot,
        };
        var rule = Filter("--rule", "Only runs of this learning rule.");
        var data = Filter("--data", "Only runs on these data.");
        var network = Filter("--network", "Only runs of a network with these layers.");
        var state = new Option<RunState?>("--state") { Description = "Only runs in this state: completed, diverged, cancelled, stoppedearly, unfinished or unreadable.", HelpName = "state" };
        var sort = new Option<RunOrder>("--sort")
        {
            Description = "Order: newest, error (lowest test error first), validation, seconds, rule or folder.",
            HelpName = "order",
            DefaultValueFactory = _ => RunOrder.Newest,
        };
        var limit = new Option<int?>("--limit") { Description = "Show only the first N runs.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Print only the list, as JSON." };
        var csv = new Option<bool>("--csv")
        {
            Description = "Print all runs of a study as one table, with the keys that it varies as columns.",
        };
        var command = new TaughtCommand("runs", "Lists the runs in a folder: error, state, age, data, network, and the folder to pass to "
            + "`fa show`.", "fa runs", "fa runs --rule feedback-alignment --sort error --limit 5")
        {
            folder, rule, data, network, state, sort, limit, json, csv,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(limit) is < 1 and var few)
            {
                throw new BadInputException($"--limit: must be at least 1, was {few}");
            }

            var root = parsed.GetRequiredValue(folder);
            if (parsed.GetValue(csv))
            {
                return WriteCsv(terminal, root, parsed, rule, data, network, state, limit, json);
            }

            var all = RunArchive.Find(root);
            IEnumerable<ListedRun> chosen = parsed.GetValue(sort).Sort(all.Where(run =>
                Suits(parsed.GetValue(rule), run.Rule) && Suits(parsed.GetValue(data), run.Data) && Suits(parsed.GetValue(network), run.Network)
                && (parsed.GetValue(state) ?? run.State) == run.State));
            ListedRun[] shown = [.. chosen.Take(parsed.GetValue(limit) ?? int.MaxValue)];
            foreach (var changed in shown.Where(run => run.ChangedKeys.Count > 0).GroupBy(run => (Experiment: Path.GetDirectoryName(Path.GetDirectoryName(run.Folder)), Keys: string.Join(", ", run.ChangedKeys))))
            {
                terminal.Notice(
                    $"{changed.Key.Experiment}/spec.json was changed after the training ({changed.Key.Keys}); the list shows what "
                    + $"{(changed.Count() == 1 ? "the run was" : "the runs were")} trained with");
            }

            if (parsed.GetValue(json))
            {
                terminal.PlainOutput.WriteLine(JsonSerializer.Serialize(shown, ExperimentJson.Indented));
            }
            else
            {
                RunTable.Write(terminal.Output, shown, terminal.Clock.GetUtcNow());
                terminal.Output.WritePlain($"{shown.Length} of {all.Count} runs in {root}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>All of it: what is left out of such a table would be missed in what is computed from it.</summary>
    private static int WriteCsv(Terminal terminal, string root, ParseResult parsed, params Option[] others)
    {
        if (!StudyFolder.IsAt(root))
        {
            throw new BadInputException($"--csv: {root} is not the folder of a study; name one that `fa study` has made");
        }

        if (Array.Find(others, option => parsed.GetResult(option) is { Implicit: false }) is { } other)
        {
            throw new BadInputException($"--csv: prints all runs of a study; leave {other.Name} out");
        }

        var study = StudyFolder.Open(root);
        StudyCsv.Write(study.Read(SpecFile.Read(study.SpecPath, study.OpenSpec, terminal.Components), withRecords: true),
            terminal.PlainOutput);
        return ExitCode.Done;
    }

    private static Option<string?> Filter(string name, string description) => new(name) { Description = description, HelpName = name[2..] };

    private static bool Suits(string? wanted, string found) => wanted is null || wanted == found;
}
