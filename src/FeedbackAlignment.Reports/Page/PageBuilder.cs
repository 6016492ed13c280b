using System.Globalization;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Reports.Charts;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports.Page;

/// <summary>Fills the page's model from records.</summary>
internal static class PageBuilder
{
    private static readonly string[] _runHeadings =
        ["Run", "Outcome", "Epochs", "Examples", "Train loss", "Validation error", "Test error", "Weights kept from", "Time"];

    private const int ShownOutputs = 20;

    public static PageModel Build(IReadOnlyList<ExperimentRecord> experiments, string command, string style, string? against)
    {
        var table = ComparisonTable.Of(experiments);
        var rules = RuleResults.Of(experiments);
        var colors = SeriesStyle.Assign(rules).Select(series => series.ColorIndex).ToList();
        var colorOf = rules.Zip(colors).DistinctBy(rule => rule.First.Label).ToDictionary(rule => rule.First.Label, rule => rule.Second);
        var charts = ChartSet.Draw(experiments);
        var tags = RuleResults.ExperimentTags(experiments);
        var present = rules.Select(results => results.Rule).ToHashSet();
        var known = RuleText.Known(experiments).Where(rule => present.Contains(rule.Id)).ToList();
        var hidden = experiments.Select(experiment => NetworkText.Convolutions(experiment.Spec) ?? [false, false]).ToList();
        var deepest = hidden.MaxBy(layers => layers.Count)!;
        var alignment = AlignmentText.Of(table.Rows);
        List<ExperimentModel> models =
        [
            .. experiments.Select((experiment, index) => Experiment(
                experiment,
                experiment.Spec.Name == tags[index] ? tags[index] : $"{tags[index]} · {experiment.Spec.Name}",
                rule => colors[rules.Index().First(other => other.Item.Experiment == experiment && other.Item.Rule == rule.Rule).Index],
                against)),
        ];
        List<DrawingModel> drawings =
        [
            .. RuleText.Known(experiments)
                .Where(rule => rule.Id == RuleText.Backpropagation || (present.Contains(rule.Id) && deepest.Count > 0))
                .Select(rule => new DrawingModel(
                    RuleText.Name(rule),
                    deepest.Count > 0 ? rule.Summary : "Without a hidden layer, the output layer learns from its own error.",
                    ErrorPathDrawing.Of(rule, colorOf.GetValueOrDefault(Label(rules, rule.Id)), deepest))),
        ];
        return new PageModel
        {
            Title = experiments.Count == 1 ? experiments[0].Spec.Name : $"{experiments.Count} experiments side by side",
            Style = style,
            Experiments = models,
            Several = experiments.Count > 1,
            Drawings = drawings,
            HasManyDrawings = drawings.Count >= RuleText.Many,
            HasHiddenLayers = hidden.Min(layers => layers.Count) > 0,
            HasExamples = models.Any(model => model.Examples.Count > 0),
            HasKernels = models.Any(model => model.Kernels is not null),
            HasNumberedClasses = experiments.Any(experiment => experiment.Examples.Count > 0 && experiment.Data.ClassNames is null),
            HasTests = models.Any(model => model.Tests is not null),
            HasScores = models.Any(model => model.Scores is not null),
            ShowsRandomFeedback = known.Any(RuleText.HasFixedRandomFeedback),
            ShowsDirect = known.Any(rule => rule.Route == RuleRoute.Direct),
            ShowsShallow = known.Any(rule => !rule.TeachesHiddenLayers),
            Papers = [.. known.Select(rule => new FactModel(RuleText.Name(rule), rule.Paper))],
            IsSorted = table.IsSorted,
            Headings = ComparisonTable.Headings,
            Rows = [.. table.Rows.Select(row => Row(row.Cells, colorOf[row.Label], ComparisonTable.Headings))],
            ErrorMeaning = ErrorMeaning(experiments),
            Learning = charts.Learning,
            Alignment = charts.Alignment,
            AlignmentTitle = alignment.Title,
            AlignmentFinding = alignment.Finding,
            HasLogarithmicAxis = charts.Alignment.Any(group => group.Charts.Any(chart => chart.Svg.Contains(Scales.LogarithmicExamples, StringComparison.Ordinal))),
            Instruments = charts.Instruments,
            Troubles = [.. rules.SelectMany(results => results.Runs.Where(run => !run.Status.IsEnd()).Select(run => Trouble(results, run)))],
            RunHeadings = _runHeadings,
            Runs = [.. rules.Zip(colors).SelectMany(rule => rule.First.Runs.Select(run => Row(RunCells(rule.First, run), rule.Second, _runHeadings)))],
            Command = command,
        };
    }

    private static ExperimentModel Experiment(ExperimentRecord experiment, string name, Func<RuleResults, int> colorOf, string? against)
    {
        var spec = experiment.Spec;
        var data = experiment.Data;
        var kind = spec.Network.Spiking is { } spiking
            ? $"Spiking network, {NumberText.Count(spiking.Steps)} time steps for each example," : "Network";
        var setting = $"{kind} {NetworkText.Of(spec.Network)}, {spec.Loss!.Replace('-', ' ')}, {spec.Optimizer.Kind}"
            + $"{(spec.Optimizer.LearningRate is { } rate ? $" with learning rate {NumberText.AsGiven(rate)}" : "")}, {(spec.Optimizer.Momentum > 0 ? $"momentum {NumberText.Format(spec.Optimizer.Momentum, "0.######")}, " : "")}batches of {NumberText.Count(spec.Training.BatchSize)}. Data: {data.Description}; {Sentence.Count(data.Train, "training example")}, "
            + $"{Sentence.Count(data.Validation, "validation example")} and {Sentence.Count(data.Test, "test example")} of {Sentence.Count(data.Inputs, "number")} each; {Sentence.Count(data.Outputs, "output")}.";
        var table = ComparisonTable.Of([experiment]);
        return new ExperimentModel(name, table.Headline, table.Notes, setting, ExampleTable.Of(experiment),
            KernelTable.Of(experiment, colorOf), Scores(table.Rows, data.TargetNames), Tests(experiment, colorOf, against),
            EnvironmentFacts.Of(experiment.Environment), SpecWriter.Write(spec));
    }

    private static TestModel? Tests(ExperimentRecord experiment, Func<RuleResults, int> colorOf, string? against)
    {
        if (TestTable.Of(experiment, against) is not { } tests)
        {
            return null;
        }

        var rules = RuleResults.Of([experiment]).ToDictionary(rule => rule.Rule);
        return new TestModel(
            $"Each rule against {rules[tests.Reference].Label}, paired by seed: {tests.Family}.",
            TestTable.Headings,
            [.. tests.Rows.Select(row => Row(Cells(row), colorOf(rules[row.Name]), TestTable.Headings))],
            tests.Notes, tests.HasAnswers);

        IReadOnlyList<string> Cells(TestRow row) =>
        [
            rules[row.Name].Label,
            row.Difference,
            row.EffectSize,
            row.T,
            row.Wilcoxon,
            row.Finding,
            row.Answers.Length > 0 ? row.Answers.Replace("/", " of ", StringComparison.Ordinal) : NumberText.None,
        ];
    }

    /// <summary>R² by output and rule; null for classification, and where the records do not have it.</summary>
    private static ScoreModel? Scores(IReadOnlyList<ComparisonRow> rows, IReadOnlyList<string>? names)
    {
        List<ComparisonRow> scored = [.. rows.Where(row => row.OutputScores.Any(score => score is not null))];
        if (scored.Count == 0)
        {
            return null;
        }

        List<string> headings = ["Output", .. scored.Select(row => row.Label)];
        return new ScoreModel(headings,
        [
            .. Enumerable.Range(0, Math.Min(ShownOutputs, scored[0].OutputScores.Count)).Select(output => Row(
                [OutputName(names, output),
                    .. scored.Select(row => row.OutputScores[output] is { } score ? NumberText.Format(score.Mean, "0.000")
                        : NumberText.None)], 0, headings)),
        ]);
    }

    private static string OutputName(IReadOnlyList<string>? names, int output)
        => names?.ElementAtOrDefault(output) is { } name ? ForeignText.Name(name) : $"Output {NumberText.Count(output + 1)}";

    private static RowModel Row(IReadOnlyList<string> cells, int color, IReadOnlyList<string> headings) =>
        new(cells[0], color, [.. cells.Zip(headings, (text, heading) => new CellModel(heading, text)).Skip(1)]);

    /// <summary>The label of a rule on the page; the first experiment's, if there are several.</summary>
    private static string Label(IReadOnlyList<RuleResults> rules, string rule) => rules.FirstOrDefault(results => results.Rule == rule)?.Label ?? "";

    private static string[] RunCells(RuleResults results, RunRecord run)
    {
        var classification = results.Experiment.Data.Classification;
        return
        [
            $"{results.Label}, seed {run.Seed.ToString(CultureInfo.InvariantCulture)}",
            run.Status.InWords(),
            NumberText.Format(run.Epochs, "0.##"),
            NumberText.Count(run.Examples),
            NumberText.Loss(run.TrainLoss),
            NumberText.Error(run.ValidationError, classification),
            NumberText.Error(run.TestError, classification),
            $"{NumberText.Count(run.KeptAtExamples)} examples",
            NumberText.Seconds(run.Seconds),
        ];
    }

    private static string Trouble(RuleResults results, RunRecord run) =>
        $"{results.Label}, seed {run.Seed.ToString(CultureInfo.InvariantCulture)}: {run.Status.InWords()} after {NumberText.Count(run.Examples)} examples"
        + (string.IsNullOrWhiteSpace(run.Reason) ? "." : $" — {run.Reason}");

    private static string ErrorMeaning(IReadOnlyList<ExperimentRecord> experiments)
    {
        const string share = "Errors are the share of examples put into the wrong class.";
        const string square = "Errors are normalized squared errors, Σ‖e‖² ∕ Σ‖y*‖²: 0 is perfect, and answering zero to everything gives 1.";
        return string.Join(' ', experiments.Select(experiment => experiment.Data.Classification).Distinct().Select(classification => classification ? share : square));
    }
}
