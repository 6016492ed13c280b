using System.Diagnostics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// into (+)= left · right on a rectangle of <c>into</c>, where <c>right</c> and <c>into</c> are row-major and <c>left</c> is read one
/// float at a time, so in either order.
/// </summary>
/// <remarks>
/// Each element of <c>into</c> is one chain of multiply-adds, in the order of the inner index from 0 on: lanes run across
/// columns, never along the sum. Tiles, blocks and threads therefore cannot change a bit. A tile of 8 rows × 3 vectors keeps 24
/// chains in registers; where there are only sixteen registers, of 4 rows × 3 vectors twelve (<see cref="ProductTile{TRow, T}"/>). The
/// inner index is walked in blocks, so that the piece of <c>right</c> under a column of tiles stays in the first-level cache; between
/// blocks the chains rest in <c>into</c>.
/// </remarks>
internal static class ProductKernel<T>
    where T : struct, ILanes<T>
{
    private const int InnerBlock = 128;

    /// <summary>A factor of more floats than this does not stay in the second-level cache; its memory is asked for ahead.</summary>
    private const int CachedFloats = 1 << 17;

    private const int EnoughTilesToFetchAhead = 8;

    /// <param name="left">rows × inner, in either order.</param>
    /// <param name="right">inner × columns, row-major.</param>
    /// <param name="into">rows × columns, row-major.</param>
    /// <param name="chains">Where chains start, and what becomes of them.</param>
    /// <param name="rows">The rows to work on.</param>
    /// <param name="columns">The columns to work on, from a multiple of a cache line on.</param>
    public static void Run(Matrix left, Matrix right, Matrix into, in ChainTerms chains, Range<int> rows, Range<int> columns)
    {
        Debug.Assert(right.ColumnStride == 1 && into.ColumnStride == 1);
        var inner = left.Columns;
        if (inner == 0)
        {
            Fill(into, chains, rows, columns with { To = Matrix.Padded(columns.To) });
            chains.Finish?.Apply(into, rows, columns with { To = Matrix.Padded(columns.To) });
            return;
        }

        // Blocks of equal length: a short one at the end would load and store its chains for little work.
        var blocks = (inner + InnerBlock - 1) / InnerBlock;
        var block = (inner + blocks - 1) / blocks;
        for (var start = 0; start < inner; start += block)
        {
            var piece = new Range<int>(start, Math.Min(start + block, inner));
            var fresh = start == 0 && !chains.Accumulate;
            var column = columns.From;
            while (column < columns.To)
            {
                var width = StripWidth(columns.To - column);
                var next = column + width * T.Count;
                switch (width)
                {
                    case 3:
                        Strip<TileRow3<T>>(left, right, into, chains, rows, columns with { From = column }, piece, fresh, isFirst: column == columns.From);
                        break;
                    case 2:
                        Strip<TileRow2<T>>(left, right, into, chains, rows, columns with { From = column }, piece, fresh, isFirst: column == columns.From);
                        break;
                    default:
                        Strip<TileRow1<T>>(left, right, into, chains, rows, columns with { From = column }, piece, fresh, isFirst: column == columns.From);
                        break;
                }

                if (piece.To == inner)
                {
                    chains.Finish?.Apply(into, rows, new(column, next));
                }

                column = next;
            }
        }
    }

    /// <summary>
    /// How many vectors wide the next strip should be: three where that leaves no single vector for the end, for a tile of few chains
    /// cannot hide the latency of the multiply-add.
    /// </summary>
    public static int StripWidth(int floats)
    {
        var vectors = (floats + T.Count - 1) / T.Count;
        return vectors is 1 or 2 ? vectors : vectors is 4 ? 2 : 3;
    }

    /// <summary>
    /// How many lines of the next strip each tile should ask for: 0 where it is in the cache anyhow, or there is none, or too little
    /// time.
    /// </summary>
    private static int LinesPerTile(Matrix right, int tiles, int columnsAfter, int length)
    {
        return tiles < EnoughTilesToFetchAhead || columnsAfter <= 0 || (long)right.Rows * right.RowStride < CachedFloats ? 0 : (length + tiles - 1) / tiles;
    }

    /// <summary>A strip of tiles below each other, at the left end of the columns that are left to do.</summary>
    private static void Strip<TRow>(Matrix left, Matrix right, Matrix into, in ChainTerms chains, Range<int> rows, Range<int> columns, Range<int> inner, bool fresh, bool isFirst)
        where TRow : struct, ITileRow<TRow, T>
    {
        var column = columns.From;
        Span<float> zeros = stackalloc float[3 * Matrix.Granule];
        zeros.Clear();
        ref var first = ref chains.Begin.Rows == 0 ? ref zeros[0] : ref chains.Begin.Origin.At(column);
        var tile = new ProductTile<TRow, T>(left, right, into, column, inner, fresh, ref first);
        var row = rows.From;
        for (; TRow.Count == 1 && row + 12 <= rows.To; row += 12)
        {
            tile.Twelve(row);
        }

        var (tileRows, floats, length) = (T.Registers >= 32 ? 8 : 4, TRow.Count * T.Count, inner.To - inner.From);
        var linesPerTile = LinesPerTile(right, (rows.To - row) / tileRows, columns.To - columns.From - floats, length);
        var leftIsFar = left.ColumnStride == 1 && isFirst && (long)left.Rows * left.RowStride >= CachedFloats;
        var intoIsFar = !fresh && (chains.AreFar || (long)into.Rows * into.RowStride >= Memory.FarFloats);
        ref var next = ref right.Origin.At(inner.From * right.RowStride + column + floats);
        for (; row + tileRows <= rows.To; row += tileRows)
        {
            FetchAhead(ref next, right.RowStride, linesPerTile, floats);
            next = ref next.At(linesPerTile * right.RowStride);
            if (leftIsFar && row + 2 * tileRows <= rows.To)
            {
                FetchAhead(ref left.Origin.At((row + tileRows) * left.RowStride + inner.From), left.RowStride, tileRows, length);
            }

            if (intoIsFar && row + 2 * tileRows <= rows.To)
            {
                FetchAhead(ref into.Origin.At((row + tileRows) * into.RowStride + column), into.RowStride, tileRows, floats);
            }

            if (T.Registers >= 32)
            {
                tile.Eight(row);
            }
            else
            {
                tile.Four(row);
            }
        }

        for (; row + 4 <= rows.To; row += 4)
        {
            tile.Four(row);
        }

        for (; row < rows.To; row++)
        {
            tile.One(row);
        }
    }

    /// <summary>
    /// Asks for memory before it is needed, while a tile is computed: a part of the next strip of <c>right</c>, or the lines of
    /// <c>left</c> under the next tile. Weights have their lines far apart, where the processor's own look-ahead does not reach.
    /// </summary>
    /// <param name="next">The first float.</param>
    /// <param name="step">Floats from line to line.</param>
    /// <param name="lines">How many lines to ask for.</param>
    /// <param name="floats">Floats to ask for in a line.</param>
    private static void FetchAhead(ref float next, int step, int lines, int floats)
    {
        for (; lines > 0; lines--)
        {
            Memory.Fetch(ref next, floats);
            next = ref next.At(step);
        }
    }

    /// <summary>Chains without terms end where they start.</summary>
    private static void Fill(Matrix into, in ChainTerms chains, Range<int> rows, Range<int> columns)
    {
        for (var row = rows.From; !chains.Accumulate && row < rows.To; row++)
        {
            var line = into.PaddedLine(row)[columns.From..columns.To];
            if (chains.Begin.Rows == 0)
            {
                line.Clear();
            }
            else
            {
                chains.Begin.PaddedLine(0)[columns.From..columns.To].CopyTo(line);
            }
        }
    }
}
