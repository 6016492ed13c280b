using System.Globalization;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;
using nietras.SeparatedValues;

namespace FeedbackAlignment.Experiments.Predictions;

/// <summary>
/// What a trained network answers, as a table: a class and a probability for each class, or numbers in the units of the training file.
/// </summary>
public static class Answers
{
    /// <summary>The name of the column with the answer.</summary>
    public const string Prediction = "prediction";

    /// <summary>Asks the network and writes a line for each row of the question, in its order, below a header.</summary>
    /// <param name="question">The examples.</param>
    /// <param name="network">The network.</param>
    /// <param name="loss">What it was trained on: says whether its outputs are probabilities.</param>
    /// <param name="schema">How its data were understood; null: nobody knows, and its outputs are numbers.</param>
    /// <param name="text">Receives the table.</param>
    public static void Write(Question question, Network network, Loss loss, DataSchema? schema, TextWriter text)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(text);
        var answers = question.Inputs.Rows > 0 ? network.Predict(question.Inputs) : new Matrix(1, network.Outputs);
        loss.Interpret(answers);
        var classes = schema?.Classes;
        if (classes is null && schema?.Targets is { } targets)
        {
            answers = targets.ToStandardizer().Invert(answers);
        }

        var (separator, point) = (Separator(schema), schema?.DecimalSeparator ?? '.');
        using var writer = new Sep(separator).Writer(options => options with { Escape = true, WriteHeader = true }).To(text, leaveOpen: true);
        var headings = Headings(question, network, loss, classes, schema);
        var next = 0;
        for (var row = 0; row < question.Rows; row++)
        {
            using var line = writer.NewRow();
            foreach (var (place, name) in question.CarriedNames.Index())
            {
                line[headings[place]].Set(SpreadsheetCell.Of(question.Carried[place][row]));
            }

            var isRead = next < question.Read.Count && question.Read[next] == row;
            string[] values = isRead ? Values(answers.Row(next++), classes, point) : [.. headings.Skip(question.CarriedNames.Count).Select(_ => "")];
            foreach (var (place, value) in values.Index())
            {
                line[headings[question.CarriedNames.Count + place]].Set(value);
            }
        }
    }

    /// <summary>That of the training file, unless it controls a terminal.</summary>
    private static char Separator(DataSchema? schema)
        => schema?.Separator is { } own && (own == '\t' || !ForeignText.IsControl(own)) ? own : ',';

    private static string[] Values(Span<float> answer, IReadOnlyList<string>? classes, char point)
    {
        string[] numbers = new string[answer.Length];
        for (var output = 0; output < numbers.Length; output++)
        {
            numbers[output] = answer[output].ToString("R", CultureInfo.InvariantCulture).Replace('.', point);
        }

        return classes is null ? numbers : [Greatest(answer) is { } best ? SpreadsheetCell.OfName(classes[best]) : "", .. numbers];
    }

    /// <summary>The greatest output; null where it is there twice or is not a number, so that no class is chosen.</summary>
    private static int? Greatest(Span<float> answer)
    {
        var best = 0;
        for (var output = 1; output < answer.Length; output++)
        {
            best = answer[output] > answer[best] ? output : best;
        }

        return answer.Count(answer[best]) == 1 && !answer.ContainsAnyExceptInRange(float.NegativeInfinity, float.PositiveInfinity) ? best : null;
    }

    /// <summary>The names of all columns, each once: what is carried over keeps its name.</summary>
    private static string[] Headings(Question question, Network network, Loss loss, IReadOnlyList<string>? classes, DataSchema? schema)
    {
        IEnumerable<string> ours = classes is not null
            ? [Prediction, .. classes.Select(name => loss.HasProbabilities ? $"p({name})" : $"output({name})")]
            : network.Outputs == 1 ? [Prediction]
            : schema?.TargetNames is { Count: > 0 } names ? names.Select(name => $"{Prediction}({name})")
            : Enumerable.Range(1, network.Outputs).Select(output => $"output{output}");
        List<string> headings = [];
        foreach (var name in question.CarriedNames.Concat(ours))
        {
            var free = SpreadsheetCell.OfName(name);
            while (headings.Contains(free))
            {
                free += "'";
            }

            headings.Add(free);
        }

        return [.. headings];
    }
}
