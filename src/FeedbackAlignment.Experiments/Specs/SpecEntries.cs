using System.Collections;
using System.Text.Json.Serialization.Metadata;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The entries of a dictionary in a spec, whatever the type of its values.</summary>
internal static class SpecEntries
{
    /// <summary>Whether a list is a dictionary.</summary>
    public static bool Are(IEnumerable values) => SpecContract.Of(values.GetType()).Kind == JsonTypeInfoKind.Dictionary;

    /// <summary>Its entries, in its order.</summary>
    public static IEnumerable<(string Key, object? Value)> Of(IEnumerable dictionary) => dictionary.Cast<object>().Select(entry =>
        ((string)entry.GetType().GetProperty("Key")!.GetValue(entry)!, entry.GetType().GetProperty("Value")!.GetValue(entry)));
}
