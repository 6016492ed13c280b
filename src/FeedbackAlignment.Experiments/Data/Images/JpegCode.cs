using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>A Huffman code of a JPEG file: short codes for frequent symbols.</summary>
internal sealed class JpegCode
{
    private const int LongestCode = 16;
    private readonly byte[] _symbols;

    /// <summary>For each length: the first code, how many there are, and the place of its symbol.</summary>
    private readonly (int First, int Count, int Place)[] _lengths = new (int, int, int)[LongestCode + 1];

    /// <summary>Makes the code from a file's table.</summary>
    /// <param name="counts">How many codes there are of the lengths 1 … 16.</param>
    /// <param name="symbols">What they stand for, shortest code first.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <param name="offset">Where the table stands.</param>
    /// <exception cref="DataFormatException">There are more codes than their lengths allow.</exception>
    public JpegCode(ReadOnlySpan<byte> counts, byte[] symbols, string source, long offset)
    {
        _symbols = symbols;
        var (code, place) = (0, 0);
        for (var length = 1; length <= LongestCode; length++)
        {
            _lengths[length] = (code, counts[length - 1], place);
            place += counts[length - 1];
            code += counts[length - 1];
            if (code > 1 << length)
            {
                throw new DataFormatException(source, offset, $"the Huffman table has more codes of {length} bits than there can be");
            }

            code *= 2;
        }
    }

    /// <summary>The next symbol.</summary>
    /// <param name="bits">Where the bits come from.</param>
    public int Next(JpegBits bits)
    {
        var code = 0;
        for (var length = 1; length <= LongestCode; length++)
        {
            code = 2 * code + bits.Next();
            var (first, count, place) = _lengths[length];
            if (code - first < count)
            {
                return _symbols[place + code - first];
            }
        }

        throw bits.Damaged("no code of the Huffman table begins like this");
    }
}
