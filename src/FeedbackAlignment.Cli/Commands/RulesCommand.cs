using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Rules;

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
                Definition.Write(terminal.Output, rule.Id, rule.Summary, rule.Paper);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
