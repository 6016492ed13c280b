using System.Text.Json.Nodes;
using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Changes single values of a spec that is JSON; the reader judges what comes out.</summary>
public static class SpecJson
{
    /// <summary>The key that chooses the optimizer.</summary>
    public const string OptimizerKind = "optimizer.kind";

    /// <summary>Sets a value; sections on the way to it are made where they are not there.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="path">The key with its path, e.g. <c>optimizer.learningRate</c>.</param>
    /// <param name="value">The value.</param>
    public static void Set(JsonObject spec, string path, JsonNode? value)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(path);
        var steps = path.Split('.');
        var section = spec;
        foreach (var step in steps[..^1])
        {
            if (section[step] is not JsonObject inner)
            {
                section[step] = inner = [];
            }

            section = inner;
        }

        section[steps[^1]] = value;
    }

    /// <summary>
    /// Before an optimizer is chosen: the rate of one is no rate for another. A new one starts from its own defaults, but for the schedule
    /// and clipping.
    /// </summary>
    /// <param name="spec">The spec.</param>
    /// <param name="wanted">The optimizer's id.</param>
    public static void ForgetAnotherOptimizer(JsonObject spec, string? wanted)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var old = spec["optimizer"] as JsonObject;
        if (wanted is not null && wanted != ((string?)old?["kind"] ?? OptimizerEntry.Sgd.Id))
        {
            spec["optimizer"] = new JsonObject
            {
                ["schedule"] = old?["schedule"]?.DeepClone() ?? new JsonObject(),
                ["clipNorm"] = old?["clipNorm"]?.DeepClone(),
            };
        }
    }
}
