using System.Collections;
using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>
/// What a key of a spec may hold, written on its property. The validator, the schema and the documentation all read it here.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class FieldRule : Attribute
{
    /// <summary>Writes the rule into a JSON Schema.</summary>
    public abstract void Describe(JsonObject schema, Components components);

    /// <summary>What stands behind the documentation of the key, because it comes from what is handed in; null: nothing.</summary>
    public virtual string? Words(Components components) => null;
}

/// <summary>A rule about a value; on a list, about each item.</summary>
internal abstract class ValueRule : FieldRule
{
    /// <summary>What is wrong with a value (<c>must be &gt; 0, was -1</c>); null if nothing is.</summary>
    public abstract string? Mistake(object value, Components components);
}

/// <summary>A rule about a list or dictionary as a whole.</summary>
internal abstract class ListRule : FieldRule
{
    /// <summary>What is wrong, each with the end of its path (<c>[2]</c>, or nothing).</summary>
    public abstract IEnumerable<(string At, string Text)> Mistakes(IEnumerable values, Components components);
}
