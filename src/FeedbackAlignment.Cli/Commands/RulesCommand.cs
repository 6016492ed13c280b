using System.CommandLine;
using FeedbackAlignment.Rules;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa rules</c>: the catalog.</summary>
internal static class RulesCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("rules", "Lists the learning rules: id, what it does, and its paper.");
        command.SetAction(_ =>
        {
            foreach (var rule in RuleCatalog.All)
            {
                terminal.Output.MarkupLineInterpolated($"[bold]{rule.Id}[/]");
                terminal.Output.Write(new Padder(new Markup($"{Markup.Escape(rule.Summary)}\n[dim]{Markup.Escape(rule.Paper)}[/]"), new Padding(2, 0, 0, 1)));
            }

            return ExitCode.Done;
        });
        return command;
    }
}
