using System.Buffers.Binary;
using System.Text;

namespace FeedbackAlignment.Tests.Training;

/// <summary>Reads a state as docs/checkpoints.md describes it, not as the library does.</summary>
internal static class StateParts
{
    private const int Header = 8 + 4, Checksum = 32;

    /// <summary>The text of the part that says of which training the state is.</summary>
    public static string Identity(byte[] state) => Encoding.UTF8.GetString(All(state).Single(part => part.Name == "training").Bytes.Span);

    private static IEnumerable<(string Name, ReadOnlyMemory<byte> Bytes)> All(byte[] state)
    {
        for (var at = Header; at < state.Length - Checksum;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(state.AsSpan(at));
            var (name, kind) = (Encoding.UTF8.GetString(state, at + 2, length), (char)state[at + 2 + length]);
            at += 2 + length + 1;
            var rows = BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(at));
            var columns = BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(at + 4));
            at += 8;
            var bytes = rows * columns * kind switch { 't' or 'b' => 1, 'l' or 'd' => 8, _ => 4 };
            yield return (name, state.AsMemory(at, bytes));
            at += bytes;
        }
    }
}
