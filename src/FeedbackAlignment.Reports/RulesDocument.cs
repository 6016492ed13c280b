using System.Text;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Page;

namespace FeedbackAlignment.Reports;

/// <summary>All learning rules as a Markdown document, with a drawing for each as a file beside it.</summary>
/// <param name="Text">The document.</param>
/// <param name="Drawings">Names of the files, from the document's folder, and their SVG.</param>
public sealed record RulesDocument(string Text, IReadOnlyList<(string Name, string Svg)> Drawings)
{
    private const string Head = """
        # The learning rules

        `RulesDocument` generates this page from the library's catalog (`RuleCatalog`); do not edit it. The commands `fa rules` and `fa rules RULE` show the same.
        `fa rules RULE --network 784-800-10` gives the costs as numbers.

        Every rule is an answer to one question: what reaches the hidden layers? Forward pass, loss and optimizer are the same for all.

        **Symbols.** Rows are examples. x are the inputs, t the targets. Layer l has the outputs hₗ = σ(zₗ), the weights Wₗ into it, and nₗ units. L is the output layer, and C the number of its units.
        eₗ = ∂loss∕∂hₗ is the error at a layer as the rule sees it, δₗ = eₗ ∘ σ′(zₗ) its local error. B are the rule's own
        feedback weights. They have the shape of the weights that they stand for, outputs × inputs.

        **Costs** are per example and come on top of forward pass, gradients, weights and activations. Operations are multiply-adds, memory is numbers. *None if regenerated*
        means that the rule need not keep its feedback weights: with `feedback.regenerate` in a spec, every step draws them again from their seed, to the same bits.

        **Gradients.** {gradients}

        **Drawings.** Gray is the signal on its way forward. Blue is the error e on its way back: solid through the forward weights, dashed through feedback weights. Long dashes
        mark feedback weights that learn or are redrawn. A dotted line is a single number. Dashed boxes do not learn.

        **A rule for each hidden layer.** Rules marked *per layer* can be joined by `+`, from the lowest hidden layer up: `direct-feedback-alignment+backpropagation`. Each rule brings the
        error to its own layer. A rule that goes from layer to layer takes the local error of the layer above, whichever rule brought it there. A rule whose errors all come straight from the
        output gives its layers the same errors as it would alone. In networks with residual blocks, and wherever it is clearer, a name stands before each rule:
        `block1/*=feedback-alignment+*=direct-feedback-alignment`. The names are those of hidden layers (`hidden1`) and blocks (`block1`), `block1/*` for all in a block, and `*` for all
        others. A layer's own name goes before a block's, and an inner block's before an outer one's.

        """;

    /// <summary>What the rules are grouped by, in the document and by <c>fa rules</c>.</summary>
    public static IReadOnlyList<(RuleRoute Route, string Title)> Groups { get; } =
    [
        (RuleRoute.LayerByLayer, "An error from each layer to the one below"),
        (RuleRoute.Direct, "Something from the output straight to every hidden layer"),
        (RuleRoute.FirstThenForward, "The output's error to the first hidden layer, and forward from there"),
        (RuleRoute.Targets, "Targets instead of errors"),
        (RuleRoute.SecondPass, "A second forward pass"),
        (RuleRoute.Scalar, "One number for all"),
        (RuleRoute.None, "Nothing"),
    ];

    /// <summary>Writes the document.</summary>
    /// <param name="rules">All rules, in the order in which they are to be shown within their groups.</param>
    public static RulesDocument Of(IReadOnlyList<RuleRecord> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var text = new StringBuilder(Head.Replace("{gradients}", Gradients(rules), StringComparison.Ordinal));
        var groups = Groups.Select(group => (group.Title, Rules: rules.Where(rule => rule.Route == group.Route).ToList())).Where(group => group.Rules.Count > 0).ToList();
        foreach (var (title, inGroup) in groups)
        {
            text.Append($"\n**{title}**\n\n");
            inGroup.ForEach(rule => text.Append($"- [{rule.Id}](#{rule.Id}): {MarkdownText.Of(rule.Summary)}\n"));
        }

        foreach (var rule in groups.SelectMany(group => group.Rules))
        {
            Write(text, rule);
        }

        return new RulesDocument(text.ToString(), [.. rules.Select(rule => (Drawing(rule), ErrorPathDrawing.File(rule)))]);
    }

    private static string Gradients(IReadOnlyList<RuleRecord> rules) =>
        $"A hidden layer's gradient is δₗᵀ hₗ₋₁{Exceptions(rules.Where(rule => rule is { TeachesHiddenLayers: true, GradientIsErrorTimesInput: false }))}. "
        + $"The output layer's gradient is backpropagation's{Exceptions(rules.Where(rule => !rule.OutputGradientIsExact))}.";

    private static string Exceptions(IEnumerable<RuleRecord> rules)
    {
        var names = string.Join(", ", rules.Select(rule => $"`{rule.Id}`"));
        return names.Length == 0 ? "" : $" (not under {names})";
    }

    private static void Write(StringBuilder text, RuleRecord rule)
    {
        text.Append($"\n## {rule.Id}\n\n{MarkdownText.Of(rule.Summary)}\n\n![The way of the error]({Drawing(rule)})\n\n");
        text.Append($"- **What reaches a hidden layer:** {MarkdownText.Of(rule.Formula)}\n");
        text.Append($"- **Operations:** {MarkdownText.Of(rule.Operations)}\n- **Memory:** {MarkdownText.Of(rule.Memory)}\n");
        text.Append($"- **Paper:** {MarkdownText.Of(rule.Paper)}\n");
        if (rule.Aliases.Count > 0)
        {
            text.Append($"- **Other names:** {string.Join(", ", rule.Aliases.Select(alias => $"`{alias}`"))}\n");
        }

        text.Append($"- **Per layer:** {(rule.CanBePart ? "yes" : "no")}\n");
        if (rule.Options.Count > 0)
        {
            text.Append($"\n| option (`ruleSettings.{rule.Id}.options`) | meaning | values | default |\n| --- | --- | --- | --- |\n");
            foreach (var option in rule.Options)
            {
                text.Append($"| `{option.Id}` | {MarkdownText.Of(option.Summary)} | {MarkdownText.Of(option.Range)} | {RuleText.Number(option.Default)} |\n");
            }
        }

        List(text, "Known to go wrong", rule.Pitfalls);
        List(text, "Chosen here", rule.Choices);
        List(text, "Not checked against the paper itself", rule.Unverified);
    }

    private static void List(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            text.Append($"\n{title}:\n\n").AppendJoin("", lines.Select(line => $"- {MarkdownText.Of(line)}\n"));
        }
    }

    private static string Drawing(RuleRecord rule) => $"rules/{rule.Id}.svg";
}
