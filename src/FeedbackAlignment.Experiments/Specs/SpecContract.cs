using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The keys of a spec, as the serializer sees the types. Reader, validator and schema all walk along it.</summary>
internal static class SpecContract
{
    private static readonly JsonSerializerOptions _options = Options();

    /// <summary>The spec as a whole.</summary>
    public static JsonTypeInfo Root { get; } = Of(typeof(ExperimentSpec));

    /// <summary>The contract of a type that occurs in a spec.</summary>
    public static JsonTypeInfo Of(Type type) => _options.GetTypeInfo(type);

    /// <summary>The rules written on a property.</summary>
    public static IEnumerable<FieldRule> Rules(JsonPropertyInfo property) =>
        ((MemberInfo)property.AttributeProvider!).GetCustomAttributes<FieldRule>();

    /// <summary>Where a key is valid: the paths of all keys with this name.</summary>
    public static IEnumerable<string> PathsOf(string name) =>
        AllPaths(Root, "").Where(path => string.Equals(path[(path.LastIndexOf('.') + 1)..], name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The path of a key.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? SpecProblem.Key(key) : $"{path}.{SpecProblem.Key(key)}";

    /// <summary>
    /// Those of <see cref="ExperimentJson"/>, but strict, and with numbers as the serializer knows them, so that their schema is known
    /// too.
    /// </summary>
    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static IEnumerable<string> AllPaths(JsonTypeInfo type, string path) => type.Properties.SelectMany(property =>
    {
        var here = Join(path, property.Name);
        return Of(property.PropertyType) is { Kind: JsonTypeInfoKind.Object } inner ? AllPaths(inner, here).Prepend(here) : [here];
    });
}
