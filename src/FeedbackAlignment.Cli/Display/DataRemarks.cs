using FeedbackAlignment.Experiments.Data;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>Says how data were read. It is never left out: what was seen from the files, and not said, must be seen by the user.</summary>
internal static class DataRemarks
{
    public static void WriteTo(IAnsiConsole screen, LoadedData data)
    {
        foreach (var remark in data.Remarks)
        {
            screen.WritePlain($"read     {remark}");
        }
    }
}
