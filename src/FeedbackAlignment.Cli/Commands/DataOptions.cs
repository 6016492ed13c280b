using System.Globalization;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>The options that say what data of one's own are; the same for every command that reads some.</summary>
internal static class DataOptions
{
    private const string Nothing = "none";

    /// <summary>Fresh options, for one command.</summary>
    public static SpecOption[] All() =>
    [
        new("--target", "data.target", "a,b",
            "CSV columns to predict, by name; without a header, by number. [default: the column called label, class, target or y; "
            + "docs/data.md]", Names),
        new("--task", "data.task", "id",
            $"{TaskIds.Classify} (the target is a class) or {TaskIds.Regress} (it is a number). [default: read from the data]",
            SpecOption.Text),
        new("--ignore", "data.ignore", "a,b|none", "CSV columns to leave out; none: all columns but the target are inputs.", Names),
        new("--categorical", "data.categorical", "a,b", "Columns of numbers to treat as categories. Columns of text always are categories.",
            Names),
        new("--group", "data.group", "column",
            "Keep rows with the same value in this column in the same part (training, validation or test). The column is not an input.",
            SpecOption.Text),
        new("--missing", "data.missing", "id",
            "How to treat missing values: refuse, drop (leave the row out) or mean (insert the mean of the training rows). "
            + "[default: refuse]", SpecOption.Text),
        new("--unseen", "data.unseen", "id",
            "How to treat categories that no training row has: refuse, or zeros (all inputs of the column are 0). [default: refuse]",
            SpecOption.Text),
        new("--standardize", "data.standardize", "id",
            "What to standardize: none, inputs or inputs-and-targets. [default: for tables the inputs, and targets that are numbers]",
            SpecOption.Text),
        new("--scale", "data.scale", "A..B", "The two values that become 0 and 1, e.g. 0..255 for pixels. Replaces --standardize.", Range),
        new("--resize", "data.resize", "HxW", "Resize all images of a folder to this height and width in pixels, e.g. 32x32.",
            SpecOption.Text),
        new("--header", "data.header", "yes|no",
            "Whether the first line of a CSV file contains the column names. [default: read from the data]",
                SpecOption.YesOrNo("--header")),
        new("--separator", "data.separator", "character",
            "Character between the fields of a CSV file, e.g. \";\" or tab. [default: read from the data]", Character),
        new("--decimal", "data.decimalSeparator", ".|,", "Decimal point or decimal comma. [default: read from the data]", SpecOption.Text),
    ];

    /// <summary>The part <c>data</c> of a spec that these options make.</summary>
    /// <param name="options">The options.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="source">The source of the data.</param>
    public static JsonObject Apply(IEnumerable<SpecOption> options, System.CommandLine.ParseResult parsed, JsonObject source)
    {
        var json = new JsonObject { ["format"] = ExperimentSpec.CurrentFormat, ["data"] = source };
        foreach (var option in options)
        {
            option.Apply(parsed, json);
        }

        return json;
    }

    private static JsonArray Names(string text)
        => text == Nothing ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(name => JsonValue.Create(name))];

    private static JsonValue? Character(string text) => JsonValue.Create(text switch
    {
        "tab" or "\\t" => "\t",
        "space" => " ",
        _ => text,
    });

    private static JsonArray Range(string text)
    {
        var ends = text.Split(text.Contains("..", StringComparison.Ordinal) ? ".." : ",", StringSplitOptions.TrimEntries);
        return ends.Length == 2 && ends.All(end => float.TryParse(end, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? [.. ends.Select(end => SpecOption.NumberOrText(end))]
            : throw new BadInputException($"--scale: must be two numbers, e.g. 0..255, was \"{text}\"");
    }
}
