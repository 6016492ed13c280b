using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FeedbackAlignment.Data.Files;

/// <summary>
/// The content of a binary file, unpacked if it is gzip (seen by its first bytes, not its name). Counts and hashes what is read,
/// and never holds more memory than about three times the bytes that are really there, whatever a header promises.
/// </summary>
internal sealed class Content : IDisposable
{
    private readonly string _source;
    private readonly Stream _bytes;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public Content(Stream stream, string source, bool unpack = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(source);
        _source = source;
        var magic = new byte[2];
        var count = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        var whole = new RejoinedStream(magic.AsMemory(0, count), stream);
        _bytes = unpack && magic is [0x1F, 0x8B] && count == 2 ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }

    /// <summary>Bytes of the unpacked content read so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Exactly the next bytes.</summary>
    /// <param name="count">How many, by the file's own account.</param>
    /// <param name="what">What they are, for the message if they are not there.</param>
    public byte[] Read(long count, string what)
    {
        if (count > Array.MaxLength)
        {
            throw new DataFormatException(_source, Offset, $"{what} would take {count} bytes, more than can be held in memory at once ({Array.MaxLength})");
        }

        var start = Offset;
        var bytes = Portions.Read(count, _source, Next);
        return bytes.Length == count && MemoryMarshal.TryGetArray<byte>(bytes, out var array)
            ? array.Array!
            : throw new DataFormatException(_source, Offset, $"the file ends here, after {bytes.Length} of the {count} bytes of {what} that begin at byte {start}");
    }

    /// <summary>Everything from here to the end.</summary>
    /// <exception cref="DataFormatException">It is more than an array can hold or may be used, or damaged.</exception>
    public Memory<byte> ReadToEnd()
    {
        var bytes = Portions.Read(Array.MaxLength, _source, Next);
        return bytes.Length < Array.MaxLength
            ? bytes
            : throw new DataFormatException(_source, Offset, $"the file has {Array.MaxLength} bytes or more, more than can be held in memory at once");
    }

    /// <summary>Checks that nothing follows.</summary>
    /// <returns>SHA-256 of the whole unpacked content, lower-case hexadecimal.</returns>
    public string End()
    {
        Span<byte> one = stackalloc byte[1];
        var end = Offset;
        return Next(one) == 0
            ? Convert.ToHexStringLower(_hash.GetHashAndReset())
            : throw new DataFormatException(_source, end, $"more bytes follow, but by its header the file ends here");
    }

    /// <summary>SHA-256 of everything from here to the end.</summary>
    public string HashToEnd()
    {
        var portion = new byte[1 << 16];
        while (Next(portion) > 0)
        {
        }

        return End();
    }

    public void Dispose()
    {
        if (_bytes is GZipStream)
        {
            _bytes.Dispose();
        }

        _hash.Dispose();
    }

    private int Next(Span<byte> into)
    {
        try
        {
            var count = _bytes.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
            _hash.AppendData(into[..count]);
            Offset += count;
            return count;
        }
        catch (InvalidDataException damaged)
        {
            throw new DataFormatException(_source, Offset, $"the gzip data are damaged or cut off near here ({damaged.Message.TrimEnd('.')})", damaged);
        }
    }
}
