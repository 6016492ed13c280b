using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// Tells whether two sets of examples are the same: CRC-32C over all numbers, row by row, as a guard against mistakes, not against fraud;
/// SHA-256 where runs are named by it.
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

    /// <summary>SHA-256 of all that a training sees: numbers, shapes, and whether the targets are classes; in hexadecimal.</summary>
    public static string Sha256Of(DataSplit split)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var set in (ReadOnlySpan<DataSet>)[split.Train, split.Validation, split.Test])
        {
            var image = set.Image ?? default;
            hash.AppendData(MemoryMarshal.AsBytes<int>(
                [set.Count, set.Inputs.Columns, set.Targets.Columns, set.Labels is null ? 0 : 1, image.Channels, image.Height,
                    image.Width]));
            foreach (var matrix in (ReadOnlySpan<Matrix>)[set.Inputs, set.Targets])
            {
                for (var row = 0; row < matrix.Rows; row++)
                {
                    hash.AppendData(MemoryMarshal.AsBytes(matrix.Row(row)));
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
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
