using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The JSON Schema (draft 7, which editors know) of specs, made from the types, their documentation and the rules written on their properties.</summary>
public static class SpecSchema
{
    private const string Draft = "http://json-schema.org/draft-07/schema#";

    /// <summary>The schema.</summary>
    /// <param name="ruleIds">The ids of the learning rules that there are.</param>
    public static JsonObject Create(IReadOnlyCollection<string> ruleIds)
    {
        ArgumentNullException.ThrowIfNull(ruleIds);
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Describe(context, node, ruleIds),
        };
        var schema = SpecContract.Root.GetJsonSchemaAsNode(options).AsObject();
        schema.Insert(0, "$schema", Draft);
        schema.Insert(1, "title", "Experiment of the command fa");
        schema["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["description"] = "The address of this schema, for editors.", ["type"] = "string" });
        AddDefaults(schema, JsonSerializer.SerializeToNode(new ExperimentSpec(), ExperimentJson.Indented)!.AsObject());
        return schema;
    }

    /// <summary>The schema as indented text that ends with a line break.</summary>
    /// <param name="ruleIds">The ids of the learning rules that there are.</param>
    public static string Write(IReadOnlyCollection<string> ruleIds) => Create(ruleIds).ToJsonString(ExperimentJson.Indented) + "\n";

    private static JsonObject Describe(JsonSchemaExporterContext context, JsonNode node, IReadOnlyCollection<string> ruleIds)
    {
        var schema = node.AsObject();
        if (context.PropertyInfo is not { } property)
        {
            return schema;
        }

        foreach (var rule in SpecContract.Rules(property))
        {
            var target = rule is ValueRule && schema["items"] is { } items ? items.AsObject() : schema;
            rule.Describe(target, ruleIds);
        }

        if (XmlSummaries.Of((MemberInfo)property.AttributeProvider!) is { Length: > 0 } summary)
        {
            schema.Insert(0, "description", summary);
        }

        return schema;
    }

    private static void AddDefaults(JsonObject schema, JsonObject defaults)
    {
        foreach (var (key, value) in defaults)
        {
            var property = schema["properties"]![key]!.AsObject();
            if (property["properties"] is not null && value is JsonObject { Count: > 0 } inner)
            {
                AddDefaults(property, inner);
            }
            else
            {
                property["default"] = value?.DeepClone();
            }
        }
    }
}
