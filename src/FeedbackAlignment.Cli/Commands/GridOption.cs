using System.CommandLine;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>--grid KEY=A,B</c>, as often as there are keys to vary: the section <c>study.grid</c> of a spec.</summary>
internal sealed class GridOption
{
    private const string Name = "--grid", Section = "study.grid.";
    private const char Comma = ',', Semicolon = ';';

    public Option<string[]?> Option { get; } = new(Name)
    {
        Description = "Vary a key of the spec (docs/spec.md), e.g. feedback.scale=0.1,1,10; give it once for each key. All values of all keys "
            + "meet, as a study (`fa study`). Values with commas in them are separated by semicolons; one such value ends with one.",
        HelpName = "KEY=A,B",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Puts the keys into a spec, in place of what it says of the same keys.</summary>
    public void Apply(ParseResult parsed, JsonObject spec)
    {
        var keys = new HashSet<string>();
        foreach (var text in parsed.GetValue(Option) ?? [])
        {
            var mark = text.IndexOf('=', StringComparison.Ordinal);
            var key = mark < 0 ? "" : text[..mark].Trim();
            if (key.Length == 0 || text.Length == mark + 1)
            {
                throw new BadInputException($"{Name}: must be a key and its values, e.g. feedback.scale=0.1,1,10, was \"{text}\"");
            }

            if (!keys.Add(key))
            {
                throw new BadInputException($"{Name}: {key} is given twice; give each key once, with all its values");
            }

            if (spec["study"] is not JsonObject study)
            {
                spec["study"] = study = [];
            }

            if (study["grid"] is not JsonObject grid)
            {
                study["grid"] = grid = [];
            }

            grid[key] = new JsonArray([.. Values(text[(mark + 1)..]).Select(value => Value(value, StudyKeys.TypeOf(key)))]);
        }
    }

    /// <summary>The place of a mistake as it was typed; null: it is elsewhere.</summary>
    public string? InTheUsersWords(ParseResult parsed, string path)
        => parsed.GetValue(Option) is { Length: > 0 } && path.StartsWith(Section, StringComparison.Ordinal)
            ? $"{Name} {path[Section.Length..].Replace("\"", "", StringComparison.Ordinal)}" : null;

    private static string[] Values(string text)
        => text.Contains(Semicolon, StringComparison.Ordinal)
            ? (text.EndsWith(Semicolon) ? text[..^1] : text).Split(Semicolon, StringSplitOptions.TrimEntries)
            : text.Split(Comma, StringSplitOptions.TrimEntries);

    /// <summary>A text where the key wants one; else a number, true, false or null where it looks like one.</summary>
    private static JsonNode? Value(string text, Type? type) => type == typeof(string) ? SpecOption.Text(text) : text switch
    {
        "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ => SpecOption.NumberOrText(text),
    };
}
