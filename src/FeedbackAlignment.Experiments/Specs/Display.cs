using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Values as messages show them: on one line, not too long, whatever they hold.</summary>
internal static class Display
{
    private const int Longest = 60, LongestMessage = 200;

    /// <summary>A text in quotation marks.</summary>
    public static string Text(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Cut(text))}\"";

    /// <summary>A number or text of a spec.</summary>
    public static string Value(object value) => value is string text ? Text(text) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    /// <summary>A JSON value: as written, if short; else what it is.</summary>
    public static string Json(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => Cut(element.GetRawText()),
    };

    /// <summary>A message of the serializer, which may quote half a file: on one line, and cut.</summary>
    public static string Message(string message)
        => string.Concat((message.Length <= LongestMessage ? message : $"{message.AsSpan(0, LongestMessage)}…").Select(letter => char.IsControl(letter) ? ' ' : letter));

    /// <summary>A text without its end, if it is long.</summary>
    public static string Cut(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
}
