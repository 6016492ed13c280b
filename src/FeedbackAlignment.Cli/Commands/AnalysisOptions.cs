using System.CommandLine;
using System.Globalization;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Analysis;
using FeedbackAlignment.Experiments.Predictions;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>What the commands share that look at trained networks again.</summary>
internal static class AnalysisOptions
{
    public static Argument<string> Folder() => new("folder")
    {
        Description = "The folder of an experiment, or of one run.",
        HelpName = "FOLDER",
    };

    public static Option<int?> Examples(string description) => new("--examples") { Description = description, HelpName = "N" };

    public static Option<bool> Csv() => new("--csv") { Description = "Print a table with a line for each run and number, as CSV." };

    /// <summary>The networks and the test examples.</summary>
    /// <param name="terminal">For notices.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The folder.</param>
    /// <param name="most">The most examples; null: all.</param>
    public static (FinishedRuns Runs, DataSet Test) Open(Terminal terminal, ParseResult parsed, string path, int? most)
    {
        if (most is < 1)
        {
            throw new BadInputException($"--examples: must be at least 1, was {most}");
        }

        ArithmeticOption.LikeRun(parsed, path);
        var runs = FinishedRuns.Open(path, terminal.Components, terminal.Notice);
        foreach (var line in runs.LeftOut)
        {
            terminal.Notice($"note: {line}");
        }

        ForeignPaths.Tell(terminal, path, runs.Runs[0].Spec.Data);
        var test = runs.LoadTest(terminal.DataFolder(DataFolderOption.Of(parsed)));
        return (runs, most < test.Count ? test.Slice(0, most.Value) : test);
    }

    /// <summary>Prints a table as CSV.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="headings">Names of the columns.</param>
    /// <param name="lines">The lines.</param>
    public static void WriteCsv(Terminal terminal, IEnumerable<string> headings, IEnumerable<IEnumerable<string>> lines)
    {
        foreach (var line in lines.Prepend(headings))
        {
            terminal.PlainOutput.Write(SpreadsheetLine.Of(line));
        }
    }

    /// <summary>A number of such a table, with all its digits.</summary>
    /// <param name="value">The number; null: an empty cell.</param>
    public static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
