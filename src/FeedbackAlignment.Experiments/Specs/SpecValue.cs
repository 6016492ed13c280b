using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Reads texts, truth values and numbers out of JSON, and says why not.</summary>
internal static class SpecValue
{
    /// <summary>Reads a value of a simple type.</summary>
    public static bool TryRead(JsonElement element, Type type, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? mistake)
    {
        (value, mistake) = type == typeof(string) ? Text(element)
            : type == typeof(bool) ? Truth(element)
            : type == typeof(JsonElement) ? Anything(element)
            : type == typeof(float) || type == typeof(double) ? Number(element, type)
            : WholeNumber(element, type);
        return value is not null;
    }

    /// <summary>Reads the name of a member; false if it is no valid text.</summary>
    public static bool TryName(JsonProperty member, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = null;
            return false;
        }
    }

    private static (object?, string?) Text(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return (null, $"must be a text in quotation marks, was {Display.Json(element)}");
        }

        try
        {
            return (element.GetString(), null);
        }
        catch (InvalidOperationException)
        {
            return (null, "has half of a surrogate pair (\\uD800 … \\uDFFF) in it, which is no character");
        }
    }

    /// <summary>A value of another key, which is judged where it is put; here it only must be one that can be written again.</summary>
    private static (object?, string?) Anything(JsonElement element)
    {
        string text;
        try
        {
            text = JsonSerializer.Serialize(element, ExperimentJson.Line);
        }
        catch (Exception half) when (half is JsonException or InvalidOperationException or ArgumentException)
        {
            return (null, "has half of a surrogate pair (\\uD800 … \\uDFFF) in it, which is no character");
        }

        try
        {
            using var once = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return (once.RootElement.Clone(), null);
        }
        catch (JsonException)
        {
            return (null, "a key in it appears twice; keep one");
        }
    }

    private static (object?, string?) Truth(JsonElement element) =>
        element.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? (element.GetBoolean(), null)
            : (null, $"must be true or false, was {Display.Json(element)}");

    private static (object?, string?) Number(JsonElement element, Type type)
    {
        if (element.ValueKind != JsonValueKind.Number)
        {
            return (null, $"must be a number, was {Display.Json(element)}");
        }

        var exact = double.Parse(element.GetRawText(), CultureInfo.InvariantCulture);
        object value = type == typeof(double) ? exact : (object)float.Parse(element.GetRawText(), CultureInfo.InvariantCulture);
        var rounded = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return !double.IsFinite(rounded) ? (null, $"is too large a number, was {Display.Json(element)}")
            : rounded == 0 && !IsZero(element.GetRawText()) ? (null, $"is too near 0, was {Display.Json(element)}")
            : (value, null);
    }

    /// <summary>Accepts every way of writing a whole number: <c>1800000</c>, <c>1.8e6</c>.</summary>
    private static (object?, string?) WholeNumber(JsonElement element, Type type)
    {
        if (element.ValueKind != JsonValueKind.Number)
        {
            return (null, $"must be a whole number, was {Display.Json(element)}");
        }

        var number = double.Parse(element.GetRawText(), CultureInfo.InvariantCulture);
        if (double.IsFinite(number) && !double.IsInteger(number))
        {
            return (null, $"must be a whole number, was {Display.Json(element)}");
        }

        try
        {
            var exact = decimal.Parse(element.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);
            return (Convert.ChangeType(exact, type, CultureInfo.InvariantCulture), null);
        }
        catch (OverflowException)
        {
            return (null, $"{(number < 0 ? "must not be negative" : "is too large a number")}, was {Display.Json(element)}");
        }
    }

    private static bool IsZero(string number) => number.AsSpan().IndexOfAnyInRange('1', '9') is var first && (first < 0 || number.AsSpan(0, first).IndexOfAny('e', 'E') >= 0);
}
