using System.Text.Json;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Tests.Reference.PyTorch;

/// <summary>
/// What PyTorch has computed in double precision, as <c>tests/fixtures/pytorch/record.py</c> wrote it down; the README beside that says
/// what stands where.
/// </summary>
internal static class Fixture
{
    private static readonly string _folder = Path.Combine(Repository.Root, "tests", "fixtures", "pytorch");

    /// <summary>Their names, without the ending.</summary>
    public static IReadOnlyList<string> Files { get; }
        = [.. Directory.GetFiles(_folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    /// <summary>The cases of a file.</summary>
    public static JsonElement[] Cases(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, $"{file}.json")));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(element => element.Clone())];
    }

    /// <summary>The <c>state_dict</c> that a case names.</summary>
    public static SafetensorsFile State(string name)
    {
        using var file = File.OpenRead(Path.Combine(_folder, $"{name}.safetensors"));
        return SafetensorsFile.Read(file, name);
    }

    /// <summary>Tensors with all their dimensions, in single precision.</summary>
    public static IEnumerable<NamedTensor> Tensors(this JsonElement element, string key)
        => element.GetProperty(key).EnumerateObject().Select(tensor => new NamedTensor(
            tensor.Name, [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())],
                tensor.Value.Table().Single()));

    /// <summary>A table in single precision.</summary>
    public static Matrix Single(this double[,] table)
    {
        var matrix = new Matrix(table.Rows(), table.Columns());
        Some.ForEach(matrix, (row, column) => matrix[row, column] = (float)table[row, column]);
        return matrix;
    }

    /// <summary>Numbers of cases, for theories.</summary>
    public static TheoryData<int> Numbers(string file) => [.. Enumerable.Range(0, Cases(file).Length)];

    public static string Text(this JsonElement element, string key) => element.GetProperty(key).GetString()!;

    public static double Number(this JsonElement element, string key, double otherwise = 0)
        => element.TryGetProperty(key, out var value) ? value.GetDouble() : otherwise;

    public static bool Is(this JsonElement element, string key) => element.TryGetProperty(key, out var value) && value.GetBoolean();

    /// <summary>A row for each example; what has one dimension is one row.</summary>
    public static double[,] Table(this JsonElement tensor)
    {
        int[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        double[] values = [.. tensor.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        return Reference.Table.Make(1, values.Length, (_, place) => values[place]).Shaped(shape.Length < 2 ? 1 : shape[0]);
    }

    /// <summary>Named tables, in the file's order; none if they are not there.</summary>
    public static Dictionary<string, double[,]> Tables(this JsonElement element, string key)
        => !element.TryGetProperty(key, out var tensors) ? [] : tensors.EnumerateObject()
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Value.Table());

    /// <summary>The root of the sum of squares.</summary>
    public static double Norm(this double[,] table) => Math.Sqrt(table.Values().Sum(value => value * value));

    /// <summary>Fails unless the norm of the difference is at most a share of that of PyTorch's tensor.</summary>
    /// <param name="expected">PyTorch's.</param>
    /// <param name="actual">Ours.</param>
    /// <param name="share">The share.</param>
    /// <param name="what">What is compared.</param>
    /// <param name="least">What a smaller norm is taken as.</param>
    public static void AssertCloseByNorm(double[,] expected, double[,] actual, double share, string what, double least = 0)
    {
        Assert.Equal((expected.Rows(), expected.Columns()), (actual.Rows(), actual.Columns()));
        var (off, norm) = (actual.Minus(expected).Norm(), Math.Max(least, expected.Norm()));
        Assert.True(off <= share * norm, $"{what}: it is {off / norm:g2} of {norm:g2} off PyTorch's, more than {share:g2}");
    }

    /// <summary>Fails unless each number is within a share of the greatest number, or of 1.</summary>
    public static void AssertClose(double[,] expected, double[,] actual, double share, string what)
    {
        Assert.Equal((expected.Rows(), expected.Columns()), (actual.Rows(), actual.Columns()));
        var tolerance = share * Math.Max(1, expected.Greatest());
        foreach (var (place, off) in actual.Minus(expected).Values().Index())
        {
            Assert.True(Math.Abs(off) <= tolerance, $"{what}: number {place} is {off:g2} off PyTorch's, more than {tolerance:g2}");
        }
    }
}
