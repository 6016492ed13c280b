using System.Collections;
using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>The id of a learning rule.</summary>
internal sealed class RuleId : ValueRule
{
    /// <inheritdoc/>
    public override string? Mistake(object value, IReadOnlyCollection<string> ruleIds) => Unknown((string)value, ruleIds);

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, IReadOnlyCollection<string> ruleIds)
    {
        JsonNode?[] orNull = schema["type"] is JsonArray ? [null] : [];
        schema["enum"] = new JsonArray([.. ruleIds.Select(id => JsonValue.Create(id)), .. orNull]);
    }

    /// <summary>What is wrong with an id, if the rule is not known.</summary>
    public static string? Unknown(string id, IReadOnlyCollection<string> ruleIds)
    {
        if (ruleIds.Contains(id))
        {
            return null;
        }

        var hint = DidYouMean.Hint(id, ruleIds);
        return $"there is no rule {Display.Text(id)}{(hint.Length > 0 ? hint : $"; the rules are {string.Join(", ", ruleIds)}")}";
    }
}

/// <summary>A dictionary whose keys are ids of learning rules.</summary>
internal sealed class RuleKeys : ListRule
{
    /// <inheritdoc/>
    public override IEnumerable<(string At, string Text)> Mistakes(IEnumerable values, IReadOnlyCollection<string> ruleIds)
    {
        foreach (var (id, _) in SpecEntries.Of(values))
        {
            if (RuleId.Unknown(id, ruleIds) is { } mistake)
            {
                yield return ($".{SpecProblem.Key(id)}", mistake);
            }
        }
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, IReadOnlyCollection<string> ruleIds)
    {
        var settings = schema["additionalProperties"]!;
        schema["properties"] = new JsonObject(ruleIds.Select(id => KeyValuePair.Create(id, (JsonNode?)settings.DeepClone())));
        schema["additionalProperties"] = false;
        schema["propertyNames"] = new JsonObject { ["title"] = "RULE" };
    }
}
