using System.Buffers.Binary;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>How the camera was held: phones store images as the sensor lay, and say in EXIF how to turn them.</summary>
internal static class Orientation
{
    /// <summary>Nothing to do.</summary>
    public const int Upright = 1;

    private const int Tag = 0x0112, EntryBytes = 12;

    /// <summary>Reads the orientation, 1 … 8, from a TIFF block; 1 where none can be found.</summary>
    /// <param name="block">The block, from its two letters of byte order.</param>
    public static int Read(ReadOnlySpan<byte> block)
    {
        if (block.Length < 8 || !(block.StartsWith("II"u8) || block.StartsWith("MM"u8)))
        {
            return Upright;
        }

        var little = block[0] == 'I';
        var directory = Long(block[4..], little);
        if (directory > block.Length - 2)
        {
            return Upright;
        }

        var entries = block[(int)directory..];
        var count = Short(entries, little);
        for (var entry = 0; entry < count && 2 + (entry + 1) * EntryBytes <= entries.Length; entry++)
        {
            var field = entries[(2 + entry * EntryBytes)..];
            if (Short(field, little) == Tag)
            {
                return Short(field[8..], little) is >= 1 and <= 8 and var orientation ? orientation : Upright;
            }
        }

        return Upright;
    }

    /// <summary>Turns an image as its file asks for; it keeps saying what was asked.</summary>
    /// <param name="image">The image as it is stored.</param>
    public static DecodedImage Apply(DecodedImage image)
    {
        if (image.Exif == Upright)
        {
            return image;
        }

        var (height, width, channels) = (image.Height, image.Width, image.Channels);
        var turned = image with { Samples = new ushort[image.Samples.Length] };
        if (image.Exif >= 5)
        {
            turned = turned with { Height = width, Width = height };
        }

        for (var y = 0; y < turned.Height; y++)
        {
            for (var x = 0; x < turned.Width; x++)
            {
                var (row, column) = image.Exif switch
                {
                    2 => (y, width - 1 - x),
                    3 => (height - 1 - y, width - 1 - x),
                    4 => (height - 1 - y, x),
                    5 => (x, y),
                    6 => (height - 1 - x, y),
                    7 => (height - 1 - x, width - 1 - y),
                    _ => (x, width - 1 - y),
                };
                image.Samples.AsSpan((row * width + column) * channels, channels).CopyTo(turned.Samples.AsSpan((y * turned.Width + x) * channels));
            }
        }

        return turned;
    }

    private static uint Long(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);

    private static int Short(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
}
