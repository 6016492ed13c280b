using System.Text.Json;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Writes specs complete, with every default filled in, so that a reader needs nothing else to know what was run.</summary>
public static class SpecWriter
{
    /// <summary>
    /// The spec as indented JSON, always in the same order, ending with a line break. <see cref="SpecReader"/> gives back the same spec
    /// to the last bit.
    /// </summary>
    /// <param name="spec">A spec without mistakes.</param>
    public static string Write(ExperimentSpec spec) => JsonSerializer.Serialize(spec, ExperimentJson.Indented) + "\n";
}
