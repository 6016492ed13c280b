using System.Globalization;
using FeedbackAlignment.Experiments.Predictions;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Texts;
using FeedbackAlignment.Training;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>How a network did: error, baseline, and class by class or output by output.</summary>
internal static class TrialSheet
{
    /// <summary>More classes than these do not fit side by side.</summary>
    private const int MostSideBySide = 12, MostConfusions = 10;

    /// <summary>Writes it.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="name">What the examples are called.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="trial">How the network did.</param>
    /// <param name="classes">Names of the classes; null: their numbers.</param>
    /// <param name="targets">Names of the targets; empty: their numbers.</param>
    /// <param name="loss">The name of the loss.</param>
    public static void Write(IAnsiConsole screen, string name, int count, Trial trial, IReadOnlyList<string>? classes, IReadOnlyList<string> targets, string loss)
    {
        screen.WritePlain($"{name,-10}  error {NumberText.Error(trial.Evaluation.Error, trial.Confusion is not null)} of {count} examples, {loss} {NumberText.Loss(trial.Evaluation.Loss)}");
        if (trial.Confusion is { } confusion)
        {
            string[] names = [.. Enumerable.Range(0, confusion.Classes)
                .Select(index => ForeignText.Name(classes?[index] ?? index.ToString(CultureInfo.InvariantCulture)))];
            screen.WritePlain($"            balanced error {NumberText.Error(confusion.BalancedError, true)} (the mean over the classes)"
                + (trial.Baseline is { } baseline
                    ? $"; always answering {names[trial.BaselineClass!.Value]}, the most frequent training class: "
                        + NumberText.Error(baseline, true)
                    : ""));
            screen.WritePlain();
            Classes(screen, confusion, names);
        }
        else if (trial.Quality is { } quality)
        {
            screen.WritePlain();
            Outputs(screen, quality, targets);
        }

        screen.WritePlain();
    }

    private static void Classes(IAnsiConsole screen, ConfusionMatrix confusion, string[] names)
    {
        if (confusion.Classes <= MostSideBySide)
        {
            foreach (var line in confusion.ToString(names).Split('\n'))
            {
                screen.WritePlain(line);
            }

            return;
        }

        var table = ColumnTable.Create("class", "examples", "precision", "recall");
        for (var index = 0; index < names.Length; index++)
        {
            table.AddRow(ForeignMarkup.Cell(names[index]), NumberText.Count(confusion.Examples(index)), Share(confusion.Precision(index)),
                Share(confusion.Recall(index)));
        }

        screen.Write(table);
        var confusions = from actual in Enumerable.Range(0, names.Length)
                         from answer in Enumerable.Range(0, names.Length)
                         where actual != answer && confusion[actual, answer] > 0
                         orderby confusion[actual, answer] descending
                         select $"{names[actual]} taken for {names[answer]}: {confusion[actual, answer]}";
        foreach (var line in confusions.Take(MostConfusions))
        {
            screen.WritePlain(line);
        }
    }

    private static void Outputs(IAnsiConsole screen, RegressionSummary quality, IReadOnlyList<string> targets)
    {
        screen.WritePlain(
            "rms error: root of the mean squared error, in the target's units; relative error: squared error divided by that of always "
            + "answering the training mean");
        var table = ColumnTable.Create("target", "rms error", "R²", "relative error");
        foreach (var (index, output) in quality.Outputs.Index())
        {
            table.AddRow(
                ForeignMarkup.NameCell(targets.ElementAtOrDefault(index) ?? $"{index + 1}"),
                NumberText.Significant(Math.Sqrt(output.MeanSquaredError)),
                output.RSquared is { } share ? NumberText.Format(share, "0.0000") : NumberText.None,
                output.RelativeError is { } error ? NumberText.Significant(error) : NumberText.None);
        }

        screen.Write(table);
    }

    private static string Share(double? share) => share is { } known ? NumberText.Format(100 * known, "0.0") + " %" : NumberText.None;
}
