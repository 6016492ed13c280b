using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>In what two experiments differ, for a terminal.</summary>
internal static class DifferenceTable
{
    public static void Write(IAnsiConsole screen, ExperimentDifference difference, IReadOnlyList<string> folders)
    {
        Write(screen, "settings", difference.Settings);
        Write(screen, "surroundings", difference.Surroundings);
        if (difference.Results.Count > 0)
        {
            var table = ColumnTable.Create("run", "first", "second", "same bits");
            foreach (var run in difference.Results)
            {
                var name = run.First.Rule == run.Second.Rule && run.First.Seed == run.Second.Seed ? $"{run.First.Rule}-{run.First.Seed}" : "test error";
                table.AddRow(ForeignMarkup.Cell(name), Result(run.First, run.Classification), Result(run.Second, run.Classification),
                    run.SameResults ? "yes" : "no");
            }

            screen.Write(table);
        }

        if (difference.Comparisons is { Comparisons.Count: > 0 } family)
        {
            screen.WritePlain();
            PairedTests.Write(screen, TestTable.Of(family, [], difference.Results.All(run => run.Classification)));
        }
        else if (difference.Comparisons is null)
        {
            screen.WritePlain("no paired tests: the data differ, and with them perhaps the test examples");
        }

        Missing(screen, folders[0], difference.OnlyFirst);
        Missing(screen, folders[1], difference.OnlySecond);
        screen.WritePlain($"first    {folders[0]}");
        screen.WritePlain($"second   {folders[1]}");
    }

    private static void Write(IAnsiConsole screen, string title, IReadOnlyList<SpecDifference> settings)
    {
        if (settings.Count == 0)
        {
            screen.WritePlain($"{title}: no difference");
        }

        foreach (var setting in settings)
        {
            screen.WritePlain($"{setting.Path}: {setting.First ?? "not set"} | {setting.Second ?? "not set"}");
        }

        screen.WritePlain();
    }

    private static string Result(RunRecord run, bool classification)
        => run.Status.IsEnd() ? NumberText.Error(run.TestError, classification) : run.Status.InWords();

    private static void Missing(IAnsiConsole screen, string folder, IReadOnlyList<string> runs)
    {
        if (runs.Count > 0)
        {
            screen.WritePlain($"only in {folder}: {string.Join(", ", runs)}");
        }
    }
}
