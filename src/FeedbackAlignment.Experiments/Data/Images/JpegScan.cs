using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>
/// One pass over a JPEG image's coefficients: all of them (baseline), or some coefficients or bits of them (progressive).
/// </summary>
/// <param name="bits">The data.</param>
/// <param name="first">The first coefficient, in zigzag order.</param>
/// <param name="last">The last one.</param>
/// <param name="refines">The bits above have come in earlier scans; this one brings the next.</param>
/// <param name="low">The lowest bit that this scan brings.</param>
/// <param name="progressive">The image is told in several scans.</param>
internal sealed class JpegScan(JpegBits bits, int first, int last, bool refines, int low, bool progressive)
{
    /// <summary>From the order in which coefficients are told, coarse to fine, to their places in a block.</summary>
    private static readonly byte[] _zigzag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>So many blocks, from this one on, have no more coefficients in this scan.</summary>
    private int _ended;

    /// <summary>The place in a block of a coefficient in zigzag order.</summary>
    /// <param name="number">Its number, 0 … 63.</param>
    public static int Place(int number) => _zigzag[number];

    /// <summary>Reads the scan.</summary>
    /// <param name="components">Whose coefficients it has.</param>
    /// <param name="unitsDown">Rows of the units that are stored together.</param>
    /// <param name="unitsAcross">Units in a row.</param>
    /// <param name="interval">Units between restart markers; 0: there are none.</param>
    /// <exception cref="DataFormatException">The data are cut off or damaged.</exception>
    public void Read(IReadOnlyList<JpegComponent> components, int unitsDown, int unitsAcross, int interval)
    {
        // A component by itself is stored block by block, without those that only fill up a unit.
        var single = components.Count == 1 ? components[0] : null;
        var (rows, columns) = single is null ? (unitsDown, unitsAcross)
            : (JpegComponent.Ceiling(single.Height, JpegTransform.Side), JpegComponent.Ceiling(single.Width, JpegTransform.Side));
        foreach (var component in components)
        {
            component.Prediction = 0;
        }

        for (var unit = 0; unit < rows * columns; unit++)
        {
            if (interval > 0 && unit > 0 && unit % interval == 0)
            {
                Restart(components, unit / interval - 1);
            }

            foreach (var component in components)
            {
                var (down, across) = single is null ? (component.Down, component.Across) : (1, 1);
                for (var block = 0; block < down * across; block++)
                {
                    var (row, column) = (unit / columns * down + block / across, unit % columns * across + block % across);
                    Block(component, component.Coefficients.AsSpan((row * component.BlocksAcross + column) * JpegTransform.Coefficients, JpegTransform.Coefficients));
                }
            }
        }

        RequireEnd();
    }

    private void Restart(IReadOnlyList<JpegComponent> components, int number)
    {
        RequireEnd();
        bits.Restart(number % 8);
        foreach (var component in components)
        {
            component.Prediction = 0;
        }
    }

    private void RequireEnd()
    {
        if (_ended > 0)
        {
            throw bits.Damaged("more blocks are said to follow than the image has");
        }
    }

    private void Block(JpegComponent component, Span<short> block)
    {
        if (!progressive)
        {
            Mean(component, block);
            Details(component.Details!, block, 1);
        }
        else if (first == 0)
        {
            if (refines)
            {
                block[0] |= (short)(bits.Next() << low);
            }
            else
            {
                Mean(component, block);
            }
        }
        else if (refines)
        {
            Refine(component.Details!, block);
        }
        else if (_ended > 0)
        {
            _ended--;
        }
        else
        {
            Details(component.Details!, block, first);
        }
    }

    private void Mean(JpegComponent component, Span<short> block)
    {
        var size = component.Means!.Next(bits);
        component.Prediction += size <= 15 ? bits.NextSigned(size) : throw bits.Damaged($"a mean has {size} bits");
        block[0] = (short)(component.Prediction << low);
    }

    private void Details(JpegCode code, Span<short> block, int from)
    {
        for (var number = from; number <= last; number++)
        {
            var symbol = code.Next(bits);
            var (zeros, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && zeros < 15)
            {
                // Blocks end together in progressive images only: there, zeros is the size of their number.
                _ended = progressive ? (1 << zeros) - 1 + bits.Next(zeros) : zeros == 0 ? 0 : throw bits.Damaged("no symbol of a baseline image is like this");
                return;
            }

            number += zeros;
            if (number > last)
            {
                throw bits.Damaged("a block has more coefficients than fit");
            }

            block[_zigzag[number]] = (short)(bits.NextSigned(size) << low);
        }
    }

    /// <summary>Brings one more bit of coefficients that are there, and new ones that begin at this bit.</summary>
    private void Refine(JpegCode code, Span<short> block)
    {
        var number = first;
        while (_ended == 0 && number <= last)
        {
            var symbol = code.Next(bits);
            var (zeros, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && zeros < 15)
            {
                _ended = (1 << zeros) + bits.Next(zeros);
                break;
            }

            if (size > 1)
            {
                throw bits.Damaged("a refined coefficient begins with more than one bit");
            }

            var value = size == 0 ? 0 : bits.Next() == 1 ? 1 << low : -1 << low;
            for (; number <= last; number++)
            {
                ref var coefficient = ref block[_zigzag[number]];
                if (coefficient != 0)
                {
                    RefineOne(ref coefficient);
                }
                else if (--zeros < 0)
                {
                    break;
                }
            }

            if (value != 0)
            {
                block[_zigzag[number <= last ? number : throw bits.Damaged("a block has more coefficients than fit")]] = (short)value;
            }

            number++;
        }

        if (_ended > 0)
        {
            for (; number <= last; number++)
            {
                ref var coefficient = ref block[_zigzag[number]];
                if (coefficient != 0)
                {
                    RefineOne(ref coefficient);
                }
            }

            _ended--;
        }
    }

    private void RefineOne(ref short coefficient)
    {
        if (bits.Next() == 1 && (coefficient & (1 << low)) == 0)
        {
            coefficient += (short)(coefficient > 0 ? 1 << low : -1 << low);
        }
    }
}
