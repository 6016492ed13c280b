using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments;

/// <summary>
/// How specs and records are written as JSON: camelCase keys in the order of the types, ids in kebab-case, numbers in the shortest form
/// that reads back to the same bits, and null for what is not a number or infinite (JSON has no word for it). Text is not escaped for HTML,
/// but what a terminal obeys is (<c>\u202e</c>), so that JSON can be printed.
/// </summary>
public static class ExperimentJson
{
    /// <summary>Indented, for files: specs and <c>results.json</c>.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>On one line, for files with a record per line.</summary>
    public static JsonSerializerOptions Line { get; } = Create(indented: false);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
            Encoder = PrintableJsonEncoder.Instance,
            WriteIndented = indented,
            NewLine = "\n",
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OfItsFormat, WithoutHoles, WithCounts } },
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false), new FiniteDoubleConverter(), new FiniteSingleConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>A recorded spec that does not say its format is one of version 0.1.</summary>
    private static void OfItsFormat(JsonTypeInfo type)
    {
        if (type.Type == typeof(ExperimentSpec))
        {
            type.CreateObject = () => new ExperimentSpec { Format = 1 };
        }
    }

    /// <summary>No list or dictionary of a spec or a record has null in it; the serializer would let it pass.</summary>
    private static void WithoutHoles(JsonTypeInfo type)
    {
        if (type is { Kind: JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary, ElementType.IsValueType: false })
        {
            type.OnDeserialized = list =>
            {
                foreach (var element in list is IDictionary entries ? entries.Values : (IEnumerable)list)
                {
                    _ = element ?? throw new JsonException("null where a value is due");
                }
            };
        }
    }

    /// <summary>Every whole number of a record is a count or an index, and none is below 0.</summary>
    private static void WithCounts(JsonTypeInfo type)
    {
        if (type.Type.Namespace != typeof(RunRecord).Namespace || type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        Func<object, object?>[] counts =
        [
            .. type.Properties
                .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is var number
                    && (number == typeof(int) || number == typeof(long)))
                .Select(property => property.Get).OfType<Func<object, object?>>(),
        ];
        if (counts.Length > 0)
        {
            type.OnDeserialized = record =>
            {
                foreach (var count in counts)
                {
                    if (count(record) is < 0 or < 0L)
                    {
                        throw new JsonException("a count below 0");
                    }
                }
            };
        }
    }

    private sealed class FiniteDoubleConverter : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    private sealed class FiniteSingleConverter : JsonConverter<float>
    {
        public override bool HandleNull => true;

        public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? float.NaN : reader.GetSingle();

        public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options)
        {
            if (float.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
