using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa rules</c>: the catalog, or one rule of it in full.</summary>
internal static class RulesCommand
{
    public static Command Create(Terminal terminal)
    {
        var rule = new Argument<string?>("rule")
        {
            Description = "Id of the rule to describe: its formula, costs, options and known problems. Ids joined by + give each hidden "
                + "layer its own rule; with names before them, as hidden1=ID+*=ID, they give it to what is named.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "RULE",
        };
        var network = new Option<string?>("--network")
        {
            Description = "Layer sizes from input to output, or a row of modules. Shows the costs in this network as numbers.",
            HelpName = "784-800-10",
        };
        var command = new TaughtCommand(
            "rules",
            "Lists the learning rules, grouped by the path of the error, or describes one rule in full. docs/rules.md describes and "
                + "draws all of them.",
            "fa rules",
            "fa rules feedback-alignment --network 784-800-800-10");
        command.Arguments.Add(rule);
        command.Options.Add(network);
        command.SetAction(parsed =>
        {
            var plan = Plan(parsed.GetValue(network), terminal.Components.Parts);
            if (parsed.GetValue(rule) is { } id)
            {
                RuleSheet.Write(terminal.Output, Find(id, plan, terminal.Components.Rules), plan);
            }
            else if (plan is not null)
            {
                RuleCosts.Write(terminal.Output, plan, terminal.Components.Rules);
            }
            else
            {
                List(terminal);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void List(Terminal terminal)
    {
        var records = RuleRecords.Of(terminal.Components.Rules);
        foreach (var (route, title) in RulesDocument.Groups)
        {
            var rules = records.Where(rule => rule.Route == route).ToList();
            if (rules.Count > 0)
            {
                Definition.WriteHeading(terminal.Output, title);
            }

            foreach (var rule in rules)
            {
                Definition.Write(terminal.Output, rule.Aliases.Count == 0 ? rule.Id : $"{rule.Id} ({string.Join(", ", rule.Aliases)})", rule.Summary, rule.Paper);
            }
        }

        terminal.Output.WritePlain("`fa rules RULE` shows a rule in full, and whether it can be the rule of a single");
        terminal.Output.WritePlain("hidden layer. Join the ids of such rules by +, from the lowest layer up, e.g.");
        terminal.Output.WritePlain("direct-feedback-alignment+backpropagation. Or name what each of them serves: layers,");
        terminal.Output.WritePlain("blocks, all in a block, all others, e.g.");
        terminal.Output.WritePlain("block1=direct-feedback-alignment+block1/*=feedback-alignment+*=backpropagation.");
    }

    private static NetworkPlan? Plan(string? text, NetworkParts parts)
        => text is null ? null
            : !NetworkPlan.TryParse(text, parts, out var plan, out var mistake) ? throw new BadInputException($"--network: {mistake}")
            : plan;

    private static RuleEntry Find(string id, NetworkPlan? network, RuleCatalog rules)
    {
        if (rules.Find(id) is { } rule)
        {
            var objection = network is null ? null
                : RuleCost.Objection(rule, network)
                    ?? (rule.Parts.Count == 0 ? null : RuleMixture.ObjectionToChain(rule, network.HiddenLayers));
            return objection is null ? rule : throw new BadInputException($"--network {network}: {id} {objection}");
        }

        if (RuleMixture.NameMistake(id) is { } mistake)
        {
            throw new BadInputException($"{id}: {mistake}");
        }

        var part = RuleMixture.Split(id).Select(part => part.Rule)
            .FirstOrDefault(part => rules.PossibleParts.All(rule => rule.Id != part), id);
        var hint = DidYouMean.Hint(part, [.. rules.Ids, .. rules.Entries.SelectMany(rule => rule.Aliases)]);
        throw new BadInputException(RuleMixture.IsMeant(id) && rules.Find(part) is not null
            ? $"{part} sends no error from layer to layer, so it cannot be the rule of one layer; `fa rules {part}` shows it"
            : $"there is no rule \"{part}\"{(hint.Length > 0 ? hint : "; `fa rules` lists them")}");
    }
}
