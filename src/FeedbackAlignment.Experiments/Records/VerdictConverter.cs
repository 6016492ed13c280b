using System.Text.Json;
using System.Text.Json.Serialization;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>Verdicts by their words. It also reads what 0.1 wrote for <see cref="Verdict.NotOfThePaper"/>.</summary>
internal sealed class VerdictConverter : JsonConverter<Verdict>
{
    /// <inheritdoc/>
    public override Verdict Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("not in the paper's reach")
            ? Verdict.NotOfThePaper
            : JsonSerializer.Deserialize<Verdict>(ref reader, options);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Verdict value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, options);
}
