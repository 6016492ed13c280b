using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// Tells whether two sets of examples are the same: CRC-32C over all numbers, row by row. A guard against mistakes, not against fraud.
/// </summary>
internal static class DataChecksum
{
    /// <summary>Eight hexadecimal digits.</summary>
    public static string Of(DataSplit split)
    {
        var checksum = 0u;
        foreach (var set in (ReadOnlySpan<DataSet>)[split.Train, split.Validation, split.Test])
        {
            checksum = Add(Add(checksum, set.Inputs), set.Targets);
        }

        return checksum.ToString("x8", CultureInfo.InvariantCulture);
    }

    private static uint Add(uint checksum, Matrix matrix)
    {
        for (var row = 0; row < matrix.Rows; row++)
        {
            var numbers = matrix.Row(row);
            var pairs = MemoryMarshal.Cast<float, ulong>(numbers);
            foreach (var pair in pairs)
            {
                checksum = BitOperations.Crc32C(checksum, pair);
            }

            for (var rest = 2 * pairs.Length; rest < numbers.Length; rest++)
            {
                checksum = BitOperations.Crc32C(checksum, BitConverter.SingleToUInt32Bits(numbers[rest]));
            }
        }

        return checksum;
    }
}
