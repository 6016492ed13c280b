using System.Buffers.Binary;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>How a PNG file stores its pixels.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Depth">Bits per number: 1, 2, 4, 8 or 16.</param>
/// <param name="Color">0 gray, 2 colors, 3 palette, 4 gray with alpha, 6 colors with alpha.</param>
/// <param name="Interlaced">Seven coarse images follow each other (Adam7).</param>
internal sealed record PngHeader(int Height, int Width, int Depth, int Color, bool Interlaced)
{
    /// <summary>First row, first column and steps of the seven passes.</summary>
    private static readonly (int Row, int Column, int Down, int Across)[] _adam7 =
        [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)];

    private static readonly (int Row, int Column, int Down, int Across)[] _whole = [(0, 0, 1, 1)];

    private const int Bytes = 13;

    /// <summary>Stored numbers per pixel.</summary>
    public int Numbers => Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>The last number of each pixel is alpha.</summary>
    public bool HasAlpha => Color is 4 or 6;

    /// <summary>The images that follow each other in the data: where their pixels go.</summary>
    public IEnumerable<(int Row, int Column, int Down, int Across, int Height, int Width)> Passes
        => from pass in Interlaced ? _adam7 : _whole
           let height = (Height - pass.Row + pass.Down - 1) / pass.Down
           let width = (Width - pass.Column + pass.Across - 1) / pass.Across
           where height > 0 && width > 0
           select (pass.Row, pass.Column, pass.Down, pass.Across, height, width);

    /// <summary>Bytes of a row of so many pixels, without its filter.</summary>
    public int RowBytes(int width) => (int)(((long)width * Numbers * Depth + 7) / 8);

    /// <summary>Bytes of all rows, unpacked.</summary>
    public long DataBytes => Passes.Sum(pass => pass.Height * (1L + RowBytes(pass.Width)));

    /// <summary>Reads <c>IHDR</c>.</summary>
    /// <param name="content">The chunk's content.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">There is no such image, or it is too large.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> content, string source)
    {
        const int offset = 16;
        if (content.Length != Bytes)
        {
            throw new DataFormatException(source, offset, $"the header has {content.Length} bytes, must have {Bytes}");
        }

        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]));
        DecodedImage.RequireSize(Math.Min(height, int.MaxValue), Math.Min(width, int.MaxValue), source, offset);
        var (depth, color) = (content[8], content[9]);
        var fits = color switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        return fits && content[10] == 0 && content[11] == 0 && content[12] <= 1
            ? new PngHeader((int)height, (int)width, depth, color, content[12] == 1)
            : throw new DataFormatException(source, offset + 8, $"PNG knows no image of color type {color} with {depth} bits, compression {content[10]}, filter {content[11]} and interlace {content[12]}");
    }
}
