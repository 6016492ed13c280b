using System.Text;
using System.Text.Unicode;

namespace FeedbackAlignment.Data.Files;

/// <summary>The text of a file as UTF-8 bytes without a byte order mark, or the reason why it is none.</summary>
internal static class CsvText
{
    /// <summary>Checks the bytes, and turns UTF-16 with a byte order mark (as spreadsheets write it) into UTF-8.</summary>
    /// <param name="bytes">The unpacked content.</param>
    /// <param name="source">What to call the file in messages.</param>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> bytes, string source)
    {
        var text = bytes.Span switch
        {
            [0xEF, 0xBB, 0xBF, ..] => bytes[3..],
            [0xFF, 0xFE, ..] => Utf8Of(bytes.Span[2..], Encoding.Unicode, source),
            [0xFE, 0xFF, ..] => Utf8Of(bytes.Span[2..], Encoding.BigEndianUnicode, source),
            _ => bytes,
        };
        if (!Utf8.IsValid(text.Span))
        {
            throw new DataFormatException(source, LineOfInvalid(text.Span), null, "the line is not UTF-8; save the file as UTF-8 text");
        }

        var zero = text.Span.IndexOf((byte)0);
        return zero < 0 ? text : throw new DataFormatException(source, LineAt(text.Span, zero), null, "the line has a zero byte; this is no text file");
    }

    private static byte[] Utf8Of(ReadOnlySpan<byte> bytes, Encoding encoding, string source)
    {
        // A pair of bytes is a letter, which takes one to three in UTF-8.
        MemoryBudget.Require(2.5 * bytes.Length, source, "its text as UTF-8 would take");
        var letters = new char[encoding.GetCharCount(bytes)];
        encoding.GetChars(bytes, letters);
        return Encoding.UTF8.GetBytes(letters);
    }

    private static int LineOfInvalid(ReadOnlySpan<byte> bytes)
    {
        // Whole lines are valid or not by themselves, for a line break is no part of another character.
        var line = 1;
        while (true)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0 || !Utf8.IsValid(bytes[..end]))
            {
                return line;
            }

            bytes = bytes[(end + 1)..];
            line++;
        }
    }

    private static int LineAt(ReadOnlySpan<byte> bytes, int offset) => 1 + bytes[..offset].Count((byte)'\n');
}
