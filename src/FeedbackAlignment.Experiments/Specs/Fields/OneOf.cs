using System.Text.Json.Nodes;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>A text that must be one of the constants of a class of ids.</summary>
/// <param name="ids">The class, e.g. <c>typeof(LossIds)</c>.</param>
internal sealed class OneOf(Type ids) : ValueRule
{
    /// <summary>A constant that is not allowed here.</summary>
    public string? Except { get; init; }

    private IEnumerable<string> Values => SpecVocabulary.Of(ids).Where(id => id != Except);

    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
    {
        var id = (string)value;
        return Values.Contains(id)
            ? null
            : $"must be one of {string.Join(", ", Values)}; was {ForeignText.Quoted(id)}{DidYouMean.Hint(id, Values)}";
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
    {
        var constants = SpecVocabulary.Constants(ids).Where(constant => (string)constant.GetRawConstantValue()! != Except).ToList();
        JsonNode?[] orNull = schema["type"] is JsonArray ? [null] : [];
        schema["enum"] = new JsonArray([.. Values.Select(id => JsonValue.Create(id)), .. orNull]);
        schema["enumDescriptions"] = new JsonArray([.. constants.Select(constant => JsonValue.Create(XmlSummaries.Of(constant)))]);
    }
}
