using FeedbackAlignment.Experiments.Comparisons;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports;

/// <summary>The runs of one rule in one experiment, under the name they have on the page.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Tag">The experiment's short name, to tell it from others; null if it is the only one.</param>
/// <param name="Runs">Its runs by seed; empty if it was stopped before the first.</param>
/// <param name="Paired">Its test errors against backpropagation's, in the family of all rules; null for backpropagation.</param>
internal sealed record RuleResults(
    ExperimentRecord Experiment, string Rule, string? Tag, IReadOnlyList<RunRecord> Runs, PairedComparison? Paired)
{
    /// <summary>What the records say of the rule; null if they are of before they did.</summary>
    public RuleRecord? Record => Experiment.Rules.FirstOrDefault(rule => rule.Id == Rule);

    /// <summary>The rule's name, with the experiment's short name if there are several.</summary>
    public string Label => Name + (Tag is null ? "" : $" · {Tag}");

    /// <summary>The runs that came to their end: the only ones that enter means.</summary>
    public IEnumerable<RunRecord> Completed => Runs.Where(run => run.Status.IsEnd());

    /// <summary>How many runs ended in a way.</summary>
    public int Count(RunStatus status) => Runs.Count(run => run.Status == status);

    /// <summary>All rules of the experiments, in the specs' order.</summary>
    public static IReadOnlyList<RuleResults> Of(IReadOnlyList<ExperimentRecord> experiments)
    {
        var tags = ExperimentTags(experiments);
        return
        [
            .. experiments.SelectMany((experiment, index) => Of(experiment, experiments.Count == 1 ? null : tags[index])),
        ];
    }

    /// <summary>Short names to tell experiments apart by: their own, or letters where those are long or alike.</summary>
    public static IReadOnlyList<string> ExperimentTags(IReadOnlyList<ExperimentRecord> experiments)
    {
        const int longest = 18;
        List<string> names = [.. experiments.Select(experiment => experiment.Spec.Name)];
        return names.All(name => name.Length is > 0 and <= longest && !ForeignText.HasCommands(name))
            && names.Distinct().Count() == names.Count
            ? names
            : [.. names.Select((_, index) => Letter(index))];
    }

    private static IEnumerable<RuleResults> Of(ExperimentRecord experiment, string? tag)
    {
        var family = PairedFamily.OfTestErrors(experiment, RuleText.Backpropagation).Comparisons.ToDictionary(pair => pair.Group);
        return PairedFamily.RulesOf(experiment).Select(rule => new RuleResults(
            experiment, rule, tag, [.. experiment.Runs.Where(run => run.Rule == rule)], family.GetValueOrDefault(rule)));
    }

    private string Name => ForeignText.Line(Record is { } known ? RuleText.Name(known) : RuleText.Name(Rule));

    private static string Letter(int index) => (index < 26 ? "" : Letter((index / 26) - 1)) + (char)('A' + (index % 26));
}
