using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>Reads PNG and JPEG files, told apart by their content, upright.</summary>
internal static class ImageDecoder
{
    /// <summary>No file may be longer.</summary>
    private const int MostBytes = 1 << 28;

    /// <summary>Reads an image, turned as EXIF says.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">The file is no PNG or JPEG file, or damaged, or of a kind that is not read.</exception>
    public static DecodedImage Read(Stream stream, string source)
    {
        var whole = new MemoryStream();
        var portion = new byte[1 << 16];
        for (int count; (count = stream.Read(portion)) > 0;)
        {
            whole.Write(portion.AsSpan(0, count));
            if (whole.Length > MostBytes)
            {
                throw new DataFormatException(source, null, $"the file has more than {MostBytes} bytes; no image may");
            }
        }

        return Decode(whole.ToArray(), source);
    }

    /// <summary>Reads an image, turned as EXIF says.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">The file is no PNG or JPEG file, or damaged, or of a kind that is not read.</exception>
    public static DecodedImage Decode(byte[] file, string source)
        => Orientation.Apply(file.AsSpan().StartsWith(PngChunks.Signature) ? PngDecoder.Decode(file, source)
            : file.AsSpan().StartsWith(JpegDecoder.Signature) ? JpegDecoder.Decode(file, source)
            : throw new DataFormatException(source, 0, $"{What(file)}; only PNG and JPEG are read"));

    private static string What(ReadOnlySpan<byte> file)
        => file.IsEmpty ? "the file is empty"
            : file.StartsWith("GIF8"u8) ? "the file is a GIF image"
            : file.StartsWith("BM"u8) ? "the file is a BMP image"
            : file.Length > 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? "the file is a WebP image"
            : file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) ? "the file is a TIFF image"
            : "the file begins like no image that this program knows";
}
