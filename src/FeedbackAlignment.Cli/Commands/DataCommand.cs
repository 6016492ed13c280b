using System.CommandLine;
using System.Text.Json.Nodes;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Rules;
using Spectre.Console;
using StbImageWriteSharp;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa data</c>: what there is, fetching it, looking at it.</summary>
internal static class DataCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation) => new("data", "Lists, fetches and shows data.")
    {
        List(terminal),
        Get(terminal, cancellation),
        Show(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var command = new Command("list", "Lists the data that can be named with --data, and whether they are here.") { DataFolderOption.Option };
        command.SetAction(parsed =>
        {
            var folder = terminal.DataFolder(parsed.GetValue(DataFolderOption.Option));
            foreach (var name in SpecVocabulary.DataSources)
            {
                var known = PublicDataSet.All.FirstOrDefault(data => data.Id == name);
                Definition.Write(terminal.Output, name, Describe(name), known is null ? "made by the program" : Whereabouts(known, folder));
            }

            Definition.Write(terminal.Output, "FOLDER", "a folder with your own files, e.g. ./my-data: CSV, NPY, IDX, or images by class", "see docs/data.md");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Get(Terminal terminal, CancellationToken cancellation)
    {
        var name = new Argument<string>("set") { Description = "mnist, fashion-mnist or cifar-10.", HelpName = "mnist|fashion-mnist|cifar-10" };
        var command = new Command("get", "Downloads a data set into the data folder, goes on where an earlier try stopped, and checks it.") { name, DataFolderOption.Option };
        command.SetAction(async (parsed, _) =>
        {
            var folder = terminal.DataFolder(parsed.GetValue(DataFolderOption.Option));
            using var client = new HttpClient();
            var files = await terminal.Output.Progress().StartAsync(context =>
                new DataDownload(client).GetAsync(Known(parsed.GetRequiredValue(name)), folder, new Bars(context), cancellation)).ConfigureAwait(false);
            foreach (var file in files)
            {
                terminal.Output.WritePlain($"{(file.Downloaded ? "fetched" : "is here")}  {file.Path}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var source = new Argument<string>("source") { Description = "digits, mnist, fashion-mnist, cifar-10 or a folder.", HelpName = "source", DefaultValueFactory = _ => "digits" };
        var file = new Option<string>("--out") { Description = "The picture to write; it may be there already.", HelpName = "file.png", DefaultValueFactory = _ => "digits.png" };
        var seed = new SpecOption("--seed", "data.seed", "N", "Seed of the digits. [default: 1]");
        var command = new Command("show", "Writes a page of training examples, a row for each class, as a PNG picture.") { source, file, seed.Option, DataFolderOption.Option };
        command.SetAction(parsed =>
        {
            var json = new JsonObject { ["data"] = Wanted(parsed.GetRequiredValue(source)) };
            seed.Apply(parsed, json);
            var data = new DataSources(terminal.DataFolder(parsed.GetValue(DataFolderOption.Option))).Load(Read(json).Data).Split.Train;
            Write(data, parsed.GetRequiredValue(file));
            terminal.Output.WritePlain($"picture  {Path.GetFullPath(parsed.GetRequiredValue(file))}");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A page needs few digits, and the first ones are the same however many are drawn.</summary>
    private static JsonObject Wanted(string source) => source == DataSourceIds.Digits
        ? new JsonObject { ["source"] = source, ["train"] = 1000, ["validation"] = 1, ["test"] = 1 }
        : new JsonObject { ["source"] = SpecOption.Source(source) };

    private static ExperimentSpec Read(JsonObject json)
    {
        try
        {
            return SpecReader.Read(json.ToJsonString(), RuleCatalog.Ids);
        }
        catch (SpecException mistakes)
        {
            throw new SpecException([.. mistakes.Problems.Select(problem => problem with { Path = problem.Path == "data.seed" ? "--seed" : "source" })]);
        }
    }

    private static void Write(DataSet data, string file)
    {
        if (data.Image is null || data.Labels is null)
        {
            throw new BadInputException("these data are not pictures with classes; `fa data show` can show digits, mnist, fashion-mnist, cifar-10, or a folder with pictures");
        }

        var sheet = PictureSheet.Lay(data, rows: data.Targets.Columns, columns: 24, byClass: true);
        _ = OutputFile.Write(file, stream => new ImageWriter().WritePng(sheet.Pixels, sheet.Width, sheet.Height, sheet.Channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue, stream));
    }

    private static PublicDataSet Known(string name) => PublicDataSet.All.FirstOrDefault(data => data.Id == name)
        ?? throw new BadInputException($"\"{name}\" cannot be downloaded; there are {string.Join(", ", PublicDataSet.All.Select(data => data.Id))}");

    private static string Describe(string name) => name switch
    {
        DataSourceIds.Digits => "handwritten-looking digits drawn from a seed, 28×28, 10 classes",
        DataSourceIds.Banded => "a plane in bands: 2 inputs, 3 classes, a negative control for feedback alignment",
        DataSourceIds.TeacherLinear => "regression: what a random linear network answers",
        DataSourceIds.TeacherTanh => "regression: what a random tanh network answers",
        _ => PublicDataSet.All.First(data => data.Id == name).Content,
    };

    private static string Whereabouts(PublicDataSet data, string folder)
    {
        var path = Path.Combine(folder, data.Id);
        return data.IsIn(folder) ? $"here, in {path}" : $"not in {path}; fetch with `fa data get {data.Id}`";
    }

    private sealed class Bars(ProgressContext context) : IProgress<DownloadProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(DownloadProgress value)
        {
            if (!_tasks.TryGetValue(value.File, out var task))
            {
                _tasks[value.File] = task = context.AddTask(Markup.Escape(value.File), maxValue: value.Total ?? 10_000_000);
            }

            task.Value = value.Bytes;
        }
    }
}
