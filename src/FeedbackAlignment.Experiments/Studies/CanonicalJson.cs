using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// JSON with one text for one meaning: keys in ordinal order, no spaces, every number in the shortest form that reads back to the same
/// bits. Of a spec, what has the default of its type is left out.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>The text.</summary>
    public static string Write(JsonNode? value) => value switch
    {
        JsonObject members => $"{{{string.Join(',', members.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => $"{JsonSerializer.Serialize(member.Key)}:{Write(member.Value)}"))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Write))}]",
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => Number(number.ToJsonString()),
        _ => value?.ToJsonString() ?? "null",
    };

    /// <summary>A spec or a section of one, without what has its default.</summary>
    /// <param name="section">The record.</param>
    public static JsonObject WithoutDefaults(object section)
        => Prune(Json(section, section.GetType())!.AsObject(), SpecContract.Of(section.GetType()));

    /// <summary>
    /// A section is compared with the defaults of its own type, whatever it is where it is left out: so nothing that is left out depends
    /// on what stands above.
    /// </summary>
    private static JsonObject Prune(JsonObject values, JsonTypeInfo type)
    {
        var defaults = type.CreateObject!();
        var kept = new JsonObject();
        foreach (var property in type.Properties)
        {
            if (!values.TryGetPropertyValue(property.Name, out var value))
            {
                continue;
            }

            var byDefault = property.IsRequired ? null : property.Get!(defaults);
            if (Pruned(value, property.PropertyType) is { } left
                && (property.IsRequired
                    || !JsonNode.DeepEquals(left, Pruned(Json(byDefault, property.PropertyType), property.PropertyType))))
            {
                kept[property.Name] = left;
            }
            else if (value is null && byDefault is not null)
            {
                kept[property.Name] = null;
            }
        }

        return kept;
    }

    /// <summary>A value without the defaults that are in it; null stays null.</summary>
    private static JsonNode? Pruned(JsonNode? value, Type type)
    {
        var contract = SpecContract.Of(Nullable.GetUnderlyingType(type) ?? type);
        return (value, contract.Kind) switch
        {
            (JsonObject section, JsonTypeInfoKind.Object) => Prune(section, contract),
            (JsonObject entries, JsonTypeInfoKind.Dictionary) => new JsonObject(entries.Select(
                entry => KeyValuePair.Create(entry.Key, Pruned(entry.Value, contract.ElementType!)))),
            (JsonArray items, JsonTypeInfoKind.Enumerable) => new JsonArray([.. items.Select(item => Pruned(item, contract.ElementType!))]),
            _ => value?.DeepClone(),
        };
    }

    private static JsonNode? Json(object? value, Type type) => JsonSerializer.SerializeToNode(value, type, ExperimentJson.Line);

    /// <summary>Whole numbers keep all their digits; a 64-bit seed has more than a double.</summary>
    private static string Number(string text) => text.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? text
        : double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
}
