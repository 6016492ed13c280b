using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class FingerprintTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 7)]
    [InlineData(5, 8)]
    [InlineData(2, 9)]
    [InlineData(3, 50)]
    public void FourChecksumsTakeTheNumbersInTurns(int rows, int columns)
    {
        var matrix = Some.Matrix(rows, columns, seed: 1);
        var lanes = new[] { uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue };
        Add(0, (uint)rows);
        Add(0, (uint)columns);
        Add(0, 0);
        Some.ForEach(matrix, (row, column)
            => Add((row + (column < columns / 8 * 8 ? column / 2 : 0)) % 4, BitConverter.SingleToUInt32Bits(matrix[row, column])));
        Assert.Equal(string.Concat(Enumerable.Range(rows, 4).Select(lane => $"{lanes[lane % 4]:x8}")), Fingerprint.Of(matrix));

        // CRC-32C by its definition, bit by bit.
        void Add(int lane, uint word)
        {
            lanes[lane] ^= word;
            for (var bit = 0; bit < 32; bit++)
            {
                lanes[lane] = (lanes[lane] >> 1) ^ ((lanes[lane] & 1) * 0x82F63B78u);
            }
        }
    }

    [Fact]
    public void EveryNumberCounts()
    {
        var matrix = Some.Matrix(5, 27, seed: 1);
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
        Matrix[][] others = [[new(2, 6)], [new(6, 2)], [new(2, 6, MatrixOrder.ColumnMajor)], [new(1, 6), new(1, 6)],
            [new(2, 3), new(2, 3)], [], [default]];
        Assert.Distinct(others.Select(matrices => Fingerprint.Of(matrices)));
    }

    [Fact]
    public void ZeroIsNotMinusZero() => Assert.NotEqual(Fingerprint.Of(new Matrix(1, 1)), Fingerprint.Of(Matrix.From([-0f], 1, 1)));
}
