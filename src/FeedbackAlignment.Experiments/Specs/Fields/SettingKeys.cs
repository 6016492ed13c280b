using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>
/// A dictionary whose keys are settings that can be searched. Which there are depends on the rules, so <see cref="TuningChecks"/> looks
/// them up.
/// </summary>
internal sealed class SettingKeys : FieldRule
{
    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
    {
        // Where a type comes the second time, the exporter only points to the first place, which this very rule changes.
        schema.Remove("$ref");
        schema["type"] ??= "object";
        schema["patternProperties"] = new JsonObject
        {
            [@"^(learningRate|feedbackScale|feedbackLearningRateFactor|options\.[A-Za-z0-9]+)$"]
                = SpecSchema.Of(typeof(RangeSpec), components),
        };
        schema["additionalProperties"] = false;
        schema["propertyNames"] = new JsonObject { ["title"] = "SETTING" };
    }
}
