using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// The JSON Schema (draft 7, which editors know) of specs, made from the types, their documentation and the rules written on their
/// properties.
/// </summary>
public static class SpecSchema
{
    private const string Draft = "http://json-schema.org/draft-07/schema#";

    /// <summary>The schema.</summary>
    /// <param name="components">What it can name.</param>
    public static JsonObject Create(Components components)
    {
        ArgumentNullException.ThrowIfNull(components);
        var schema = Of(typeof(ExperimentSpec), components);
        schema.Insert(0, "$schema", Draft);
        schema.Insert(1, "title", "Experiment of the command fa");
        schema["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["description"] = "The address of this schema, for editors.", ["type"] = "string" });
        AddDefaults(schema, new ExperimentSpec());
        return schema;
    }

    /// <summary>The schema as indented text that ends with a line break.</summary>
    /// <param name="components">What it can name.</param>
    public static string Write(Components components) => Create(components).ToJsonString(ExperimentJson.Indented) + "\n";

    /// <summary>The schema of a type that occurs in a spec, without defaults.</summary>
    internal static JsonObject Of(Type type, Components components)
        => SpecContract.Of(type).GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Describe(context, node, components),
        }).AsObject();

    private static JsonObject Describe(JsonSchemaExporterContext context, JsonNode node, Components components)
    {
        // What may be anything is described by nothing.
        var schema = node as JsonObject ?? [];
        if (context.PropertyInfo is not { } property)
        {
            return schema;
        }

        foreach (var rule in SpecContract.Rules(property))
        {
            var target = rule is ValueRule && schema["items"] is { } items ? items.AsObject() : schema;
            rule.Describe(target, components);
        }

        if (XmlSummaries.Of((MemberInfo)property.AttributeProvider!) is { Length: > 0 } summary)
        {
            var more = SpecContract.Rules(property).Select(rule => rule.Words(components)).OfType<string>();
            schema.Insert(0, "description", string.Join(' ', more.Prepend(summary)));
        }

        return schema;
    }

    /// <summary>A section has the defaults of its own type, and, if it is something else where it is left out, that as a whole.</summary>
    private static void AddDefaults(JsonObject schema, object defaults)
    {
        foreach (var property in SpecContract.Of(defaults.GetType()).Properties.Where(property => !property.IsRequired))
        {
            var target = schema["properties"]![property.Name]!.AsObject();
            var value = Json(property.Get!(defaults));
            if (SpecContract.Of(property.PropertyType) is { Kind: JsonTypeInfoKind.Object } section)
            {
                var own = section.CreateObject!();
                AddDefaults(target, own);
                if (JsonNode.DeepEquals(value, Json(own)))
                {
                    continue;
                }
            }

            if (SpecContract.Of(property.PropertyType) is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item }
                && SpecContract.Of(item) is { Kind: JsonTypeInfoKind.Object } part)
            {
                AddDefaults(target["items"]!.AsObject(), part.CreateObject!());
            }

            target["default"] = value;
        }
    }

    private static JsonNode? Json(object? value) => JsonSerializer.SerializeToNode(value, ExperimentJson.Indented);
}
