using System.Text.Json.Serialization.Metadata;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The keys that a study can vary: paths through a spec, such as <c>feedback.scale</c>.</summary>
public static class StudyKeys
{
    private const string Data = "data";

    /// <summary>What cannot be varied, and why.</summary>
    private static readonly Dictionary<string, string> _fixed = new()
    {
        ["name"] = "it is a title and changes no run",
        ["format"] = "all runs of a study have one format",
        ["rules"] = "rules multiply by themselves; list them under rules",
        ["seeds"] = "seeds multiply by themselves; list them under seeds",
        [Data] = "all runs of a study learn from the same data; make a study for each",
        ["training.threads"] = "it changes the speed and no result",
        ["training.parallel"] = "it changes the speed and no result",
        ["tuning"] = "only fa tune reads it",
        ["study"] = "a study has no studies in it",
    };

    /// <summary>What is wrong with a key; null: nothing.</summary>
    /// <param name="path">The key with its path.</param>
    internal static string? Mistake(string path)
        => _fixed.FirstOrDefault(key => Covers(key.Key, path)) is { Key: { } covered, Value: var why }
            ? $"{(covered == path ? "" : $"{covered} ")}cannot be varied: {why}"
        : Find(path, out var unknown) is null ? unknown
        : null;

    /// <summary>The type of a key's values; null: there is no such key.</summary>
    /// <param name="path">The key with its path.</param>
    public static Type? TypeOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Find(path, out _);
    }

    /// <summary>Whether one key is another, or a section that contains it.</summary>
    internal static bool Covers(string outer, string inner)
        => inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] == '.');

    private static Type? Find(string path, out string? mistake)
    {
        var type = typeof(ExperimentSpec);
        var passed = "";
        foreach (var step in path.Split('.'))
        {
            var here = SpecContract.Of(Nullable.GetUnderlyingType(type) ?? type);
            if (here.Kind == JsonTypeInfoKind.Dictionary && step.Length > 0)
            {
                type = here.ElementType!;
            }
            else if (here.Kind == JsonTypeInfoKind.Object && here.Properties.FirstOrDefault(property => property.Name == step) is { } found)
            {
                type = found.PropertyType;
            }
            else
            {
                mistake = here.Kind == JsonTypeInfoKind.Object ? Unknown(step, here) : $"unknown key: {passed} has no keys in it";
                return null;
            }

            passed = SpecContract.Join(passed, step);
        }

        mistake = null;
        return type;
    }

    private static string Unknown(string name, JsonTypeInfo type)
    {
        var here = type.Properties.Select(property => property.Name).ToList();
        var elsewhere = SpecContract.PathsOf(name).Where(path => !_fixed.Keys.Any(key => Covers(key, path))).ToList();
        return DidYouMean.Hint(name, here) is { Length: > 0 } hint ? $"unknown key{hint}"
            : elsewhere.Count > 0 ? $"unknown key; there is {string.Join(" and ", elsewhere)}"
            : $"unknown key; the keys there are {string.Join(", ", here.Except(_fixed.Keys))}";
    }
}
