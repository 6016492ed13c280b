using System.Text;
using System.Text.Json;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>
/// A JSON value that can be damaged in ways a document object does not allow: keys twice, numbers that no type holds, text of any kind.
/// </summary>
internal sealed class JsonTree
{
    private JsonTree(JsonValueKind kind) => Kind = kind;

    public JsonValueKind Kind { get; }

    /// <summary>What an object or a list holds; the keys of a list are empty.</summary>
    public List<(string Key, JsonTree Value)> Children { get; init; } = [];

    /// <summary>Any other value as it stands in the file.</summary>
    private string Raw { get; init; } = "";

    /// <summary>Characters of the values in it, about as many as in its text.</summary>
    public long Size => Raw.Length + Children.Sum(child => child.Key.Length + child.Value.Size);

    public static JsonTree Leaf(string raw) => new(JsonValueKind.Undefined) { Raw = raw };

    public static JsonTree Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    public JsonTree Copy() => new(Kind) { Raw = Raw, Children = [.. Children.Select(child => (child.Key, child.Value.Copy()))] };

    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        Write(text);
        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    private static JsonTree Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new(JsonValueKind.Object)
        {
            Children = [.. element.EnumerateObject()
            .Select(entry => (JsonSerializer.Serialize(entry.Name), Of(entry.Value)))]
        },
        JsonValueKind.Array => new(JsonValueKind.Array) { Children = [.. element.EnumerateArray().Select(entry => ("", Of(entry)))] },
        _ => Leaf(element.GetRawText()),
    };

    private void Write(StringBuilder text)
    {
        if (Kind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            text.Append(Raw);
            return;
        }

        text.Append(Kind == JsonValueKind.Object ? '{' : '[');
        foreach (var (index, (key, value)) in Children.Index())
        {
            text.Append(index > 0 ? "," : "");
            if (Kind == JsonValueKind.Object)
            {
                text.Append(key).Append(':');
            }

            value.Write(text);
        }

        text.Append(Kind == JsonValueKind.Object ? '}' : ']');
    }
}
