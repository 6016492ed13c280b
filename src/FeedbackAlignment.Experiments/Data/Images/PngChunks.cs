using System.Buffers.Binary;
using System.Text;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>The parts of a PNG file. Every part's checksum is checked, so a damaged byte cannot become a wrong pixel.</summary>
internal static class PngChunks
{
    private const int Overhead = 12;

    private static readonly uint[] _crc = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    /// <summary>What every PNG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The chunks up to <c>IEND</c>, each with its name and where its content is.</summary>
    /// <param name="file">The file; it begins with the signature.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">The file is cut off or damaged.</exception>
    public static List<(string Name, Range Content)> Read(byte[] file, string source)
    {
        var chunks = new List<(string Name, Range Content)>();
        var at = Signature.Length;
        while (true)
        {
            if (file.Length - at < Overhead)
            {
                throw new DataFormatException(source, at, "the PNG file ends here, before its end mark (IEND): it is cut off");
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - Overhead)
            {
                throw new DataFormatException(source, at, $"a part of {length} bytes begins here, but the file has only {file.Length - at - Overhead} more: it is cut off or damaged");
            }

            var named = file.AsSpan(at + 4, 4 + (int)length);
            var name = Encoding.Latin1.GetString(named[..4]);
            if (BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + (int)length)) != Crc(named))
            {
                throw new DataFormatException(source, at, $"the checksum of part {name} is wrong: the file is damaged");
            }

            if (name == "IEND")
            {
                return chunks;
            }

            chunks.Add((name, (at + 8)..(at + 8 + (int)length)));
            at += Overhead + (int)length;
        }
    }

    /// <summary>CRC-32 as PNG (and zip) have it.</summary>
    /// <param name="bytes">What to sum.</param>
    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
        {
            crc = _crc[(byte)(crc ^ each)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint CrcOf(int start)
    {
        var crc = (uint)start;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return crc;
    }
}
