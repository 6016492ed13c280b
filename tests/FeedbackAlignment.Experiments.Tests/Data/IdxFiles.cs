using System.Buffers.Binary;
using System.IO.Compression;

namespace FeedbackAlignment.Experiments.Tests.Data;

/// <summary>Small IDX files.</summary>
internal static class IdxFiles
{
    /// <summary>Pictures of 2 × 2 pixels; all four pixels of picture i are i.</summary>
    public static byte[] Pictures(int count)
        => [0, 0, 8, 3, .. Number(count), .. Number(2), .. Number(2), .. Enumerable.Range(0, count).SelectMany(example => Enumerable.Repeat((byte)example, 4))];

    /// <summary>Labels 0, 1, 2, 0, 1, …</summary>
    public static byte[] Labels(int count, int classes = 3)
        => [0, 0, 8, 1, .. Number(count), .. Enumerable.Range(0, count).Select(example => (byte)(example % classes))];

    public static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>A folder of 24 training and 9 test pictures.</summary>
    public static void WriteTo(TemporaryFolder folder, string under = "")
    {
        folder.Write(Path.Combine(under, "train-images-idx3-ubyte.gz"), Pack(Pictures(24)));
        folder.Write(Path.Combine(under, "train-labels-idx1-ubyte"), Labels(24));
        folder.Write(Path.Combine(under, "t10k-images-idx3-ubyte"), Pictures(9));
        folder.Write(Path.Combine(under, "t10k-labels-idx1-ubyte.gz"), Pack(Labels(9)));
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
