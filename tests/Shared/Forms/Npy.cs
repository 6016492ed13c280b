using System.Buffers.Binary;
using System.Text;

namespace FeedbackAlignment.Testing.Forms;

/// <summary>Writes arrays as NumPy does.</summary>
internal static class Npy
{
    /// <summary>The types that hold whole numbers from 0 to 127, and those that hold fractions too.</summary>
    public static readonly string[] Whole = ["|u1", "|i1", "<u2", ">u2", "<i2", ">i2", "<u4", ">u4", "<i4", ">i4", "<u8", ">u8", "<i8", ">i8"], Real = ["<f4", ">f4", "<f8", ">f8"];

    /// <summary>An array of examples × numbers.</summary>
    /// <param name="type">NumPy's name of the element type.</param>
    /// <param name="isFortran">Whether the first index runs fastest.</param>
    /// <param name="numbers">The numbers of each example.</param>
    /// <param name="shape">The dimensions behind the first; null: one, of the numbers of an example; empty: none.</param>
    public static byte[] Write(string type, bool isFortran, double[][] numbers, int[]? shape = null)
    {
        var dimensions = shape ?? [numbers[0].Length];
        var text = $"{{'descr': '{type}', 'fortran_order': {isFortran}, 'shape': ({numbers.Length}, {string.Join(", ", dimensions)}), }}";
        var header = text.PadRight(64 * ((text.Length + 11 + 63) / 64) - 11) + "\n";
        var bytes = new MemoryStream();
        bytes.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)]);
        if (isFortran && dimensions.Length > 1)
        {
            throw new NotSupportedException("column-major arrays have two dimensions here");
        }

        var elements = isFortran
            ? Enumerable.Range(0, numbers[0].Length).SelectMany(column => numbers.Select(row => row[column]))
            : numbers.SelectMany(row => row);
        foreach (var number in elements)
        {
            bytes.Write(Element(type, number));
        }

        return bytes.ToArray();
    }

    private static byte[] Element(string type, double number)
    {
        var size = type[2] - '0';
        var little = new byte[8];
        if (type[1] == 'f')
        {
            _ = size == 4 ? BinaryPrimitives.TryWriteSingleLittleEndian(little, (float)number) : BinaryPrimitives.TryWriteDoubleLittleEndian(little, number);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(little, (long)number);
        }

        var element = little[..size];
        if (type[0] == '>')
        {
            Array.Reverse(element);
        }

        return element;
    }
}
