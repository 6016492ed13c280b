using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>A text that must be the id of an entry of a catalog that is handed in.</summary>
/// <param name="catalog">The catalog's property, e.g. <c>nameof(Components.Activations)</c>.</param>
internal sealed class InCatalog(string catalog) : ValueRule
{
    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
    {
        var id = (string)value;
        List<string> known = [.. components.Entries(catalog).Select(entry => entry.Id)];
        return known.Contains(id) ? null : OneOf.Mistake(id, known);
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
        => OneOf.Describe(schema, [.. components.Entries(catalog).Select(entry => (entry.Id, entry.Summary))]);
}
