using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// Walks over an <see cref="OffsetProduct"/> in blocks of the inner index, strips of columns and tiles of rows, as
/// <see cref="ProductKernel{T}"/> does: the piece of the right factor under a strip stays in the first-level cache, and between blocks the
/// chains rest in the result.
/// </summary>
/// <typeparam name="T">One vector.</typeparam>
/// <typeparam name="TLeft">How the left factor is read.</typeparam>
internal static class OffsetKernel<T, TLeft>
    where T : struct, ILanes<T>
    where TLeft : struct, ILeftFactor<T>
{
    /// <summary>Floats of the right factor under a strip, 24 KB: the first-level cache also has to hold what else a tile reads.</summary>
    private const int StripFloats = 6 * 1024;

    /// <param name="product">What to compute.</param>
    public static void Run(in OffsetProduct product)
    {
        // Chains without terms end where they start: one block of no length.
        var mostInner = StripFloats / (Math.Min(3, (product.Columns + T.Count - 1) / T.Count) * T.Count);
        var blocks = Math.Max(1, (product.InnerLength + mostInner - 1) / mostInner);
        var block = Math.Max(1, (product.InnerLength + blocks - 1) / blocks);
        var inFours = AreInFours(product.Rows);
        for (var start = 0; start == 0 || start < product.InnerLength; start += block)
        {
            var piece = new Range<int>(start, Math.Min(start + block, product.InnerLength));
            var fresh = start == 0 && !product.Accumulate;
            for (var column = 0; column < product.Columns;)
            {
                var width = ProductKernel<T>.StripWidth(product.Columns - column);
                switch (width)
                {
                    case 3:
                        Strip<TileRow3<T>>(product, new(product, column, piece, fresh), inFours);
                        break;
                    case 2:
                        Strip<TileRow2<T>>(product, new(product, column, piece, fresh), inFours);
                        break;
                    default:
                        Strip<TileRow1<T>>(product, new(product, column, piece, fresh), inFours);
                        break;
                }

                column += width * T.Count;
            }
        }
    }

    /// <summary>A strip of tiles below each other.</summary>
    private static void Strip<TRow>(in OffsetProduct product, OffsetTile<TRow, T, TLeft> tile, bool inFours)
        where TRow : struct, ITileRow<TRow, T>
    {
        var count = product.Rows.Length;
        ref var rows = ref MemoryMarshal.GetReference(product.Rows);
        ref var into = ref MemoryMarshal.GetReference(product.IntoRows);
        var row = 0;
        for (; TRow.Count == 1 && T.Registers >= 32 && inFours && row + 16 <= count; row += 16)
        {
            tile.Sixteen(ref Unsafe.Add(ref rows, row), ref Unsafe.Add(ref into, row));
        }

        for (; (T.Registers >= 32 || TRow.Count == 1) && row + 8 <= count; row += 8)
        {
            tile.Eight(ref Unsafe.Add(ref rows, row), ref Unsafe.Add(ref into, row));
        }

        // More than four rows that are left over: eight chains take no longer than four, for a core waits for each.
        var fitsEight = T.Registers >= 32 && TRow.Count == 1 && count - row > 4;
        for (; !fitsEight && row + 4 <= count; row += 4)
        {
            tile.Four(ref Unsafe.Add(ref rows, row), ref Unsafe.Add(ref into, row));
        }

        if (row < count)
        {
            // The last row stands in for those that are missing: a tile loads all its chains before it stores the first.
            Span<int> lastRows = stackalloc int[8], lastInto = stackalloc int[8];
            for (var i = 0; i < 8; i++)
            {
                var last = Math.Min(row + i, count - 1);
                (lastRows[i], lastInto[i]) = (product.Rows[last], product.IntoRows[last]);
            }

            if (fitsEight)
            {
                tile.Eight(ref lastRows[0], ref lastInto[0]);
            }
            else
            {
                tile.Four(ref lastRows[0], ref lastInto[0]);
            }
        }
    }

    /// <summary>Whether, from the first on, always four rows are neighbors at the distance of the first two.</summary>
    private static bool AreInFours(ReadOnlySpan<int> rows)
    {
        var apart = rows.Length < 2 ? 0 : rows[1] - rows[0];
        for (var row = 0; row + 4 <= rows.Length; row += 4)
        {
            if (rows[row + 1] - rows[row] != apart || rows[row + 2] - rows[row + 1] != apart || rows[row + 3] - rows[row + 2] != apart)
            {
                return false;
            }
        }

        return true;
    }
}
