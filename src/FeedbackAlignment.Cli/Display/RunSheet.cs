using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>A run, or the runs of an experiment, on one screen.</summary>
internal static class RunSheet
{
    /// <summary>Eight heights of a bar, for a curve in a line of text.</summary>
    private const string Bars = "▁▂▃▄▅▆▇█";

    private const int MostBars = 40;

    public static void Write(IAnsiConsole screen, ExperimentRecord record, string path)
    {
        var spec = record.Spec;
        screen.WriteLine(ForeignText.Line(spec.Name), new Style(decoration: Decoration.Bold));
        Line(screen, "folder", path);
        Line(screen, "began",
            $"{record.Environment.Started.ToLocalTime():yyyy-MM-dd HH:mm} with version {record.Environment.Version}, {record.Environment.System}, {record.Environment.VectorBits}-bit vectors{record.Environment.ArithmeticRemark}");
        Line(screen, "data",
            $"{record.Data.Description}: {NumberText.Count(record.Data.Train)} training, {NumberText.Count(record.Data.Validation)} "
            + $"validation, {NumberText.Count(record.Data.Test)} test examples");
        Line(screen, "network", $"{spec.Network.InWords()}, loss {spec.Loss}");
        foreach (var setting in SpecDifference.Between(new ExperimentSpec(), spec).Where(setting => !Shown(setting.Path)))
        {
            Line(screen, "setting", $"{setting.Path} = {setting.Second ?? "left out"}");
        }

        screen.WritePlain();
        if (record.Runs is [var only])
        {
            Write(screen, only, record.Data.Classification, spec.Training);
        }
        else
        {
            ResultTable.Write(screen, [record]);
        }

        Line(screen, "again", ArchivedExperiment.Again(path, spec));
    }

    private static void Write(IAnsiConsole screen, RunRecord run, bool classification, TrainingSpec training)
    {
        Line(screen, "rule", $"{run.Rule}, seed {run.Seed}");
        Line(screen, "state", $"{run.Status.InWords()}{(run.Reason is null ? "" : $": {run.Reason}")}, after {NumberText.Count(run.Examples)} examples ({NumberText.AsGiven(Math.Round(run.Epochs, 2))} epochs) in {NumberText.Duration(run.Seconds)}");
        Line(screen, "errors",
            $"test {NumberText.Error(run.TestError, classification)}, validation {NumberText.Error(run.ValidationError, classification)}"
            + $"{(ComparisonRow.UseOfValidation(training) is { Length: > 0 } use ? $" (which {use})" : "")}, of the weights after "
            + $"{NumberText.Count(run.KeptAtExamples)} examples");
        if (run.Curve.Count > 1)
        {
            Line(screen, "curve", $"{Sparkline([.. run.Curve.Select(point => point.ValidationError)])}  validation error {NumberText.Error(run.Curve[0].ValidationError, classification)} → {NumberText.Error(run.Curve[^1].ValidationError, classification)}");
        }

        foreach (var (layer, angles) in run.AlignmentAngles)
        {
            Line(screen, "angle", $"{Sparkline([.. angles.Select(angle => angle.Degrees)])}  {layer} {Degrees(angles[0])} → {Degrees(angles[^1])} against backpropagation's error");
        }
    }

    /// <summary>A curve as bars between its least and its greatest value; a gap where there is no number.</summary>
    internal static string Sparkline(IReadOnlyList<double?> values)
    {
        double?[] shown = [.. Enumerable.Range(0, Math.Min(values.Count, MostBars)).Select(bar => values[(int)((long)bar * (values.Count - 1) / Math.Max(1, Math.Min(values.Count, MostBars) - 1))])];
        var (least, greatest) = (shown.Min(), shown.Max());
        return string.Concat(shown.Select(value => value is not { } number ? ' ' : Bars[greatest > least ? (int)Math.Min(Bars.Length - 1, (number - least.Value) / (greatest.Value - least.Value) * Bars.Length) : 0]));
    }

    private static string Degrees(AngleRecord angle) => angle.Degrees is { } degrees ? $"{NumberText.Format(degrees, "0.0")}°" : NumberText.None;

    /// <summary>What the other lines show, or what the run's own completion filled in.</summary>
    private static bool Shown(string path)
        => path is "name" or "rules" or "seeds" or "loss" or "network.layers" or "network.activation" or "data.train" or "data.validation" or "data.test" or "training.evaluateEvery" or "training.measureEvery" or "training.measureExamples";

    private static void Line(IAnsiConsole screen, string name, string text) => screen.WritePlain($"{name,-9} {text}");
}
