using FeedbackAlignment.Experiments.Comparisons;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Archive;

/// <summary>In what two experiments, or two runs, differ.</summary>
/// <param name="Settings">Settings that differ.</param>
/// <param name="Surroundings">What differs in program, machine and data, as settings.</param>
/// <param name="Results">Runs that both have, or the one run of each.</param>
/// <param name="OnlyFirst">Runs, as RULE-SEED, that only the first has.</param>
/// <param name="OnlySecond">Runs that only the second has.</param>
/// <param name="Comparisons">
/// The test errors of the second against those of the first, paired by seed, for each rule that both have; null where the data differ, so
/// that the errors are of other examples.
/// </param>
public sealed record ExperimentDifference(
    IReadOnlyList<SpecDifference> Settings,
    IReadOnlyList<SpecDifference> Surroundings,
    IReadOnlyList<RunDifference> Results,
    IReadOnlyList<string> OnlyFirst,
    IReadOnlyList<string> OnlySecond,
    PairedFamily? Comparisons)
{
    /// <summary>Compares two experiments. Where each has one run, these are compared, whatever their rules and seeds.</summary>
    /// <param name="first">An experiment.</param>
    /// <param name="second">Another one.</param>
    public static ExperimentDifference Between(ExperimentRecord first, ExperimentRecord second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var alone = first.Runs.Count == 1 && second.Runs.Count == 1;
        string Key(RunRecord run) => alone ? "" : $"{run.Rule}-{run.Seed}";
        return new(
            SpecDifference.Between(first.Spec, second.Spec),
            SpecDifference.Between(
                new
                {
                    first.Environment.Version,
                    first.Environment.Runtime,
                    first.Environment.System,
                    first.Environment.VectorBits,
                    first.Environment.Arithmetic,
                    Data = first.Data
                },
                new
                {
                    second.Environment.Version,
                    second.Environment.Runtime,
                    second.Environment.System,
                    second.Environment.VectorBits,
                    second.Environment.Arithmetic,
                    Data = second.Data
                }),
            [.. first.Runs.Join(second.Runs, Key, Key, (one, other) => new RunDifference(one, other, first.Data.Classification && second.Data.Classification))],
            [.. first.Runs.Select(Key).Except(second.Runs.Select(Key))],
            [.. second.Runs.Select(Key).Except(first.Runs.Select(Key))],
            SpecDifference.Between(first.Data, second.Data).Count > 0 ? null : Compare(first, second, alone));
    }

    private static PairedFamily Compare(ExperimentRecord first, ExperimentRecord second, bool alone)
    {
        const string reference = "the first";
        IEnumerable<(string Before, string After)> rules = alone ? [(first.Runs[0].Rule, second.Runs[0].Rule)]
            : PairedFamily.RulesOf(first).Intersect(PairedFamily.RulesOf(second)).Select(rule => (rule, rule));
        return PairedFamily.Of(
        [
            .. rules.Select(rule => (
                ResultGroup.OfTest(rule.After, second.Runs), ResultGroup.OfTest(rule.Before, first.Runs) with { Name = reference })),
        ]);
    }
}

/// <summary>Two runs beside each other.</summary>
/// <param name="First">A run.</param>
/// <param name="Second">Another one.</param>
/// <param name="Classification">Whether errors are shares of misclassified examples (else: normalized squared errors).</param>
public sealed record RunDifference(RunRecord First, RunRecord Second, bool Classification)
{
    /// <summary>Whether curve and errors are the same to the last bit, whatever the seconds.</summary>
    public bool SameResults => First.TestError == Second.TestError && First.ValidationError == Second.ValidationError && First.Curve.SequenceEqual(Second.Curve);
}
