using System.Text;
using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The keys of specs as a table in Markdown, read off the schema.</summary>
public static class SpecTable
{
    private static readonly (string Keyword, string Sign)[] _bounds = [("exclusiveMinimum", "> "), ("minimum", "≥ "), ("exclusiveMaximum", "< "), ("maximum", "≤ ")];

    /// <summary>A page with one row for each key: what it means, what it may be, its default.</summary>
    /// <param name="components">What it can name.</param>
    public static string Write(Components components)
    {
        var page = new StringBuilder("""
            # Keys of a spec

            A spec is JSON and may contain comments. Every key has a default, unless it is required. Unknown keys are refused. `SpecTable` generates this page from the types; do not edit it.

            | key | meaning | values | default |
            | --- | --- | --- | --- |

            """);
        AddRows(page, SpecSchema.Create(components), "");
        return page.ToString();
    }

    private static void AddRows(StringBuilder page, JsonNode schema, string path)
    {
        foreach (var (key, property) in schema["properties"]!.AsObject())
        {
            var value = property!["properties"] is null && property.AsObject().TryGetPropertyValue("default", out var given)
                ? $"`{given?.ToJsonString(ExperimentJson.Line) ?? "null"}`"
                : "";
            page.Append($"| `{path}{key}` | {property["description"]} | {Values(property)} | {value} |\n");
            if (property["propertyNames"]?["title"] is { } name)
            {
                AddRows(page, (property["properties"] ?? property["patternProperties"])!.AsObject()[0]!, $"{path}{key}.{name}.");
            }
            else if (property["items"]?["properties"] is not null)
            {
                AddRows(page, property["items"]!, $"{path}{key}[].");
            }
            else if (property["properties"] is not null)
            {
                AddRows(page, property, $"{path}{key}.");
            }
        }
    }

    private static string Values(JsonNode property)
    {
        var type = property["items"] ?? property;
        var one = Ids(type) is { Count: > 0 } ids ? string.Join("<br>", ids) : Range(type);
        return type == property ? one : one.Length > 0 ? $"list of {one}" : "list";
    }

    private static List<string> Ids(JsonNode type)
    {
        var ids = (type["enum"] ?? type["anyOf"]?[0]?["enum"])?.AsArray().Where(id => id is not null) ?? [];
        return [.. ids.Select((id, index) => type["enumDescriptions"]?[index] is { } text ? $"`{id}`: {text}" : $"`{id}`")];
    }

    private static string Range(JsonNode type)
    {
        var kind = type["type"] is JsonArray either ? $"{either[0]}" : $"{type["type"]}";
        var range = string.Join(", ", _bounds.Where(bound => type[bound.Keyword] is not null).Select(bound => bound.Sign + type[bound.Keyword]));
        return kind == "object" ? "" : $"{kind} {range}".Trim();
    }
}
