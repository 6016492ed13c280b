using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Numerics;

/// <summary>
/// Every index that a caller of the library can give: below 0 and beyond the end, it is refused with one line on what there is.
/// </summary>
public sealed class IndicesTests
{
    private static readonly Network _network = Some.Network("4-3-2", seed: 1);
    private static readonly DataSet _classes = Some.Examples(3, 4, 2, seed: 1);
    private static readonly DataSet _numbers = new(new Matrix(3, 4), new Matrix(3, 2));

    public static TheoryData<string, Action> Refusals => new()
    {
        { "there is no row -1 in a matrix of 2 × 3", () => new Matrix(2, 3).Row(-1) },
        { "there is no row 2 in a matrix of 2 × 3", () => new Matrix(2, 3).Row(2) },
        { "there is no row 0 in a matrix of 0 × 0", () => default(Matrix).Row(0) },
        { "[-1, 0] is outside a matrix of 2 × 3", () => Ignore(new Matrix(2, 3)[-1, 0]) },
        { "[0, -1] is outside a matrix of 2 × 3", () => Ignore(new Matrix(2, 3)[0, -1]) },
        { "[0, 3] is outside a matrix of 2 × 3", () => Ignore(new Matrix(2, 3)[0, 3]) },
        { "-1 rows from row 0 on are not all inside a matrix of 2 × 3", () => new Matrix(2, 3).Top(-1) },
        { "1 rows from row -1 on are not all inside a matrix of 2 × 3", () => new Matrix(2, 3).Slice(-1, 1) },
        { "2147483647 rows from row 1 on are not all inside a matrix of 2 × 3", () => new Matrix(2, 3).Slice(1, int.MaxValue) },
        { "1 rows from row -1 on are not all inside a matrix of 3 × 4", () => _classes.Slice(-1, 1) },
        { "1 rows from row 3 on are not all inside a matrix of 3 × 4", () => _numbers.Slice(3, 1) },
        { "there are 3 examples, 0 … 2", () => _classes.Select([0, -1]) },
        { "there are 3 examples, 0 … 2", () => _numbers.Select([3]) },
        { "there are 2 layers, 0 … 1", () => _network.CreatePass(1).InputOf(-1) },
        { "there are 2 layers, 0 … 1", () => _network.CreatePass(1).InputOf(2) },
        { "there are 2 layers, 0 … 1", () => Some.Spiking("4-3-2").CreatePass(1).InputOf(-1) },
        { "there are 1 hidden layers, 0 … 0", () => Ignore(new HiddenErrors(_network, 1)[-1]) },
        { "there are 1 hidden layers, 0 … 0", () => new HiddenErrors(_network, 1).Set(1, new Matrix(1, 3)) },
        { "there are no hidden layers", () => Ignore(new HiddenErrors(Some.Network("4-2", seed: 1), 1)[0]) },
        { "there are 2 rows, 0 … 1", () => Table().LineOf(-1) },
        { "there are 2 rows, 0 … 1", () => Table().LineOf(2) },
        { "there are 2 classes, 0 … 1", () => Ignore(Confusion()[-1, 0]) },
        { "there are 2 classes, 0 … 1", () => Ignore(Confusion()[0, 2]) },
        { "there are 2 classes, 0 … 1", () => Confusion().Examples(-1) },
        { "there are 2 classes, 0 … 1", () => Confusion().Undecided(-1) },
        { "there are 2 classes, 0 … 1", () => Confusion().Precision(-1) },
        { "there are 2 classes, 0 … 1", () => Confusion().Recall(2) },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void AnIndexOutsideIsRefusedWithWhatThereIs(string message, Action ask)
        => Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(ask).Message, StringComparison.Ordinal);

    private static CsvTable Table() => CsvTable.Read(new MemoryStream(Encoding.UTF8.GetBytes("a,b\n1,2\n3,4\n")), "table.csv");

    private static ConfusionMatrix Confusion() => new([0, 1], [0, 1], 2);

    private static void Ignore<T>(T value) => GC.KeepAlive(value);
}
