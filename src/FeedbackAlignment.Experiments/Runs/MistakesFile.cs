using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// <c>test-mistakes.npy</c>: for each test example a byte, 1 where the kept weights misread it. NumPy reads it as it is.
/// </summary>
internal static class MistakesFile
{
    public const string Name = "test-mistakes.npy";

    /// <summary>The header of any version of NPY that we write is shorter.</summary>
    private const int MostHeader = 1024;

    public static void Write(Stream file, IReadOnlyList<bool> mistakes)
    {
        NpzFile.WriteHeader(file, "|u1", $"{mistakes.Count},");
        file.Write([.. mistakes.Select(mistake => (byte)(mistake ? 1 : 0))]);
    }

    /// <summary>The record with what its folder says of single test examples, where that agrees with its test error.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="record">Its record.</param>
    /// <param name="examples">Test examples that there are; null: as many as the file has.</param>
    /// <returns>The same record if the file is not there, is damaged, or belongs to other results.</returns>
    public static RunRecord AddTo(Place run, RunRecord record, int? examples = null)
        => record.TestError is { } error && Read(run.In(Name), examples) is { } mistakes
            && Math.Abs(error - (mistakes.Count(mistake => mistake) / (double)mistakes.Length)) < 0.5 / mistakes.Length
            ? record with { TestMistakes = mistakes } : record;

    private static bool[]? Read(Place file, int? examples)
    {
        try
        {
            if (!file.IsFile)
            {
                return null;
            }

            using var stream = file.Read();
            if (examples is { } most && stream.Length > (long)most + MostHeader)
            {
                return null;
            }

            var values = NpyReader.ReadPlain(stream, file.FullPath).Values;
            return values.Columns != 1 || (examples is { } count && values.Rows != count) ? null
                : [.. Enumerable.Range(0, values.Rows).Select(example => values[example, 0] != 0)];
        }
        catch (Exception trouble) when (trouble is DataFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
