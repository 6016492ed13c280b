using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>A text such as <c>784-1000-10</c> (see <see cref="Network.ParseSizes"/>).</summary>
internal sealed class LayerSizes : ValueRule
{
    /// <summary>What such a text looks like.</summary>
    public const string Pattern = "^(?=.*[-x])(0*[1-9][0-9]*x)?0*[1-9][0-9]*(-(0*[1-9][0-9]*x)?0*[1-9][0-9]*)*$";

    /// <inheritdoc/>
    public override string? Mistake(object value, Components components) =>
        Network.TryParseSizes((string)value, out _, out var mistake) ? null : mistake;

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => schema["pattern"] = Pattern;
}

/// <summary>A <see cref="NetworkPlan"/>: sizes, or a row of modules. The row may also be a JSON list.</summary>
internal sealed class Plan : ValueRule
{
    /// <inheritdoc/>
    public override string? Mistake(object value, Components components) =>
        OpenNetworks.Read((string)value, components.Parts, out var mistake) is null ? mistake : null;

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
    {
        schema["type"] = new JsonArray("string", "array", "null");
        schema["pattern"] = $"{LayerSizes.Pattern}|^\\s*(0*[1-9][0-9]*(x[0-9]+x[0-9]+)?\\s*,|[A-Za-z]).*dense"
            + $"|^\\s*({string.Join('|', NetworkPresets.Ids)})\\s*$";
        schema["items"] = new JsonObject { ["type"] = new JsonArray("string", "integer") };
    }

    /// <inheritdoc/>
    public override string? Words(Components components)
        => string.Join(' ', components.Modules.Entries.Select(module => $"`{module.Usage}`: {module.Summary}"))
            + $" Whole networks: {string.Join(' ', NetworkPresets.All.Select(preset => $"`{preset.Id}`: {preset.Summary}"))}";
}

/// <summary>A source of data: a known name, or a path, which has a slash in it.</summary>
internal sealed class DataSource : ValueRule
{
    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
    {
        var source = (string)value;
        if (SpecVocabulary.DataSources.Contains(source) || source is "." or ".." || source.AsSpan().IndexOfAny('/', '\\') >= 0)
        {
            return null;
        }

        var known = string.Join(", ", SpecVocabulary.DataSources);
        var hint = DidYouMean.Hint(source, SpecVocabulary.DataSources);
        return $"must be one of {known} or a folder's path with a slash, e.g. ./my-data; was {ForeignText.Quoted(source)}{hint}";
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => schema["anyOf"] = new JsonArray(
        new JsonObject { ["enum"] = new JsonArray([.. SpecVocabulary.DataSources.Select(id => JsonValue.Create(id))]) },
        new JsonObject { ["pattern"] = @"[/\\]|^\.\.?$" });
}

/// <summary>A text for people, without characters that a terminal obeys.</summary>
internal sealed class PrintableText : ValueRule
{
    /// <inheritdoc/>
    public override string? Mistake(object value, Components components) => !ForeignText.HasCommands((string)value) ? null
        : "must be one line without control characters and without characters that turn the direction of writing, was "
            + ForeignText.Quoted((string)value);

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
        => schema["pattern"] = @"^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]*$";
}

/// <summary>The path of a file.</summary>
internal sealed class FileName : ValueRule
{
    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
        => string.IsNullOrWhiteSpace((string)value) || ((string)value).Contains('\0')
            ? $"must be the path of a file, was {ForeignText.Quoted((string)value)}" : null;

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => schema["pattern"] = @"\S";
}

/// <summary>A SHA-256 checksum.</summary>
internal sealed class Sha256 : ValueRule
{
    private const int Digits = 64;

    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
        => ((string)value).Length == Digits && ((string)value).All(char.IsAsciiHexDigitLower) ? null
            : $"must be {Digits} lower-case hexadecimal digits, was {ForeignText.Quoted((string)value)}";

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => schema["pattern"] = "^[0-9a-f]{64}$";
}

/// <summary>A single character.</summary>
internal sealed class OneCharacter : ValueRule
{
    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
        => value is string { Length: 1 } text && text[0] is not ('"' or '\r' or '\n' or '\0') ? null
            : $"must be one character, e.g. \";\", was {ForeignText.Quoted((string)value)}";

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => schema["pattern"] = "^[^\"\\r\\n]$";
}

/// <summary>Height and width of images, e.g. <c>32x32</c>.</summary>
internal sealed partial class ImageSize : ValueRule
{
    /// <summary>The most pixels in a direction.</summary>
    public const int Most = 4096;

    /// <summary>The size, if the text is one.</summary>
    public static (int Height, int Width)? Of(string text)
        => Pattern().Match(text) is { Success: true } match && int.Parse(match.Groups[1].Value) is var height and <= Most && int.Parse(match.Groups[2].Value) is var width and <= Most
            ? (height, width)
            : null;

    /// <inheritdoc/>
    public override string? Mistake(object value, Components components)
        => Of((string)value) is null ? $"must be height and width of at most {Most} pixels, e.g. 32x32, was {ForeignText.Quoted((string)value)}" : null;

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components) => schema["pattern"] = "^[1-9][0-9]{0,3}x[1-9][0-9]{0,3}$";

    [GeneratedRegex("^([1-9][0-9]{0,3})x([1-9][0-9]{0,3})$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
