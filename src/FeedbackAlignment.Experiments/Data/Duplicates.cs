using System.Runtime.InteropServices;
using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Counts examples that are to be new to the network, and are not.</summary>
internal static class Duplicates
{
    /// <summary>How many examples have the inputs of a training example, bit for bit.</summary>
    public static int Count(DataSet examples, DataSet training)
    {
        var rows = new Dictionary<int, List<int>>();
        for (var row = 0; row < training.Count; row++)
        {
            var hash = Hash(training.Inputs, row);
            (CollectionsMarshal.GetValueRefOrAddDefault(rows, hash, out _) ??= []).Add(row);
        }

        return Enumerable.Range(0, examples.Count).Count(row => rows.TryGetValue(Hash(examples.Inputs, row), out var candidates)
            && candidates.Any(candidate => Bytes(training.Inputs, candidate).SequenceEqual(Bytes(examples.Inputs, row))));
    }

    private static int Hash(Matrix inputs, int row)
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes(inputs, row));
        return hash.ToHashCode();
    }

    private static Span<byte> Bytes(Matrix inputs, int row) => MemoryMarshal.AsBytes(inputs.Row(row));
}
