using FeedbackAlignment.Cli.Commands;
using FeedbackAlignment.Experiments.Files;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>
/// The last that a command shows which has run something: its results as JSON and nothing else, or a table and where the rest is.
/// </summary>
/// <param name="Folder">What it left behind.</param>
/// <param name="Report">The page.</param>
/// <param name="Results">The results as JSON.</param>
internal sealed record Closing(string Folder, string Report, string Results)
{
    /// <summary>Shows it.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="json">Whether as JSON.</param>
    /// <param name="stopped">Whether it was stopped, and can be gone on with.</param>
    /// <param name="table">Writes the table.</param>
    public void Show(Terminal terminal, bool json, bool stopped, Action<IAnsiConsole> table)
    {
        if (json)
        {
            using var results = new StreamReader(InputFile.Open(Results));
            terminal.PlainOutput.Write(results.ReadToEnd());
            return;
        }

        table(terminal.Output);
        terminal.Output.WritePlain($"report   {Report}");
        terminal.Output.WritePlain($"results  {Results}");
        if (stopped)
        {
            terminal.Output.WritePlain(Interruption.Stopped(Folder));
            if (terminal.StandsForFa is { } here)
            {
                terminal.Output.WritePlain($"command  {CommandName.Line(here)}");
            }
        }
    }
}
