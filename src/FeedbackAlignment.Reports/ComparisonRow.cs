using FeedbackAlignment.Experiments.Comparisons;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Reports;

/// <summary>A hidden layer's angle between the rule's error and backpropagation's at the end of training.</summary>
/// <param name="Layer"><c>hidden1</c> …, counted from the input.</param>
/// <param name="Degrees">Over the completed runs in which it is defined; null if in none.</param>
public sealed record LayerAngle(string Layer, Summary? Degrees);

/// <summary>How one rule of one experiment did. All means are over completed runs.</summary>
public sealed record ComparisonRow
{
    /// <summary>The name of the experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>The rule's name, with a short name of the experiment if there are several.</summary>
    public required string Label { get; init; }

    /// <summary>The rule's name inside a sentence.</summary>
    public required string RuleName { get; init; }

    /// <summary>Whether random feedback weights that never change carry the error.</summary>
    public bool HasFixedFeedback { get; init; }

    /// <summary>Whether hidden layers learn.</summary>
    public bool TeachesHiddenLayers { get; init; } = true;

    /// <summary>Whether errors are shares of misclassified examples (else: normalized squared errors).</summary>
    public required bool Classification { get; init; }

    /// <summary>Test errors over seeds; null if no run completed.</summary>
    public Summary? TestError { get; init; }

    /// <summary>Validation errors over seeds; null if no run completed.</summary>
    public Summary? ValidationError { get; init; }

    /// <summary>
    /// Test error minus backpropagation's with the same seed in the same experiment; null for backpropagation, or without a pair.
    /// </summary>
    public Summary? Difference => Paired?.Difference;

    /// <summary>The tests of that difference, in the family of all rules of the experiment; null for backpropagation.</summary>
    public PairedComparison? Paired { get; init; }

    /// <summary>What the validation examples chose, e.g. <c>chose the weights</c>; empty: nothing in this training.</summary>
    public string ValidationUse { get; init; } = "";

    /// <summary>The final angle of each hidden layer, from the input up; empty if none was measured.</summary>
    public IReadOnlyList<LayerAngle> Angles { get; init; } = [];

    /// <summary>Seconds of a run; null if no run completed.</summary>
    public Summary? Seconds { get; init; }

    /// <summary>Runs that came to their end.</summary>
    public int Completed { get; init; }

    /// <summary>Runs whose loss exploded.</summary>
    public int Diverged { get; init; }

    /// <summary>Runs that the user stopped.</summary>
    public int Cancelled { get; init; }

    /// <summary>Runs that the spec asks for and that never began.</summary>
    public int NotStarted { get; init; }

    /// <summary>Test errors by seed.</summary>
    internal IReadOnlyDictionary<ulong, double> Errors { get; init; } = new Dictionary<ulong, double>();

    /// <summary>The same with the runs that have none.</summary>
    internal ResultGroup Results { get; init; } = new("", []);

    /// <summary>Test examples that an error was measured on.</summary>
    internal int TestExamples { get; init; }

    /// <summary>What a constant answer is worth; null if the record does not say.</summary>
    internal BaselineRecord? Baseline { get; init; }

    /// <summary>
    /// By output: the mean over completed runs of R², the share of the training mean's squared error that is gone; null where that error
    /// is 0.
    /// </summary>
    internal IReadOnlyList<Summary?> OutputScores { get; init; } = [];

    /// <summary>The row in words, a cell per heading of <see cref="ComparisonTable.Headings"/>; a cell may have several lines.</summary>
    public IReadOnlyList<string> Cells =>
    [
        Label,
        NumberText.Errors(TestError, Classification),
        Rule == RuleText.Backpropagation ? "the reference" : NumberText.Difference(Difference, Classification),
        NumberText.Error(ValidationError?.Mean, Classification)
            + (ValidationError is null || ValidationUse.Length == 0 ? "" : $"\n{ValidationUse}"),
        Angles.All(angle => angle.Degrees is null) ? NumberText.None
            : string.Join('\n', Angles.Select(angle => $"{LayerOrder.Name(angle.Layer)}: {NumberText.Angle(angle.Degrees)}")),
        NumberText.Seconds(Seconds?.Mean),
        Outcomes.Replace(", ", ",\n", StringComparison.Ordinal),
    ];

    /// <summary>How many runs ended how, e.g. <c>2 completed, 1 diverged</c>.</summary>
    public string Outcomes => string.Join(", ", new[]
    {
        (Completed, "completed"), (Diverged, "diverged"), (Cancelled, "cancelled"), (NotStarted, "not started"),
    }.Where(part => part.Item1 > 0).Select(part => $"{part.Item1} {part.Item2}"));

    internal static ComparisonRow Of(RuleResults results)
    {
        var completed = results.Completed.ToList();
        var layers = results.Runs.SelectMany(run => run.AlignmentAngles.Keys).Distinct().OrderBy(LayerOrder.Of);
        return new ComparisonRow
        {
            Experiment = results.Experiment.Spec.Name,
            Rule = results.Rule,
            Label = results.Label,
            RuleName = results.Record?.Name ?? results.Rule.Replace('-', ' '),
            HasFixedFeedback = results.Record is { } record && RuleText.HasFixedRandomFeedback(record),
            TeachesHiddenLayers = results.Record?.TeachesHiddenLayers ?? true,
            Classification = results.Experiment.Data.Classification,
            TestError = Summary.Of(completed.Select(run => run.TestError)),
            ValidationError = Summary.Of(completed.Select(run => run.ValidationError)),
            Paired = results.Paired,
            Results = ResultGroup.OfTest(results.Rule, results.Runs),
            ValidationUse = UseOfValidation(results.Experiment.Spec.Training),
            Angles = [.. layers.Select(layer => new LayerAngle(layer, Summary.Of(completed.Select(run => FinalAngle(run, layer)))))],
            Seconds = Summary.Of(completed.Select(run => (double?)run.Seconds)),
            Errors = completed.Where(run => run.TestError is { } error && double.IsFinite(error)).DistinctBy(run => run.Seed).ToDictionary(run => run.Seed, run => run.TestError!.Value),
            TestExamples = results.Experiment.Data.Test,
            Baseline = results.Experiment.Data.Baseline,
            OutputScores = Scores(completed, results.Experiment.Data.Baseline),
            Completed = completed.Count,
            Diverged = results.Count(RunStatus.Diverged),
            Cancelled = results.Count(RunStatus.Cancelled),
            NotStarted = results.Experiment.Spec.Seeds.Except(results.Runs.Select(run => run.Seed)).Count(),
        };
    }

    /// <summary>What the validation examples chose, which makes their error flatter: to stand beside it. Empty: nothing.</summary>
    /// <param name="training">The training.</param>
    public static string UseOfValidation(TrainingSpec training)
        => (training.Keep == KeepIds.BestValidation, training.Patience is not null) switch
        {
            (true, true) => "chose weights and stop",
            (true, false) => "chose the weights",
            (false, true) => "chose the stop",
            _ => "",
        };

    private static List<Summary?> Scores(List<RunRecord> completed, BaselineRecord? baseline) =>
    [
        .. (baseline?.OutputErrors ?? []).Select((constant, output) => constant > 0
            ? Summary.Of(completed.Where(run => run.OutputErrors.Count > output).Select(run => (double?)(1 - (run.OutputErrors[output] / constant))))
            : null),
    ];

    private static double? FinalAngle(RunRecord run, string layer) => run.AlignmentAngles.GetValueOrDefault(layer) is [.., var last] ? last.Degrees : null;
}
