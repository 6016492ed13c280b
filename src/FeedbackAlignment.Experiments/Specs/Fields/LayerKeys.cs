using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>
/// A dictionary whose keys are names of layers. Which there are depends on the network's sizes, so <see cref="SpecCombinations"/> looks
/// them up.
/// </summary>
internal sealed class LayerKeys : FieldRule
{
    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
    {
        schema["patternProperties"] = new JsonObject { ["^(hidden[1-9][0-9]*|output)$"] = schema["additionalProperties"]!.DeepClone() };
        schema["additionalProperties"] = false;
        schema["propertyNames"] = new JsonObject { ["title"] = "LAYER" };
    }
}
