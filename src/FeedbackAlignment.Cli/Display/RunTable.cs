using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>A list of runs, one line each. The folder stands last and is never folded, so that it can be copied.</summary>
internal static class RunTable
{
    /// <summary>Of a longer network the end is left out; <c>--json</c> has it.</summary>
    private const int LongestNetwork = 40;

    private static readonly string[] _headings = ["rule", "test error", "state", "age", "data", "network", "folder"];

    public static void Write(IAnsiConsole screen, IReadOnlyList<ListedRun> runs, DateTimeOffset now)
    {
        string[][] lines = [_headings, .. runs.Select(run => Cells(run, now))];
        int[] widths = [.. _headings.Select((_, column) => lines.Max(line => line[column].Length))];
        foreach (var line in lines)
        {
            screen.WritePlain(string.Join("  ", line.Select((cell, column) => column == _headings.Length - 1 ? cell : cell.PadRight(widths[column]))));
        }
    }

    private static string[] Cells(ListedRun run, DateTimeOffset now) => [.. Texts(run, now).Select(cell => ForeignText.Line(cell))];

    private static string[] Texts(ListedRun run, DateTimeOffset now) =>
    [
        run.Rule,
        NumberText.Error(run.TestError, run.Classification),
        run.State == RunState.StoppedEarly ? "stopped early" : run.State.ToString().ToLowerInvariant(),
        NumberText.Age(now - run.Began),
        run.Data,
        ForeignText.Line(run.Network, LongestNetwork),
        run.Folder,
    ];
}
