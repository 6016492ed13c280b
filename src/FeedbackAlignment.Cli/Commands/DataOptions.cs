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
        new("--target", "data.target", "a,b", "Columns of a CSV file to be learned, by name, or by number where there is no header.", Names),
        new("--task", "data.task", "id", $"{TaskIds.Classify} or {TaskIds.Regress}: whether the target is a class or an amount.", SpecOption.Text),
        new("--ignore", "data.ignore", "a,b|none", "Columns to leave out; none: every other column is an input.", Names),
        new("--categorical", "data.categorical", "a,b", "Columns of numbers that are categories. Columns of text always are.", Names),
        new("--group", "data.group", "column", "Rows with equal values in this column stay together when examples are divided.", SpecOption.Text),
        new("--missing", "data.missing", "id", "What becomes of missing values: refuse, drop (leave the row out) or mean (of the training rows).", SpecOption.Text),
        new("--unseen", "data.unseen", "id", "What becomes of categories that no training row has: refuse or zeros.", SpecOption.Text),
        new("--standardize", "data.standardize", "id", "none, inputs or inputs-and-targets. [default: inputs of tables, and targets that are amounts]", SpecOption.Text),
        new("--scale", "data.scale", "A..B", "Two values that become 0 and 1, e.g. 0..255 for pixels; instead of --standardize.", Range),
        new("--resize", "data.resize", "HxW", "Bring all images of a folder to this height and width.", SpecOption.Text),
        new("--header", "data.header", "yes|no", "Whether the first line of a CSV file has the names of the columns.", YesOrNo),
        new("--separator", "data.separator", "character", "What stands between the fields of a CSV file, e.g. \";\" or tab.", Character),
        new("--decimal", "data.decimalSeparator", ".|,", "What stands before the decimals of a number.", SpecOption.Text),
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

    private static JsonValue? YesOrNo(string text) => text switch
    {
        "yes" or "true" => JsonValue.Create(true),
        "no" or "false" => JsonValue.Create(false),
        _ => throw new BadInputException($"--header: must be yes or no, was \"{text}\""),
    };

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
