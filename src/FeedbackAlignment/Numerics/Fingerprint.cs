using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// Tells whether matrices are the same to the bit, shapes and orders included. Four CRC-32C take the pairs of numbers of a line in turns,
/// and one of them takes what is left of it: as fast as memory, and the same on every machine. A guard against mistakes, not against
/// fraud.
/// </summary>
internal static class Fingerprint
{
    private const int Lanes = 4;

    /// <summary>32 hexadecimal digits.</summary>
    public static string Of(params IEnumerable<Matrix> matrices)
    {
        var lanes = (A: uint.MaxValue, B: uint.MaxValue, C: uint.MaxValue, D: uint.MaxValue);
        foreach (var matrix in matrices)
        {
            foreach (var number in (ReadOnlySpan<int>)[matrix.Rows, matrix.Columns, (int)matrix.Order])
            {
                lanes.A = BitOperations.Crc32C(lanes.A, (uint)number);
            }

            for (var line = 0; line < matrix.Lines; line++)
            {
                lanes = Add(lanes, matrix.Line(line));
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{lanes.A:x8}{lanes.B:x8}{lanes.C:x8}{lanes.D:x8}");
    }

    private static (uint A, uint B, uint C, uint D) Add((uint A, uint B, uint C, uint D) lanes, ReadOnlySpan<float> numbers)
    {
        var (a, b, c, d) = lanes;
        var pairs = MemoryMarshal.Cast<float, ulong>(numbers);
        var place = 0;
        for (; place + Lanes <= pairs.Length; place += Lanes)
        {
            a = BitOperations.Crc32C(a, pairs[place]);
            b = BitOperations.Crc32C(b, pairs[place + 1]);
            c = BitOperations.Crc32C(c, pairs[place + 2]);
            d = BitOperations.Crc32C(d, pairs[place + 3]);
        }

        foreach (var number in numbers[(2 * place)..])
        {
            a = BitOperations.Crc32C(a, BitConverter.SingleToUInt32Bits(number));
        }

        // In turns: of a narrow matrix every line is all rest.
        return (b, c, d, a);
    }
}
