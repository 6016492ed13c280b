using System.Buffers.Binary;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Fuzzing;

/// <summary>
/// Damages a valid file, in ways that readers stumble over: bits, lengths, ends, order. The same number gives the same damage.
/// </summary>
internal static class Mutation
{
    private const int MostChanges = 6, LongestPiece = 64;

    private static readonly long[] _lengths = [0, 1, -1, 127, 128, 255, 256, 65535, 1 << 20, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, 1L << 60, long.MaxValue, long.MinValue];

    private static readonly byte[][] _words =
        [.. ((string[])["null", "true", "-1", "1e999", "0.5", "NaN", "[]", "{}", "\"\"", "\"\\ud800\"", ",", ":", "}", "]", "\n", "\r\n",
            "\"", "99999999999999999999", "../../x", "\0", "'", "()", "residual(", "|", "(", ")", "dense 4", "batch-norm", "conv 3x3 2", "2x4x4", "max-pool 2",
            "stride 2", "padding 9", "groups 2", "<f8", "|O", ">i4"]).Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>A damaged copy.</summary>
    /// <param name="valid">What a right file holds.</param>
    /// <param name="other">Another right file, to take pieces from.</param>
    /// <param name="random">Decides on the damage.</param>
    public static byte[] Of(byte[] valid, byte[] other, RandomStream random)
    {
        List<byte> bytes = [.. valid];
        for (var change = 1 + Chance.Below(random, MostChanges); change > 0; change--)
        {
            Change(bytes, other, random);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, byte[] other, RandomStream random)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(Piece(other, random));
            return;
        }

        // Headers are short and at the beginning: half of all changes happen there.
        var at = Chance.Below(random, random.NextDouble() < 0.5 ? Math.Min(bytes.Count, 128) : bytes.Count);
        switch (Chance.Below(random, 9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << Chance.Below(random, 8));
                break;
            case 1:
                bytes[at] = (byte)Chance.Below(random, 256);
                break;
            case 2:
                Overwrite(bytes, at, Length(random));
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + Chance.Below(random, LongestPiece)));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.InsertRange(at, Piece([.. bytes], random));
                break;
            case 6:
                bytes.InsertRange(at, Piece(other, random));
                break;
            case 7:
                bytes.InsertRange(at, _words[Chance.Below(random, _words.Length)]);
                break;
            default:
                Overwrite(bytes, at, _words[Chance.Below(random, _words.Length)]);
                break;
        }
    }

    /// <summary>A number that a length or a count should not be, in either order of bytes.</summary>
    private static byte[] Length(RandomStream random)
    {
        var (value, bytes) = (_lengths[Chance.Below(random, _lengths.Length)], new byte[8]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, random.NextDouble() < 0.5 ? value : BinaryPrimitives.ReverseEndianness(value));
        return bytes[(random.NextDouble() < 0.5 ? 4 : 0)..];
    }

    private static byte[] Piece(byte[] bytes, RandomStream random)
    {
        var start = Chance.Below(random, bytes.Length);
        return bytes[start..Math.Min(bytes.Length, start + 1 + Chance.Below(random, LongestPiece))];
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (var i = 0; i < with.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = with[i];
        }
    }
}
