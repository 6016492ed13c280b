using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class FingerprintTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(700, 3)]
    [InlineData(4, 511)]
    [InlineData(4, 512)]
    [InlineData(4, 513)]
    [InlineData(2, 5000)]
    public void ItIsTheBeginningOfShaOverShapesAndNumbers(int rows, int columns)
    {
        var matrix = Some.Matrix(rows, columns, seed: 1);
        using var stream = new MemoryStream();
        stream.Write(MemoryMarshal.AsBytes<int>([rows, columns, 0]));
        for (var row = 0; row < rows; row++)
        {
            stream.Write(MemoryMarshal.AsBytes(matrix.Row(row)));
        }

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()))[..16], Fingerprint.Of(matrix));
    }

    [Fact]
    public void EveryNumberCounts()
    {
        var matrix = Some.Matrix(5, 7, seed: 1);
        var prints = new HashSet<string> { Fingerprint.Of(matrix) };
        Some.ForEach(matrix, (row, column) =>
        {
            var before = matrix[row, column];
            matrix[row, column] = MathF.BitIncrement(before);
            Assert.True(prints.Add(Fingerprint.Of(matrix)));
            matrix[row, column] = before;
        });
        Assert.Contains(Fingerprint.Of(matrix), prints);
    }

    [Fact]
    public void ShapeAndOrderCount()
    {
        Matrix[][] others = [[new(2, 6)], [new(6, 2)], [new(2, 6, MatrixOrder.ColumnMajor)], [new(1, 6), new(1, 6)], [new(2, 3), new(2, 3)], [], [default]];
        Assert.Distinct(others.Select(matrices => Fingerprint.Of(matrices)));
    }

    [Fact]
    public void ZeroIsNotMinusZero() => Assert.NotEqual(Fingerprint.Of(new Matrix(1, 1)), Fingerprint.Of(Matrix.From([-0f], 1, 1)));
}
