using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>
/// A command-line option that sets a value of the spec. Its text goes through the same reader and checks as a spec file, so every mistake
/// has one message, and all are reported at once.
/// </summary>
/// <param name="name">The option, e.g. <c>--learning-rate</c>.</param>
/// <param name="path">What it sets, e.g. <c>optimizer.learningRate</c>.</param>
/// <param name="valueName">What the help calls its value.</param>
/// <param name="description">Help.</param>
/// <param name="toJson">Turns the text into the value; null: a number where it looks like one, else text.</param>
internal sealed class SpecOption(string name, string path, string valueName, string description, Func<string, JsonNode?>? toJson = null)
{
    public string Path { get; } = path;

    public Option<string?> Option { get; } = new(name) { Description = description, HelpName = valueName };

    /// <summary>Sets the value in a spec, if the option was given.</summary>
    public void Apply(ParseResult parsed, JsonObject spec)
    {
        if (parsed.GetValue(Option) is { } text)
        {
            SpecJson.Set(spec, Path, (toJson ?? NumberOrText)(text));
        }
    }

    /// <summary>
    /// A source of data. Specs want a slash in a folder's path; a word that is not, and does not look like, the name of a source is meant
    /// as a folder.
    /// </summary>
    public static JsonNode? Source(string text)
        => JsonValue.Create(
            SpecVocabulary.DataSources.Contains(text) || string.IsNullOrWhiteSpace(text) || text.Contains(System.IO.Path.DirectorySeparatorChar)
            || (!Directory.Exists(text) && !File.Exists(text) && DidYouMean.Nearest(text, SpecVocabulary.DataSources) is not null) ? text : $"./{text}");

    /// <summary>
    /// Data from a source that an option names, outside of a spec; through the checks of a spec, so that a mistake has one message.
    /// </summary>
    /// <param name="text">What was typed after <c>--data</c>.</param>
    /// <param name="components">What specs can name.</param>
    public static DataSpec Data(string text, Components components)
    {
        var spec = new ExperimentSpec { Data = new DataSpec { Source = Source(text)!.GetValue<string>() } };
        return SpecValidator.Validate(spec, components).FirstOrDefault(problem => problem.Path == "data.source") is { } problem
            ? throw new BadInputException($"--data: {problem.Message}")
            : spec.Data;
    }

    /// <summary>A choice in a sentence: <c>a, b or c</c>.</summary>
    public static string Or(IReadOnlyList<string> ids)
        => ids.Count == 1 ? ids[0] : $"{string.Join(", ", ids.SkipLast(1))} or {ids[^1]}";

    public static JsonNode? Text(string text) => JsonValue.Create(text);

    /// <summary>Reads <c>yes</c> or <c>no</c>.</summary>
    /// <param name="option">The option, for messages.</param>
    public static Func<string, JsonNode?> YesOrNo(string option) => text => text switch
    {
        "yes" or "true" => JsonValue.Create(true),
        "no" or "false" => JsonValue.Create(false),
        _ => throw new BadInputException($"{option}: must be yes or no, was \"{text}\""),
    };

    public static JsonNode? NumberOrText(string text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? JsonValue.Create(integer)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number)
        : JsonValue.Create(text);
}
