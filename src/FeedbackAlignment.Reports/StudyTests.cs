using FeedbackAlignment.Experiments.Comparisons;

namespace FeedbackAlignment.Reports;

/// <summary>The paired tests of a study: within each setting, every rule against one of them; all of them are one family.</summary>
internal static class StudyTests
{
    /// <summary>The tests; null if no setting has two rules.</summary>
    public static TestTable? Of(StudyOutcome study, StudyGroups groups)
    {
        var pairs = study.Runs.Select(run => run.Cell).Distinct().SelectMany(cell => Of(cell, groups)).ToList();
        return pairs.Count == 0 ? null : TestTable.Of(PairedFamily.Of(pairs), [], study.Data.Classification);

        IEnumerable<(ResultGroup, ResultGroup)> Of(int cell, StudyGroups groups)
        {
            List<StudyGroup> rules = [.. groups.Single.Where(group => group.Runs[0].Cell == cell)];
            var reference = rules.Find(group => group.Rule == RuleText.Backpropagation) ?? rules[0];
            foreach (var group in rules.Where(group => group != reference && IsFirst(group, reference, groups)))
            {
                yield return (group.Results(Name(group, groups)), reference.Results(Name(reference, groups)));
            }
        }
    }

    /// <summary>Of settings that change nothing for either rule, one comparison is made.</summary>
    private static bool IsFirst(StudyGroup group, StudyGroup reference, StudyGroups groups)
        => !groups.Single.TakeWhile(other => other != group).Any(other => other.Rule == group.Rule && Runs(other) == Runs(group)
            && groups.Single.Any(same => same.Runs[0].Cell == other.Runs[0].Cell && same.Rule == reference.Rule
                && Runs(same) == Runs(reference)));

    private static string Runs(StudyGroup group) => string.Join(',', group.Runs.Select(run => run.Name));

    private static string Name(StudyGroup group, StudyGroups groups) => $"{group.Rule} ({groups.InWords(group)})";
}
