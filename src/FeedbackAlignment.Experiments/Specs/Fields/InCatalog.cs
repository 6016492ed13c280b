using System.Text.Json.Nodes;
using FeedbackAlignment.Catalogs;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>A text that must be the id of an entry of a catalog that is handed in.</summary>
/// <param name="catalog">The catalog's property, e.g. <c>nameof(Components.Activations)</c>.</param>
internal sealed class InCatalog(string catalog) : ValueRule
{
    /// <summary>An id that is not allowed here.</summary>
    public string? Except { get; init; }

    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
    {
        var id = (string)value;
        List<string> known = [.. Entries(components).Select(entry => entry.Id)];
        return known.Contains(id) ? null : OneOf.Mistake(id, known);
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
        => OneOf.Describe(schema, [.. Entries(components).Select(entry => (entry.Id, entry.Summary))]);

    private IEnumerable<ICatalogEntry> Entries(Components components)
        => components.Entries(catalog).Where(entry => entry.Id != Except);
}
