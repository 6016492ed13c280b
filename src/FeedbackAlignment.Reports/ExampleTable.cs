using System.Globalization;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports.Charts;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports;

/// <summary>A test example that a rule misread.</summary>
/// <param name="Name">Its place in the test set, counted from 1.</param>
/// <param name="Picture">A picture as a data URI; empty where it is not an image.</param>
/// <param name="Inputs">Its first inputs; empty where it is an image.</param>
/// <param name="Class">Its class.</param>
/// <param name="Answers">What each rule answered, a line each.</param>
internal sealed record ShownExample(string Name, string Picture, string Inputs, string Class, IReadOnlyList<string> Answers);

/// <summary>
/// Ten test examples, and what the rules make of those that they misread: the first in the test set that any run misread.
/// </summary>
internal static class ExampleTable
{
    /// <summary>How many an experiment shows.</summary>
    public const int Shown = 10;

    /// <summary>The examples of an experiment; empty if its record has none.</summary>
    public static IReadOnlyList<ShownExample> Of(ExperimentRecord experiment) =>
        [.. experiment.Examples.OrderBy(example => example.Example).Take(Shown).Select(example => Show(experiment, example))];

    private static ShownExample Show(ExperimentRecord experiment, ExampleRecord example) => new(
        $"Test example {NumberText.Count(example.Example + 1L)}",
        Picture(example),
        example.Pixels is null
            ? string.Join(", ", example.Inputs.Select((input, place) => Input(example.Names.ElementAtOrDefault(place), input)))
                + (example.Inputs.Count < experiment.Data.Inputs ? ", …" : "") : "",
        ClassName(experiment.Data, example.Class),
        [.. Answers([.. RuleResults.Of([experiment]).Where(results => results.Completed.Any())], example)]);

    /// <summary>A line for each rule that misread the example, and one for all that did not.</summary>
    private static IEnumerable<string> Answers(List<RuleResults> rules, ExampleRecord example)
    {
        var answers = rules.Select(results => (results.Label, Answer: Answer(results, example))).ToList();
        var right = answers.Where(rule => rule.Answer is null).Select(rule => rule.Label).ToList();
        return answers.Where(rule => rule.Answer is not null).Select(rule => $"{rule.Label}: {rule.Answer}")
            .Concat(right.Count == 0 ? [] : [$"Right: {(rules.Count < RuleText.Many ? Sentence.List(right) : Sentence.Count(right.Count, "rule"))}"]);
    }

    /// <summary>What the runs of a rule answered; null if all were right.</summary>
    private static string? Answer(RuleResults results, ExampleRecord example)
    {
        var runs = results.Completed.OrderBy(run => run.Seed).ToList();
        if (runs.Any(run => run.Misread.Count == 0 && run.TestError is not 0))
        {
            // A run of an older version, or of a spiking network: not to be taken for right.
            return "not recorded";
        }

        var misread = runs.Select(run => run.Misread.FirstOrDefault(answer => answer.Example == example.Example)).ToList();
        var wrong = misread.OfType<MisreadRecord>().ToList();
        if (wrong.Count == 0)
        {
            return null;
        }

        var answers = wrong.GroupBy(answer => answer.Answer).OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
            .Select(group => (group.Key is { } answer ? ClassName(results.Experiment.Data, answer) : "no class above the others")
                + (runs.Count > 1 ? $" ({group.Count()} of {Sentence.Count(runs.Count, "seed")})" : ""));
        return string.Join(", ", answers) + (wrong.Count < runs.Count ? "; else right" : "");
    }

    /// <summary>The one place that says what a class is called.</summary>
    private static string ClassName(DataRecord data, int number) => data.ClassNames is { } names && number >= 0 && number < names.Count
        ? ForeignText.Name(names[number])
        : number.ToString(CultureInfo.InvariantCulture);

    private static string Input(string? name, float input)
        => name is null ? NumberText.Significant(input) : $"{ForeignText.Name(name)} {NumberText.Significant(input)}";

    private static string Picture(ExampleRecord example)
    {
        if (example is not { Pixels: { } pixels, Height: > 0 and { } height, Width: > 0 and { } width, Channels: 1 or 3 }
            || pixels.Length != (long)height * width * example.Channels)
        {
            return "";
        }

        var picture = new PictureRecord(width, height, pixels);
        return example.Channels == 1 ? PicturePng.DataUri(picture) : PicturePng.ColorDataUri(picture);
    }
}
