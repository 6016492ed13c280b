using System.Globalization;
using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>How often examples of each class were taken for each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;
    private readonly int[] _undecided;

    /// <summary>Counts answers.</summary>
    /// <param name="labels">The true class of each example, 0 … <paramref name="classes"/> − 1.</param>
    /// <param name="predicted">The class that each was taken for; −1: no class was chosen.</param>
    /// <param name="classes">Number of classes, ≥ 1.</param>
    /// <exception cref="ArgumentException">There are no examples, their numbers differ, or a class is out of range.</exception>
    public ConfusionMatrix(IReadOnlyList<int> labels, IReadOnlyList<int> predicted, int classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (labels.Count == 0 || labels.Count != predicted.Count)
        {
            throw new ArgumentException($"there are {labels.Count} labels and {predicted.Count} answers: both need one per example, at least one", nameof(predicted));
        }

        (_counts, _undecided, Count) = (new int[classes, classes], new int[classes], labels.Count);
        for (var example = 0; example < labels.Count; example++)
        {
            var (label, answer) = (labels[example], predicted[example]);
            if ((uint)label >= (uint)classes || answer < -1 || answer >= classes)
            {
                throw new ArgumentException($"example {example} is of class {label} and was taken for {answer}: both must be 0 … {classes - 1} (or -1 for no answer)", nameof(predicted));
            }

            if (answer < 0)
            {
                _undecided[label]++;
            }
            else
            {
                _counts[label, answer]++;
            }
        }
    }

    /// <summary>Number of classes.</summary>
    public int Classes => _undecided.Length;

    /// <summary>Number of examples.</summary>
    public int Count { get; }

    /// <summary>How many examples of a class were taken for another, or for itself.</summary>
    /// <param name="actual">The true class, from 0.</param>
    /// <param name="predicted">The class that they were taken for, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public int this[int actual, int predicted] => _counts[Known(actual), Known(predicted)];

    /// <summary>Share of examples that were taken for what they are: 1 − the error of <see cref="Evaluation"/>.</summary>
    public double Accuracy => (double)Enumerable.Range(0, Classes).Sum(label => _counts[label, label]) / Count;

    /// <summary>The mean over the classes of the share that was taken for something else. Classes without examples do not count.</summary>
    public double BalancedError => Enumerable.Range(0, Classes).Where(label => Examples(label) > 0).Average(label => 1 - Recall(label)!.Value);

    /// <summary>How many examples a class has.</summary>
    /// <param name="label">The class, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public int Examples(int label) => Enumerable.Range(0, Classes).Sum(answer => this[label, answer]) + _undecided[label];

    /// <summary>How many examples of a class were taken for no class: the greatest output was there twice, or was not a number.</summary>
    /// <param name="label">The class, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public int Undecided(int label) => _undecided[Known(label)];

    /// <summary>Of the examples that were taken for a class, the share that are of it; null where none was.</summary>
    /// <param name="label">The class, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double? Precision(int label) => Share(this[label, label], Enumerable.Range(0, Classes).Sum(actual => this[actual, label]));

    /// <summary>Of the examples of a class, the share that were taken for it; null where it has none.</summary>
    /// <param name="label">The class, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double? Recall(int label) => Share(this[label, label], Examples(label));

    /// <summary>
    /// Asks a network. A tie for the greatest output is no answer, as in <see cref="Evaluator"/>: errors agree to the bit.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="examples">Examples with classes, of the network's widths.</param>
    /// <exception cref="ArgumentException">The examples have no classes or do not fit the network.</exception>
    public static ConfusionMatrix Evaluate(Network network, DataSet examples)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.Labels is not { } labels)
        {
            throw new ArgumentException("the examples have numbers as targets, not classes", nameof(examples));
        }

        examples.Targets.RequireShape(examples.Count, network.Outputs, nameof(examples));
        var answers = network.Predict(examples.Inputs);
        return new ConfusionMatrix(labels, [.. Enumerable.Range(0, examples.Count).Select(example => Decided(answers.Row(example)))], network.Outputs);
    }

    /// <summary>The counts as a table of text: a row for each true class, a column for each answer.</summary>
    /// <param name="classNames">One name per class; null: their numbers.</param>
    /// <exception cref="ArgumentException">The number of names is another one.</exception>
    public string ToString(IReadOnlyList<string>? classNames)
    {
        if (classNames is not null && classNames.Count != Classes)
        {
            throw new ArgumentException($"there are {classNames.Count} names for {Classes} classes", nameof(classNames));
        }

        var names = classNames ?? [.. Enumerable.Range(0, Classes).Select(Text)];
        var hasUndecided = _undecided.Any(count => count > 0);
        List<string[]> rows = [["true \\ answer", .. names, .. hasUndecided ? ["none"] : Array.Empty<string>(), "recall"]];
        rows.AddRange(Enumerable.Range(0, Classes).Select(label => (string[])
        [
            names[label],
            .. Enumerable.Range(0, Classes).Select(answer => Text(_counts[label, answer])),
            .. hasUndecided ? [Text(_undecided[label])] : Array.Empty<string>(),
            Percent(Recall(label)),
        ]));
        rows.Add(["precision", .. Enumerable.Range(0, Classes).Select(label => Percent(Precision(label))), .. hasUndecided ? [""] : Array.Empty<string>(), Percent(Accuracy)]);
        return Table(rows);
    }

    /// <inheritdoc cref="ToString(IReadOnlyList{string})"/>
    public override string ToString() => ToString(classNames: null);

    private static int Decided(ReadOnlySpan<float> answer)
    {
        var (best, ties) = (0, 0);
        for (var i = 0; i < answer.Length; i++)
        {
            if (float.IsNaN(answer[i]))
            {
                return -1;
            }

            if (answer[i] > answer[best])
            {
                (best, ties) = (i, 0);
            }
            else if (i != best && answer[i] == answer[best])
            {
                ties++;
            }
        }

        return ties == 0 ? best : -1;
    }

    private static string Table(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd());
        }

        return text.ToString().ReplaceLineEndings("\n").TrimEnd();
    }

    private static double? Share(int part, int whole) => whole == 0 ? null : (double)part / whole;

    private static string Percent(double? share) => share is { } known ? known.ToString("0.0 %", CultureInfo.InvariantCulture) : "–";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private int Known(int label) => Indices.Require(label, Classes, "classes");
}
