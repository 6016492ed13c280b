using System.CommandLine;
using System.Text.Json.Nodes;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;
using Spectre.Console;
using StbImageWriteSharp;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa data</c>: what there is, fetching it, looking at it.</summary>
internal static class DataCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation) => new("data", "Lists, downloads and inspects data.")
    {
        List(terminal),
        Get(terminal, cancellation),
        Show(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var command = new Command("list", "Lists the names that --data accepts, and says which of these data are on this machine.")
        {
            DataFolderOption.New(),
        };
        command.SetAction(parsed =>
        {
            var folder = terminal.DataFolder(DataFolderOption.Of(parsed));
            foreach (var name in SpecVocabulary.DataSources)
            {
                var known = PublicDataSet.All.FirstOrDefault(data => data.Id == name);
                Definition.Write(terminal.Output, name, Describe(name), known is null ? "made by the program" : Whereabouts(known, folder));
            }

            Definition.Write(terminal.Output, "FOLDER", "a folder or CSV file of your own, e.g. ./my-data", "see docs/data.md");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Get(Terminal terminal, CancellationToken cancellation)
    {
        var name = new Argument<string>("set")
        {
            Description = "The data set to download: mnist, fashion-mnist or cifar-10.",
            HelpName = "mnist|fashion-mnist|cifar-10",
        };
        var command = new Command("get", "Downloads a data set into the data folder and checks it. An interrupted download continues "
            + "where it stopped.")
        {
            name,
            DataFolderOption.New(),
        };
        command.SetAction(async (parsed, _) =>
        {
            var folder = terminal.DataFolder(DataFolderOption.Of(parsed));
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

    private static TaughtCommand Show(Terminal terminal)
    {
        var source = new Argument<string>("source")
        {
            Description = "A name from `fa data list`, or your own folder or CSV file.",
            HelpName = "source",
            DefaultValueFactory = _ => DataSourceIds.Digits,
        };
        var file = new Option<string>("--out")
        {
            Description = "For images: write a picture of examples to this PNG file. An existing file is replaced.",
            HelpName = "file.png",
            DefaultValueFactory = _ => "examples.png",
        };
        var seed = new SpecOption("--seed", "data.seed", "N",
            "Seed of generated data, and of the division into training, validation and test examples. [default: 1]");
        var options = DataOptions.All();
        var command = new TaughtCommand(
            "show",
            "Shows how data are read: columns, task, classes with counts, scaling, possible mistakes, and some examples. Images are "
                + "drawn into a PNG file.",
            "fa data show digits",
            "fa data show ./my-data --target price")
        {
            source, file, seed.Option, DataFolderOption.New(),
        };
        foreach (var option in options)
        {
            command.Options.Add(option.Option);
        }

        command.SetAction(parsed =>
        {
            var json = DataOptions.Apply(options.Append(seed), parsed, Wanted(parsed.GetRequiredValue(source)));
            var spec = Read(json, options.Append(seed), terminal.Components);
            var data = new DataSources(terminal.DataFolder(DataFolderOption.Of(parsed)), Environment.ProcessorCount)
                .Load(spec.Data, spec.Format);
            var images = data.Split.Train is { Image: not null, Labels: not null } train ? train : null;
            if (images is not null)
            {
                Write(images, parsed.GetRequiredValue(file));
            }

            DataSheet.Write(terminal.Output, data);
            if (!SpecVocabulary.DataSources.Contains(spec.Data.Source) && DataLinks.Count(spec.Data.Source) is > 0 and var links)
            {
                terminal.Output.WritePlain($"links     {links} of the files {(links == 1 ? "is a symbolic link, which was" : "are symbolic links, which were")} followed");
            }

            if (images is not null)
            {
                terminal.Output.WritePlain($"picture   {Path.GetFullPath(parsed.GetRequiredValue(file))}: a row of training examples for each class");
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A page needs few pictures that are drawn, and the first ones are the same however many there are.</summary>
    private static JsonObject Wanted(string source) => source is DataSourceIds.Digits or DataSourceIds.Shapes
        ? new JsonObject { ["source"] = source, ["train"] = 1000, ["validation"] = 100, ["test"] = 100 }
        : new JsonObject { ["source"] = SpecOption.Source(source) };

    private static ExperimentSpec Read(JsonObject json, IEnumerable<SpecOption> options, Components components)
    {
        try
        {
            return SpecReader.Read(json.ToJsonString(), components);
        }
        catch (SpecException mistakes)
        {
            throw new SpecException([.. mistakes.Problems.Select(problem => problem with { Path = options.FirstOrDefault(option => option.Path == problem.Path)?.Option.Name ?? "source" })]);
        }
    }

    private static void Write(DataSet images, string file)
    {
        var sheet = PictureSheet.Lay(images, rows: images.Targets.Columns, columns: 24, byClass: true);
        _ = OutputFile.Write(file, stream => new ImageWriter().WritePng(sheet.Pixels, sheet.Width, sheet.Height, sheet.Channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue, stream));
    }

    private static PublicDataSet Known(string name) => PublicDataSet.All.FirstOrDefault(data => data.Id == name)
        ?? throw new BadInputException(
            $"\"{name}\" cannot be downloaded; choose one of {string.Join(", ", PublicDataSet.All.Select(data => data.Id))}");

    private static string Describe(string name) => name switch
    {
        DataSourceIds.Digits => "handwritten-looking digits drawn from a seed, 28×28, 10 classes",
        DataSourceIds.Shapes => "shapes in color on a textured ground, drawn from a seed, 3×24×24, 10 classes",
        DataSourceIds.Banded => "a plane in bands: 2 inputs, 3 classes, a negative control for feedback alignment",
        DataSourceIds.TeacherLinear => "regression: the outputs of a random linear network",
        DataSourceIds.TeacherTanh => "regression: the outputs of a random tanh network",
        _ => PublicDataSet.All.First(data => data.Id == name).Content,
    };

    private static string Whereabouts(PublicDataSet data, string folder)
    {
        var path = Path.Combine(folder, data.Id);
        return data.IsIn(folder) ? $"here, in {path}" : $"not in {path}; download with `fa data get {data.Id}`";
    }

    private sealed class Bars(ProgressContext context) : IProgress<DownloadProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(DownloadProgress value)
        {
            if (!_tasks.TryGetValue(value.File, out var task))
            {
                _tasks[value.File] = task = context.AddTask(ForeignMarkup.Cell(value.File), maxValue: value.Total ?? 10_000_000);
            }

            task.Value = value.Bytes;
        }
    }
}
