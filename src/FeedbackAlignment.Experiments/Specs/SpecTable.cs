using System.Text;
using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The keys of specs as tables in Markdown, read off the schema.</summary>
public static class SpecTable
{
    private static readonly (string Keyword, string Sign)[] _bounds = [("exclusiveMinimum", "> "), ("minimum", "≥ "), ("exclusiveMaximum", "< "), ("maximum", "≤ ")];

    /// <summary>A page with one row for each key: what it means, what it may be, its default.</summary>
    /// <param name="ruleIds">The ids of the learning rules that there are.</param>
    public static string Write(IReadOnlyCollection<string> ruleIds)
    {
        var page = new StringBuilder("""
            # Keys of a spec

            A spec is JSON with comments. Every key has a default; unknown keys are refused. Made from the types by `SpecTable`; do not edit.

            | key | meaning | values | default |
            | --- | --- | --- | --- |

            """);
        AddRows(page, SpecSchema.Create(ruleIds), "");
        return page.ToString();
    }

    private static void AddRows(StringBuilder page, JsonNode schema, string path)
    {
        foreach (var (key, property) in schema["properties"]!.AsObject())
        {
            var inner = property!["properties"] is not null;
            page.Append($"| `{path}{key}` | {property["description"]} | {Values(property)} | {(property["default"] is { } value ? $"`{value.ToJsonString(ExperimentJson.Line)}`" : "")} |\n");
            if (inner)
            {
                AddRows(page, property, $"{path}{key}.");
            }
        }
    }

    private static string Values(JsonNode property)
    {
        var type = property["items"] ?? property;
        var ids = (type["enum"] ?? type["anyOf"]?[0]?["enum"])?.AsArray().Select(id => $"`{id}`");
        var range = string.Join(", ", _bounds.Where(bound => type[bound.Keyword] is not null).Select(bound => bound.Sign + type[bound.Keyword]));
        var kind = type["type"] is JsonArray either ? either[0]!.ToString() : $"{type["type"]}";
        var one = ids is not null ? string.Join(", ", ids) : kind == "object" ? "" : $"{kind} {range}".Trim();
        return type == property ? one : $"list of {one}";
    }
}
