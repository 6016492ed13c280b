using System.Globalization;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Reports.Charts;

namespace FeedbackAlignment.Reports.Page;

/// <summary>Fills the page's model from records.</summary>
internal static class PageBuilder
{
    private static readonly string[] _runHeadings =
        ["Run", "Outcome", "Epochs", "Examples", "Train loss", "Validation error", "Test error", "Weights kept from", "Time"];

    public static PageModel Build(IReadOnlyList<ExperimentRecord> experiments, string command, string style)
    {
        var table = ComparisonTable.Of(experiments);
        var rules = RuleResults.Of(experiments);
        var colors = SeriesStyle.Assign(rules).Select(series => series.ColorIndex).ToList();
        var colorOf = rules.Zip(colors).DistinctBy(rule => rule.First.Label).ToDictionary(rule => rule.First.Label, rule => rule.Second);
        var charts = ChartSet.Draw(experiments);
        var tags = RuleResults.ExperimentTags(experiments);
        var present = rules.Select(results => results.Rule).ToHashSet();
        var known = RuleText.Known(experiments).Where(rule => present.Contains(rule.Id)).ToList();
        List<DrawingModel> drawings =
        [
            .. RuleText.Known(experiments).Where(rule => rule.Id == RuleText.Backpropagation || present.Contains(rule.Id))
                .Select(rule => new DrawingModel(RuleText.Name(rule), rule.Summary, ErrorPathDrawing.Of(rule, colorOf.GetValueOrDefault(Label(rules, rule.Id))))),
        ];
        return new PageModel
        {
            Title = experiments.Count == 1 ? experiments[0].Spec.Name : $"{experiments.Count} experiments side by side",
            Style = style,
            Experiments = [.. experiments.Select((experiment, index) => Experiment(experiment, experiment.Spec.Name == tags[index] ? tags[index] : $"{tags[index]} · {experiment.Spec.Name}"))],
            Several = experiments.Count > 1,
            Drawings = drawings,
            HasManyDrawings = drawings.Count >= RuleText.Many,
            ShowsRandomFeedback = known.Any(rule => rule.HasFixedFeedback),
            ShowsDirect = known.Any(rule => rule.Route == RuleRoute.Direct),
            ShowsShallow = known.Any(rule => !rule.TeachesHiddenLayers),
            Papers = [.. known.Select(rule => new FactModel(RuleText.Name(rule), rule.Paper))],
            IsSorted = table.IsSorted,
            Headings = ComparisonTable.Headings,
            Rows = [.. table.Rows.Select(row => Row(row.Cells, colorOf[row.Label], ComparisonTable.Headings))],
            ErrorMeaning = ErrorMeaning(experiments),
            Learning = charts.Learning,
            Alignment = charts.Alignment,
            Instruments = charts.Instruments,
            Troubles = [.. rules.SelectMany(results => results.Runs.Where(run => !run.Status.IsEnd()).Select(run => Trouble(results, run)))],
            RunHeadings = _runHeadings,
            Runs = [.. rules.Zip(colors).SelectMany(rule => rule.First.Runs.Select(run => Row(RunCells(rule.First, run), rule.Second, _runHeadings)))],
            Command = command,
        };
    }

    private static ExperimentModel Experiment(ExperimentRecord experiment, string name)
    {
        var spec = experiment.Spec;
        var data = experiment.Data;
        var setting = $"{(spec.Network.Spiking is { } spiking ? $"Spiking network, {NumberText.Count(spiking.Steps)} time steps for each example," : "Network")} {spec.Network.Layers} ({spec.Network.Activation}), {spec.Loss!.Replace('-', ' ')}, {spec.Optimizer.Kind} with learning rate "
            + $"{NumberText.Format(spec.Optimizer.LearningRate ?? double.NaN, "0.######")}, {(spec.Optimizer.Momentum > 0 ? $"momentum {NumberText.Format(spec.Optimizer.Momentum, "0.######")}, " : "")}batches of {NumberText.Count(spec.Training.BatchSize)}. Data: {data.Description}; {NumberText.Count(data.Train)} training, "
            + $"{NumberText.Count(data.Validation)} validation and {NumberText.Count(data.Test)} test examples of {NumberText.Count(data.Inputs)} numbers each, {NumberText.Count(data.Outputs)} outputs.";
        return new ExperimentModel(name, ComparisonTable.Of([experiment]).Headline, setting, EnvironmentFacts.Of(experiment.Environment), SpecWriter.Write(spec));
    }

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
            Outcome(run),
            NumberText.Format(run.Epochs, "0.##"),
            NumberText.Count(run.Examples),
            NumberText.Loss(run.TrainLoss),
            NumberText.Error(run.ValidationError, classification),
            NumberText.Error(run.TestError, classification),
            $"{NumberText.Count(run.KeptAtExamples)} examples",
            NumberText.Seconds(run.Seconds),
        ];
    }

    private static string Outcome(RunRecord run) => run.Status switch
    {
        RunStatus.Completed => "completed",
        RunStatus.Diverged => "diverged",
        RunStatus.StoppedEarly => "stopped early",
        _ => "cancelled",
    };

    private static string Trouble(RuleResults results, RunRecord run) =>
        $"{results.Label}, seed {run.Seed.ToString(CultureInfo.InvariantCulture)}: {Outcome(run)} after {NumberText.Count(run.Examples)} examples"
        + (string.IsNullOrWhiteSpace(run.Reason) ? "." : $" — {run.Reason}");

    private static string ErrorMeaning(IReadOnlyList<ExperimentRecord> experiments)
    {
        const string share = "Errors are the share of examples put into the wrong class.";
        const string square = "Errors are normalized squared errors, Σ‖e‖² ∕ Σ‖y*‖²: 0 is perfect, 1 is what answering zero to everything would score.";
        return string.Join(' ', experiments.Select(experiment => experiment.Data.Classification).Distinct().Select(classification => classification ? share : square));
    }
}
