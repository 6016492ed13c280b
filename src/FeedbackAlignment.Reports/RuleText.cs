using System.Globalization;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports;

/// <summary>
/// The words of the page for learning rules. What a rule is like stands in the records; a rule they do not describe goes by its id.
/// </summary>
internal static class RuleText
{
    /// <summary>The rule that all others are measured against.</summary>
    public const string Backpropagation = "backpropagation";

    /// <summary>From so many rules on, a page shows them in another way: sorted, in several charts, in fewer words.</summary>
    public const int Many = 9;

    /// <summary>The name to head a row or a legend with.</summary>
    public static string Name(RuleRecord rule) => Sentence.Capital(rule.Name);

    /// <summary>The same for a rule that no record describes.</summary>
    public static string Name(string rule) => Sentence.Capital(rule.Replace("+", " + ", StringComparison.Ordinal).Replace('-', ' '));

    /// <summary>All rules that experiments know of, each once, in the catalog's order as far as the records keep it.</summary>
    public static IReadOnlyList<RuleRecord> Known(IEnumerable<ExperimentRecord> experiments)
        => [.. experiments.SelectMany(experiment => experiment.Rules).DistinctBy(rule => rule.Id).OrderBy(rule => rule.Parts.Count > 0)];

    /// <summary>
    /// Whether the error goes back through weights that are random and never change, in all layers. Weights with the signs of W are not
    /// such.
    /// </summary>
    public static bool HasFixedRandomFeedback(RuleRecord rule) =>
        rule.Parts.Count > 0 ? rule.Parts.All(HasFixedRandomFeedback) : rule.HasFixedFeedback && !rule.Carrier.Contains('W', StringComparison.Ordinal);

    /// <summary>A number of an option, as short as it reads back.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
