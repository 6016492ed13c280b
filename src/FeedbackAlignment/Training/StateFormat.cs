namespace FeedbackAlignment.Training;

/// <summary>
/// The layout of a training's state in a stream, all numbers little-endian: <see cref="Magic"/>, <see cref="Version"/> (int32), parts one
/// after another, and SHA-256 of all that (32 bytes). A part: length of its name (uint16), its name (UTF-8), what it holds (one byte, see
/// the constants), rows and columns (int32 each), and rows × columns numbers.
/// </summary>
internal static class StateFormat
{
    public const int Version = 2, ChecksumBytes = 32, MostNoteBytes = 1 << 22;

    /// <summary>What a part holds: float32 row by row or column by column, int32, int64, float64, UTF-8, bytes.</summary>
    public const byte Rows = (byte)'f', Columns = (byte)'F', Integers = (byte)'i', Longs = (byte)'l', Doubles = (byte)'d', Text = (byte)'t', Bytes = (byte)'b';

    public static ReadOnlySpan<byte> Magic => "FA-STATE"u8;
}
