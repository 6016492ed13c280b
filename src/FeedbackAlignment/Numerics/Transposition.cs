using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// Copies a row-major matrix so that its columns become rows, in squares that are turned in registers: 8 × 8 where there are 256 bits,
/// else 4 × 4.
/// </summary>
internal static class Transposition
{
    private const int Square = 4, WideSquare = 8;

    /// <summary>Rows that are turned together: they fill a cache line of the target.</summary>
    public const int Band = Matrix.Granule;

    /// <param name="source">rows × columns, row-major.</param>
    /// <param name="target">columns × rows, row-major.</param>
    public static void Copy(Matrix source, Matrix target) => Copy(source, target, new(0, source.Rows), new(0, source.Columns));

    /// <param name="source">rows × columns, row-major.</param>
    /// <param name="target">columns × rows, row-major.</param>
    /// <param name="rows">The source's rows to copy, from a multiple of <see cref="Band"/> on.</param>
    /// <param name="columns">The source's columns to copy, from a multiple of <see cref="Band"/> on.</param>
    public static void Copy(Matrix source, Matrix target, Range<int> rows, Range<int> columns)
    {
        var square = Avx.IsSupported ? WideSquare : Square;
        var (wholeRows, wholeColumns) = (rows.From + (rows.To - rows.From) / square * square, columns.From + (columns.To - columns.From) / square * square);
        for (var band = rows.From; band < wholeRows; band += Band)
        {
            var end = Math.Min(band + Band, wholeRows);
            for (var column = columns.From; column < wholeColumns; column += square)
            {
                for (var row = band; row < end; row += square)
                {
                    ref var from = ref source.Origin.At(row * source.RowStride + column);
                    ref var to = ref target.Origin.At(column * target.RowStride + row);
                    if (square == WideSquare)
                    {
                        TurnWide(ref from, source.RowStride, ref to, target.RowStride);
                    }
                    else
                    {
                        Turn(ref from, source.RowStride, ref to, target.RowStride);
                    }
                }
            }
        }

        CopyEdge(source, target, rows, columns with { From = wholeColumns });
        CopyEdge(source, target, new(wholeRows, rows.To), columns with { To = wholeColumns });
    }

    /// <summary>Turns eight lines of memory into lines of eight.</summary>
    /// <param name="source">The first line.</param>
    /// <param name="sourceStep">Floats from one line to the next.</param>
    /// <param name="length">Floats of a line, a multiple of 8.</param>
    /// <param name="target">Receives as many lines of eight, without gaps.</param>
    public static void TurnEight(ref float source, int sourceStep, int length, ref float target)
    {
        for (var column = 0; column < length; column += WideSquare)
        {
            ref var from = ref source.At(column);
            ref var to = ref target.At(column * WideSquare);
            if (Avx.IsSupported)
            {
                TurnWide(ref from, sourceStep, ref to, WideSquare);
                continue;
            }

            for (var half = 0; half < WideSquare; half += Square)
            {
                Turn(ref from.At(half), sourceStep, ref to.At(half * WideSquare), WideSquare);
                Turn(ref from.At(Square * sourceStep + half), sourceStep, ref to.At(half * WideSquare + Square), WideSquare);
            }
        }
    }

    /// <summary>Turns 4 × 4 floats: lines <paramref name="sourceStep"/> apart become lines <paramref name="targetStep"/> apart.</summary>
    private static void Turn(ref float source, int sourceStep, ref float target, int targetStep)
    {
        var (r0, r1, r2, r3) = Turned(
            Vector128.LoadUnsafe(ref source),
            Vector128.LoadUnsafe(ref source.At(sourceStep)),
            Vector128.LoadUnsafe(ref source.At(2 * sourceStep)),
            Vector128.LoadUnsafe(ref source.At(3 * sourceStep)));
        r0.StoreUnsafe(ref target);
        r1.StoreUnsafe(ref target.At(targetStep));
        r2.StoreUnsafe(ref target.At(2 * targetStep));
        r3.StoreUnsafe(ref target.At(3 * targetStep));
    }

    /// <summary>
    /// The same with 8 × 8 floats. The upper and the lower four lines meet in one register as they are loaded, so each half is a square
    /// of 4 × 4 and no float has to cross from half to half.
    /// </summary>
    private static void TurnWide(ref float source, int sourceStep, ref float target, int targetStep)
    {
        for (var half = 0; half < WideSquare; half += Square)
        {
            ref var to = ref target.At(half * targetStep);
            var (r0, r1, r2, r3) = TurnedHalves(ref source.At(half), sourceStep);
            r0.StoreUnsafe(ref to);
            r1.StoreUnsafe(ref to.At(targetStep));
            r2.StoreUnsafe(ref to.At(2 * targetStep));
            r3.StoreUnsafe(ref to.At(3 * targetStep));
        }
    }

    /// <summary>The first four columns of eight lines. Needs AVX.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> R0, Vector256<float> R1, Vector256<float> R2, Vector256<float> R3) TurnedHalves(ref float source, int step)
    {
        var (a, b, c, d) = (Halves(ref source, step, 0), Halves(ref source, step, 1), Halves(ref source, step, 2), Halves(ref source, step, 3));
        var (lowAb, highAb, lowCd, highCd) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        return (
            Avx.Shuffle(lowAb, lowCd, 0b01_00_01_00),
            Avx.Shuffle(lowAb, lowCd, 0b11_10_11_10),
            Avx.Shuffle(highAb, highCd, 0b01_00_01_00),
            Avx.Shuffle(highAb, highCd, 0b11_10_11_10));
    }

    /// <summary>Four floats of a line, and four of the line four further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(ref float source, int step, int line)
        => Vector256.Create(Vector128.LoadUnsafe(ref source.At(line * step)), Vector128.LoadUnsafe(ref source.At((line + Square) * step)));

    /// <summary>The columns of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> R0, Vector128<float> R1, Vector128<float> R2, Vector128<float> R3) Turned(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        var (lowAb, highAb, lowCd, highCd) = (LowPairs(a, b), HighPairs(a, b), LowPairs(c, d), HighPairs(c, d));
        return (
            Vector128.Create(lowAb.GetLower(), lowCd.GetLower()),
            Vector128.Create(lowAb.GetUpper(), lowCd.GetUpper()),
            Vector128.Create(highAb.GetLower(), highCd.GetLower()),
            Vector128.Create(highAb.GetUpper(), highCd.GetUpper()));
    }

    /// <summary>a₀ b₀ a₁ b₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LowPairs(Vector128<float> a, Vector128<float> b)
        => Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a₂ b₂ a₃ b₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> HighPairs(Vector128<float> a, Vector128<float> b)
        => Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    private static void CopyEdge(Matrix source, Matrix target, Range<int> rows, Range<int> columns)
    {
        for (var column = columns.From; column < columns.To; column++)
        {
            for (var row = rows.From; row < rows.To; row++)
            {
                target.Origin.At(column * target.RowStride + row) = source.Origin.At(row * source.RowStride + column);
            }
        }
    }
}
