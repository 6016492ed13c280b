using System.Text.Encodings.Web;

namespace FeedbackAlignment.Texts;

/// <summary>
/// Writes JSON texts as <see cref="JavaScriptEncoder.UnsafeRelaxedJsonEscaping"/> does, and escapes as <c>\uXXXX</c> also what that one
/// leaves: the characters that turn the direction of writing, and the byte order mark. So JSON can be printed, and its values stay equal.
/// </summary>
internal sealed class PrintableJsonEncoder : JavaScriptEncoder
{
    private const int EscapeLength = 6;

    private PrintableJsonEncoder()
    {
    }

    /// <summary>The one there is.</summary>
    public static PrintableJsonEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => UnsafeRelaxedJsonEscaping.MaxOutputCharactersPerInputCharacter;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => UnsafeRelaxedJsonEscaping.WillEncode(unicodeScalar) || IsOurs(unicodeScalar);

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var theirs = UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncode(text, textLength);
        var ours = ForeignText.IndexOfCommand(new ReadOnlySpan<char>(text, theirs < 0 ? textLength : theirs));
        return ours < 0 ? theirs : ours;
    }

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (!IsOurs(unicodeScalar) || UnsafeRelaxedJsonEscaping.WillEncode(unicodeScalar))
        {
            return UnsafeRelaxedJsonEscaping.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        }

        numberOfCharactersWritten = bufferLength < EscapeLength ? 0 : EscapeLength;
        return $"\\u{unicodeScalar:X4}".TryCopyTo(new Span<char>(buffer, bufferLength));
    }

    private static bool IsOurs(int unicodeScalar)
        => unicodeScalar <= char.MaxValue && ForeignText.IndexOfCommand([(char)unicodeScalar]) >= 0;
}
