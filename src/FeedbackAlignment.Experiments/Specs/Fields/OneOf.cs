using System.Text.Json.Nodes;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>A text that must be one of the constants of a class of ids.</summary>
/// <param name="ids">The class, e.g. <c>typeof(LossIds)</c>.</param>
internal sealed class OneOf(Type ids) : ValueRule
{
    /// <summary>The constants, each with what it means.</summary>
    private IEnumerable<(string Id, string Summary)> Values => SpecVocabulary.Constants(ids)
        .Select(constant => ((string)constant.GetRawConstantValue()!, XmlSummaries.Of(constant)));

    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
    {
        var known = SpecVocabulary.Of(ids);
        return known.Contains((string)value) ? null : Mistake((string)value, known);
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => Describe(schema, [.. Values]);

    /// <summary>What is wrong with an id that is none of those there are.</summary>
    public static string Mistake(string id, IReadOnlyList<string> known)
        => $"must be one of {string.Join(", ", known)}; was {ForeignText.Quoted(id)}{DidYouMean.Hint(id, known)}";

    /// <summary>Writes the ids and what they mean into a JSON Schema.</summary>
    public static void Describe(JsonObject schema, IReadOnlyList<(string Id, string Summary)> values)
    {
        JsonNode?[] orNull = schema["type"] is JsonArray ? [null] : [];
        schema["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value.Id)), .. orNull]);
        schema["enumDescriptions"] = new JsonArray([.. values.Select(value => JsonValue.Create(value.Summary))]);
    }
}
