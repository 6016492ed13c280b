using System.Text.Json;
using System.Text.Json.Serialization;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>A number ≥ 1 that may be left out. A file with another number is damaged.</summary>
internal sealed class PositiveCountConverter : JsonConverter<long>
{
    /// <inheritdoc/>
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 1 ? count
            : throw new JsonException("a number of examples must be null or a whole number ≥ 1");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
