using System.Globalization;
using System.Text.Json;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Values as messages show them: on one line, not too long, whatever they hold.</summary>
internal static class Display
{
    private const int LongestMessage = 200;

    /// <summary>A number or text of a spec.</summary>
    public static string Value(object value)
        => value is string text ? ForeignText.Quoted(text) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    /// <summary>A JSON value: as written, if short; else what it is.</summary>
    public static string Json(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => ForeignText.Line(element.GetRawText(), ForeignText.LongestQuote),
    };

    /// <summary>A message of the serializer, which may quote half a file: on one line, and cut.</summary>
    public static string Message(string message) => ForeignText.Line(message, LongestMessage);
}
