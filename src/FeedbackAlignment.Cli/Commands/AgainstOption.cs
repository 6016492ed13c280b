using System.CommandLine;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>--against</c>, which the commands have that show paired tests.</summary>
internal static class AgainstOption
{
    private const string Name = "--against";

    /// <summary>A new one: an option keeps all commands that it was ever added to.</summary>
    public static Option<string?> New() => new(Name)
    {
        Description = "The rule that paired tests compare the others with (docs/statistics.md). [default: backpropagation, else the first "
            + "rule]",
        HelpName = "id",
    };

    /// <summary>The id of the rule that was typed, also by another of its names; null: nothing.</summary>
    public static string? Of(ParseResult parsed, RuleCatalog rules)
        => parsed.GetValue<string?>(Name) is { } id ? rules.Find(id)?.Id ?? id : null;

    /// <summary>Refuses a rule that is not compared.</summary>
    /// <param name="against">The rule; null: nobody asked for one.</param>
    /// <param name="rules">The rules that are.</param>
    public static void Require(string? against, IEnumerable<string> rules)
    {
        List<string> ids = [.. rules.Distinct()];
        if (against is not null && !ids.Contains(against))
        {
            throw new BadInputException(
                $"{Name}: {ForeignText.Quoted(against)} is not among the rules that are compared: "
                + ForeignText.Line(string.Join(", ", ids)));
        }
    }
}
