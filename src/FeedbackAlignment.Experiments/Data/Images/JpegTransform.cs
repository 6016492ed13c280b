namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>
/// The inverse cosine transform of 8 × 8 blocks in whole numbers, with the same rounding as libjpeg's accurate one (after Loeffler,
/// Ligtenberg and Moschytz, 1989): most programs give these very pixels, and no vector width can change them.
/// </summary>
internal static class JpegTransform
{
    /// <summary>Coefficients of a block.</summary>
    public const int Coefficients = Side * Side;

    /// <summary>Rows and columns of a block.</summary>
    public const int Side = 8;

    /// <summary>Bits after the point: of the constants below, and of what the first pass hands to the second.</summary>
    private const int ConstantBits = 13, PassBits = 2;

    // round(x · 2¹³)
    private const int _0298631336 = 2446, _0390180644 = 3196, _0541196100 = 4433, _0765366865 = 6270, _0899976223 = 7373, _1175875602 = 9633;
    private const int _1501321110 = 12299, _1847759065 = 15137, _1961570560 = 16069, _2053119869 = 16819, _2562915447 = 20995, _3072711026 = 25172;

    /// <summary>From a component's coefficients to its samples.</summary>
    /// <param name="component">The component; all of its scans have been read.</param>
    /// <returns>height × width, row by row.</returns>
    public static byte[] Samples(JpegComponent component)
    {
        var samples = new byte[component.Height * component.Width];
        Span<int> block = stackalloc int[Coefficients];
        for (var top = 0; top < component.Height; top += Side)
        {
            for (var left = 0; left < component.Width; left += Side)
            {
                var coefficients = component.Coefficients.AsSpan((top / Side * component.BlocksAcross + left / Side) * Coefficients, Coefficients);
                for (var place = 0; place < Coefficients; place++)
                {
                    block[place] = coefficients[place] * component.Divisors![place];
                }

                Invert(block);
                for (var row = 0; row < Math.Min(Side, component.Height - top); row++)
                {
                    for (var column = 0; column < Math.Min(Side, component.Width - left); column++)
                    {
                        samples[(top + row) * component.Width + left + column] = (byte)Math.Clamp(block[row * Side + column] + 128, 0, 255);
                    }
                }
            }
        }

        return samples;
    }

    private static void Invert(Span<int> block)
    {
        for (var column = 0; column < Side; column++)
        {
            Line(block, column, Side, ConstantBits - PassBits);
        }

        for (var row = 0; row < Side; row++)
        {
            Line(block, row * Side, 1, ConstantBits + PassBits + 3);
        }
    }

    /// <summary>One row or column, in place. A damaged file may overflow: it wraps, and the pixel is clamped.</summary>
    private static void Line(Span<int> block, int start, int step, int shift)
    {
        int In(Span<int> from, int place) => from[start + place * step];
        var rotated = (In(block, 2) + In(block, 6)) * _0541196100;
        var (even2, even3) = (rotated - In(block, 6) * _1847759065, rotated + In(block, 2) * _0765366865);
        var (even0, even1) = ((In(block, 0) + In(block, 4)) << ConstantBits, (In(block, 0) - In(block, 4)) << ConstantBits);
        var (sum0, sum1, sum2, sum3) = (even0 + even3, even1 + even2, even1 - even2, even0 - even3);

        var (odd0, odd1, odd2, odd3) = (In(block, 7), In(block, 5), In(block, 3), In(block, 1));
        var (pair1, pair2, pair3, pair4) = (odd0 + odd3, odd1 + odd2, odd0 + odd2, odd1 + odd3);
        var all = (pair3 + pair4) * _1175875602;
        (pair1, pair2) = (-pair1 * _0899976223, -pair2 * _2562915447);
        (pair3, pair4) = (all - pair3 * _1961570560, all - pair4 * _0390180644);
        odd0 = odd0 * _0298631336 + pair1 + pair3;
        odd1 = odd1 * _2053119869 + pair2 + pair4;
        odd2 = odd2 * _3072711026 + pair2 + pair3;
        odd3 = odd3 * _1501321110 + pair1 + pair4;

        Out(block, 0, sum0, odd3);
        Out(block, 1, sum1, odd2);
        Out(block, 2, sum2, odd1);
        Out(block, 3, sum3, odd0);

        void Out(Span<int> to, int place, int even, int odd)
        {
            var half = 1 << (shift - 1);
            to[start + place * step] = (even + odd + half) >> shift;
            to[start + (Side - 1 - place) * step] = (even - odd + half) >> shift;
        }
    }
}
