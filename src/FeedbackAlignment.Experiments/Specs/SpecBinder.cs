using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// Turns JSON into a spec and notes what does not fit the types: unknown and repeated keys, wrong kinds of value. What is wrong keeps its
/// default, so that the rest can still be judged.
/// </summary>
internal sealed class SpecBinder(SpecProblems problems)
{
    private const string SchemaKey = "$schema";

    /// <summary>Binds the whole document.</summary>
    public ExperimentSpec Bind(JsonElement root) => BindObject(root, SpecContract.Root, "") as ExperimentSpec ?? new ExperimentSpec();

    private object? BindObject(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(path, $"must be an object {{ … }}, was {Display.Json(element)}");
            return null;
        }

        var result = type.CreateObject!();
        var missing = type.Properties.Where(property => property.IsRequired).Select(property => property.Name).ToHashSet();
        foreach (var (name, at, value) in Members(element, path))
        {
            missing.Remove(name);
            if (type.Properties.FirstOrDefault(property => property.Name == name) is { } property)
            {
                if (value.ValueKind == JsonValueKind.Array && SpecContract.Rules(property).Any(rule => rule is Plan))
                {
                    property.Set!(result, BindPlan(value, at));
                }
                else if (Bind(value, property.PropertyType, property.IsSetNullable, at) is { } bound)
                {
                    property.Set!(result, bound);
                }
                else if (property.IsSetNullable)
                {
                    property.Set!(result, null);
                }
            }
            else if (path.Length > 0 || name != SchemaKey)
            {
                problems.Add(at, Unknown(name, type));
            }
            else if (value.ValueKind != JsonValueKind.String)
            {
                problems.Add(at, $"must be the schema's address, a text, was {Display.Json(value)}");
            }
        }

        foreach (var name in missing)
        {
            problems.Add(SpecContract.Join(path, name), "is missing and has no default");
        }

        return result;
    }

    private object? Bind(JsonElement element, Type type, bool nullable, string path)
    {
        if (element.ValueKind == JsonValueKind.Null && nullable)
        {
            return null;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        return SpecContract.Of(type) switch
        {
            { Kind: JsonTypeInfoKind.Object } inner => BindObject(element, inner, path),
            { Kind: JsonTypeInfoKind.Enumerable } list => BindList(element, list.ElementType!, path),
            { Kind: JsonTypeInfoKind.Dictionary } dictionary => BindDictionary(element, dictionary.ElementType!, path),
            _ => BindValue(element, type, path),
        };
    }

    private Array? BindList(JsonElement element, Type item, string path)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            problems.Add(path, $"must be a list [ … ], was {Display.Json(element)}");
            return null;
        }

        var list = Array.CreateInstance(item, element.GetArrayLength());
        foreach (var (index, value) in element.EnumerateArray().Index())
        {
            if (problems.TooMany)
            {
                break;
            }

            list.SetValue(Bind(value, item, nullable: false, $"{path}[{index}]"), index);
        }

        return list;
    }

    private IDictionary? BindDictionary(JsonElement element, Type item, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(path, $"must be an object {{ … }}, was {Display.Json(element)}");
            return null;
        }

        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), item))!;
        foreach (var (name, at, value) in Members(element, path))
        {
            // A number that is none has been complained of; null would not fit in.
            if (Bind(value, item, nullable: false, at) is var bound && (bound is not null || !item.IsValueType))
            {
                dictionary[name] = bound;
            }
        }

        return dictionary;
    }

    /// <summary>A row of modules as a list: the same as its items with commas between them.</summary>
    private string? BindPlan(JsonElement list, string path)
    {
        List<string> items = [];
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            var mistake = "must be a number of inputs, or a module as a text, e.g. \"dense 256 relu\"";
            if (item.ValueKind == JsonValueKind.Number)
            {
                items.Add(item.GetRawText());
            }
            else if (item.ValueKind == JsonValueKind.String && SpecValue.TryRead(item, typeof(string), out var text, out mistake))
            {
                items.Add((string)text);
            }
            else
            {
                problems.Add($"{path}[{index}]", mistake);
                return null;
            }
        }

        return string.Join(", ", items);
    }

    private object? BindValue(JsonElement element, Type type, string path)
    {
        if (SpecValue.TryRead(element, type, out var value, out var mistake))
        {
            return value;
        }

        problems.Add(path, mistake);
        return null;
    }

    /// <summary>The members of an object, each name once.</summary>
    private IEnumerable<(string Name, string Path, JsonElement Value)> Members(JsonElement element, string path)
    {
        var seen = new HashSet<string>();
        foreach (var member in element.EnumerateObject())
        {
            if (problems.TooMany)
            {
                yield break;
            }

            if (!SpecValue.TryName(member, out var name))
            {
                problems.Add(path, "a key has half of a surrogate pair (\\uD800 … \\uDFFF) in it, which is no character");
            }
            else if (!seen.Add(name))
            {
                problems.Add(SpecContract.Join(path, name), "this key appears twice; keep one");
            }
            else
            {
                yield return (name, SpecContract.Join(path, name), member.Value);
            }
        }
    }

    private static string Unknown(string name, JsonTypeInfo type)
    {
        var here = type.Properties.Select(property => property.Name).ToList();
        if (DidYouMean.Hint(name, here) is { Length: > 0 } hint)
        {
            return $"unknown key{hint}";
        }

        var elsewhere = SpecContract.PathsOf(name).ToList();
        return elsewhere.Count > 0
            ? $"unknown key here; there is {string.Join(" and ", elsewhere)}"
            : $"unknown key; the keys here are {string.Join(", ", here)}";
    }
}
