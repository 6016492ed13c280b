using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// What a trained network answers on the test examples, for the report. It is asked after the test error is known, and chooses nothing.
/// </summary>
internal static class TestAnswers
{
    /// <summary>How many misread examples a run records, and a report shows.</summary>
    public const int Shown = 10;

    private const int Portion = 256, ShownInputs = 12;

    /// <summary>
    /// Every test example: the first ones that the network misreads, in the order of the test examples, and for each whether it does.
    /// </summary>
    /// <returns>No first ones and null for regression.</returns>
    public static (IReadOnlyList<MisreadRecord> First, IReadOnlyList<bool>? All) Misread(Network network, DataSet test)
    {
        if (test.Labels is not { } labels)
        {
            return ([], null);
        }

        List<MisreadRecord> first = [];
        var all = new bool[test.Count];
        var pass = network.CreatePass(Portion);
        for (var start = 0; start < test.Count; start += Portion)
        {
            var count = Math.Min(Portion, test.Count - start);
            var outputs = pass.Answer(test.Inputs.Slice(start, count));
            for (var example = 0; example < count; example++)
            {
                var answer = Greatest(outputs.Row(example));
                all[start + example] = answer != labels[start + example];
                if (all[start + example] && first.Count < Shown)
                {
                    first.Add(new MisreadRecord(start + example, answer));
                }
            }
        }

        return (first, all);
    }

    /// <summary>By output: the mean squared error on the test examples; empty for classification.</summary>
    public static IReadOnlyList<double> OutputErrors(Network network, Loss loss, DataSet test)
    {
        if (test.Labels is not null)
        {
            return [];
        }

        var errors = new double[test.Targets.Columns];
        var pass = network.CreatePass(Portion);
        for (var start = 0; start < test.Count; start += Portion)
        {
            var count = Math.Min(Portion, test.Count - start);
            var outputs = pass.Answer(test.Inputs.Slice(start, count));
            loss.Interpret(outputs);
            for (var example = 0; example < count; example++)
            {
                Span<float> answers = outputs.Row(example), targets = test.Targets.Row(start + example);
                for (var output = 0; output < answers.Length; output++)
                {
                    var distance = (double)answers[output] - targets[output];
                    errors[output] += distance * distance / test.Count;
                }
            }
        }

        return errors;
    }

    /// <summary>
    /// The examples that a report shows: the first ones that any run misread. Each run has recorded its own first ones, so whatever is not
    /// in a run's list before that list ends was answered rightly.
    /// </summary>
    /// <param name="runs">The runs.</param>
    /// <param name="test">The test examples, on the network's scale.</param>
    /// <param name="schema">How they were understood; null: nobody knows.</param>
    public static IReadOnlyList<ExampleRecord> Examples(IEnumerable<RunRecord> runs, DataSet test, DataSchema? schema)
        => test.Labels is not { } labels ? [] :
    [
        .. runs.SelectMany(run => run.Misread).Select(misread => misread.Example).Distinct().Order().Take(Shown)
            .Select(example => Of(test, example, labels[example], schema)),
    ];

    private static ExampleRecord Of(DataSet test, int example, int label, DataSchema? schema)
    {
        var inputs = test.Inputs.Row(example);
        var record = new ExampleRecord { Example = example, Class = label };
        if (test.Image is { Channels: 1 or 3 } image && image.Height * image.Width * image.Channels == inputs.Length)
        {
            return record with
            {
                Height = image.Height,
                Width = image.Width,
                Channels = image.Channels,
                Pixels = Pixels(inputs, image.Channels),
            };
        }

        if (schema is not { InputNames: { Count: > 0 } names })
        {
            return record with { Inputs = inputs[..Math.Min(ShownInputs, inputs.Length)].ToArray() };
        }

        // Of a column's categories only the example's own is worth a place.
        SchemaColumn[] columns = [.. schema.ColumnOfEachInput()];
        var numbers = Preparation.Invert(schema, inputs);
        var shown = Enumerable.Range(0, numbers.Length)
            .Where(place => numbers[place] != 0 || columns.ElementAtOrDefault(place)?.Categories is null)
            .Take(ShownInputs)
            .ToArray();
        return record with { Inputs = [.. shown.Select(place => numbers[place])], Names = [.. shown.Select(place => names[place])] };
    }

    /// <summary>The channels lie one after the other in the inputs, and side by side in a picture.</summary>
    private static byte[] Pixels(ReadOnlySpan<float> inputs, int channels)
    {
        var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var number in inputs)
        {
            (least, greatest) = (Math.Min(least, number), Math.Max(greatest, number));
        }

        var pixels = new byte[inputs.Length];
        for (var i = 0; i < pixels.Length && greatest > least; i++)
        {
            var place = ((i % channels) * (inputs.Length / channels)) + (i / channels);
            pixels[i] = (byte)Math.Round(255.0 * (inputs[place] - least) / ((double)greatest - least));
        }

        return pixels;
    }

    /// <summary>The place of the greatest output; null for a tie, or where one is not a number.</summary>
    private static int? Greatest(ReadOnlySpan<float> outputs)
    {
        var best = 0;
        for (var i = 1; i < outputs.Length; i++)
        {
            best = outputs[i] > outputs[best] ? i : best;
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            if (float.IsNaN(outputs[i]) || (i != best && outputs[i] >= outputs[best]))
            {
                return null;
            }
        }

        return best;
    }
}
