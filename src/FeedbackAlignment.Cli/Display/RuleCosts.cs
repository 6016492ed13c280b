using FeedbackAlignment.Networks;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Rules;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>What all rules cost for one network.</summary>
internal static class RuleCosts
{
    public static void Write(IAnsiConsole screen, NetworkPlan network, RuleCatalog rules)
    {
        screen.WritePlain($"{network}: costs per example, on top of forward pass, gradients, weights and activations:");
        screen.WritePlain();
        var table = new Table { Border = TableBorder.None };
        table.AddColumn(new TableColumn("[bold]rule[/]") { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        foreach (var heading in (string[])["multiply-adds", "numbers kept"])
        {
            table.AddColumn(new TableColumn($"[bold]{heading}[/]") { NoWrap = true, Alignment = Justify.Right, Padding = new Padding(0, 0, 2, 0) });
        }

        var counts = NetworkCounts.Of(network);
        foreach (var rule in rules.Entries.Where(rule => RuleCost.Objection(rule, network) is null))
        {
            table.AddRow(rule.Id, NumberText.Count(RuleCost.Operations(rule, counts)), NumberText.Count(RuleCost.Memory(rule, counts)));
        }

        screen.Write(table);
        screen.WritePlain();
        foreach (var refused in rules.Entries.GroupBy(rule => RuleCost.Objection(rule, network)).Where(group => group.Key is not null))
        {
            screen.WritePlain($"Left out, because each {refused.Key}: {string.Join(", ", refused.Select(rule => rule.Id))}.");
        }

        screen.WritePlain("Counted with each rule's formulas, without factorizations. `fa rules RULE --network …` shows the formulas.");
    }
}
