using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FeedbackAlignment.Data.Files;

/// <summary>What an NPY file says about itself.</summary>
/// <param name="Type">NumPy's name of the element type, e.g. <c>&lt;f4</c>.</param>
/// <param name="ColumnMajor">Fortran order: the first index runs fastest.</param>
/// <param name="Sizes">The dimensions, at least one, each ≥ 1.</param>
internal sealed partial record NpyHeader(string Type, bool ColumnMajor, int[] Sizes)
{
    private const int PreambleLength = 8, LongestHeader = 1 << 16;

    public static NpyHeader Read(Content content, string source)
    {
        var preamble = content.Read(PreambleLength, "the NPY preamble");
        if (preamble[0] != 0x93 || !preamble.AsSpan(1).StartsWith("NUMPY"u8))
        {
            throw new DataFormatException(source, 0, $"the file begins with {Convert.ToHexStringLower(preamble)}, an NPY file with 934e554d5059");
        }

        var length = preamble[6] switch
        {
            1 => BinaryPrimitives.ReadUInt16LittleEndian(content.Read(2, "the length of the header")),
            2 or 3 => BinaryPrimitives.ReadUInt32LittleEndian(content.Read(4, "the length of the header")),
            var version => throw new DataFormatException(source, 6, $"the NPY version is {version}, must be 1, 2 or 3"),
        };
        if (length > LongestHeader)
        {
            throw new DataFormatException(source, PreambleLength, $"the header would be {length} bytes long, must be at most {LongestHeader}");
        }

        var start = content.Offset;
        var text = Encoding.Latin1.GetString(content.Read(length, "the header"));
        return Parse(text, source, start);
    }

    private static NpyHeader Parse(string text, string source, long start)
    {
        var type = TypeEntry().Match(text);
        var order = OrderEntry().Match(text);
        var shape = ShapeEntry().Match(text);
        if (!type.Success || !order.Success || !shape.Success)
        {
            var missing = !type.Success ? "a plain 'descr'" : !order.Success ? "'fortran_order'" : "'shape'";
            throw new DataFormatException(source, start, $"the header has no entry {missing}; it must read like {{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 784), }}");
        }

        var numbers = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (numbers.Length == 0)
        {
            throw new DataFormatException(source, start + shape.Index, "the file holds a single number, must hold an array of examples");
        }

        var sizes = new int[numbers.Length];
        for (var dimension = 0; dimension < sizes.Length; dimension++)
        {
            // NumPy under Python 2 wrote 20L.
            if (!int.TryParse(numbers[dimension].TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out sizes[dimension]) || sizes[dimension] == 0)
            {
                throw new DataFormatException(source, start + shape.Index, $"dimension {dimension + 1} is {numbers[dimension]}, must be 1 … {int.MaxValue}");
            }
        }

        return new NpyHeader(type.Groups[1].Value, order.Groups[1].Value == "True", sizes);
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{1,8})'")]
    private static partial Regex TypeEntry();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderEntry();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9L,\s]*)\)")]
    private static partial Regex ShapeEntry();
}
