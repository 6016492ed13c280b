using System.Text;
using System.Text.Unicode;

namespace FeedbackAlignment.Data.Files;

/// <summary>The text of a file as UTF-8 bytes without a byte order mark, or the reason why it is none.</summary>
internal static class CsvText
{
    /// <summary>Checks the bytes, and turns UTF-16 with a byte order mark (as spreadsheets write it) into UTF-8.</summary>
    /// <param name="bytes">The unpacked content.</param>
    /// <param name="source">What to call the file in messages.</param>
    public static ReadOnlyMemory<byte> Of(byte[] bytes, string source)
    {
        ReadOnlyMemory<byte> text = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => bytes.AsMemory(3),
            [0xFF, 0xFE, ..] => Encoding.Convert(Encoding.Unicode, Encoding.UTF8, bytes, 2, bytes.Length - 2),
            [0xFE, 0xFF, ..] => Encoding.Convert(Encoding.BigEndianUnicode, Encoding.UTF8, bytes, 2, bytes.Length - 2),
            _ => bytes,
        };
        if (!Utf8.IsValid(text.Span))
        {
            throw new DataFormatException(source, LineOfInvalid(text.Span), null, "the line is not UTF-8; save the file as UTF-8 text");
        }

        var zero = text.Span.IndexOf((byte)0);
        return zero < 0 ? text : throw new DataFormatException(source, LineAt(text.Span, zero), null, "the line has a zero byte; this is no text file");
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
