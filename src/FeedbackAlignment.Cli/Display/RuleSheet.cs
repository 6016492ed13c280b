using System.Globalization;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>One rule in full.</summary>
internal static class RuleSheet
{
    public static void Write(IAnsiConsole screen, RuleEntry rule, NetworkPlan? network)
    {
        var record = RuleRecords.Of(rule);
        Definition.WriteHeading(screen, record.Id);
        Write(screen, "", [record.Summary]);
        Write(screen, "what reaches a hidden layer", record.Formula.Split(";  "));
        Write(screen, "path of the error",
            [RulesDocument.Groups.FirstOrDefault(group => group.Route == record.Route).Title ?? "A different path to each hidden layer",
                .. record.Carrier.Length > 0 ? [$"Carried by {record.Carrier}."] : Array.Empty<string>()]);
        Write(screen, "operations per example", [record.Operations, .. Number(network, counts => RuleCost.Operations(rule, counts), "multiply-adds")]);
        Write(screen, "memory", [record.Memory, .. Number(network, counts => RuleCost.Memory(rule, counts), "numbers")]);
        Write(screen, "options",
            record.Options.Count == 0 ? ["none"]
            : record.Options.Select(option
                => $"{option.Id} = {option.Default.ToString(CultureInfo.InvariantCulture)} ({option.Range}): {option.Summary}"));
        Write(screen, "known to go wrong", record.Pitfalls);
        Write(screen, "chosen here", record.Choices);
        Write(screen, "not checked against the paper itself", record.Unverified);
        Write(screen, "other names", record.Aliases);
        Write(screen, "as the rule of one hidden layer (a+b)", record.Parts.Count > 0 ? [] : [record.CanBePart ? "yes" : "no"]);
        Write(screen, "paper", [record.Paper]);
    }

    private static void Write(IAnsiConsole screen, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length == 0)
        {
            return;
        }

        if (title.Length > 0)
        {
            screen.WriteMarkup($"[dim]{title}[/]");
        }

        foreach (var line in all)
        {
            screen.Write(new Padder(new Text(ForeignText.Line(line)), new Padding(2, 0, 0, 0)));
        }

        screen.WritePlain();
    }

    private static IEnumerable<string> Number(NetworkPlan? network, Func<NetworkCounts, long> count, string unit)
    {
        if (network is not null)
        {
            var (number, forward) = (count(NetworkCounts.Of(network)), network.Layers.Sum(layer => layer.Weights * layer.Positions));
            yield return $"{network}: {NumberText.Count(number)} {unit} ({NumberText.Format(100.0 * number / forward, "0.#")} % of the "
                + $"forward pass's {NumberText.Count(forward)} {(network.IsChain ? "weights" : "multiply-adds")})";
        }
    }
}
