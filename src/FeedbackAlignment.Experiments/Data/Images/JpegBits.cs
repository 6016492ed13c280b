using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>
/// The bits of a scan of a JPEG file, up to the next marker. Asking for more than there are means that the file is damaged.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="start">Where the scan's data begin.</param>
/// <param name="source">What to call the file in messages.</param>
internal sealed class JpegBits(byte[] file, int start, string source)
{
    private const byte Marker = 0xFF;
    private int _byte, _left;

    /// <summary>Place of the next byte.</summary>
    public int At { get; private set; } = start;

    /// <summary>The next bit.</summary>
    public int Next()
    {
        if (_left == 0)
        {
            if (At >= file.Length || (file[At] == Marker && (At + 1 >= file.Length || file[At + 1] != 0)))
            {
                throw Damaged("the image data end here, before the image is complete");
            }

            _byte = file[At];
            At += _byte == Marker ? 2 : 1;
            _left = 8;
        }

        return (_byte >> --_left) & 1;
    }

    /// <summary>The next bits as a number.</summary>
    /// <param name="count">How many, at most 16.</param>
    public int Next(int count)
    {
        var number = 0;
        for (; count > 0; count--)
        {
            number = 2 * number + Next();
        }

        return number;
    }

    /// <summary>The next bits as a number with a sign: those that begin with 0 are negative.</summary>
    /// <param name="count">How many, at most 15.</param>
    public int NextSigned(int count)
    {
        var number = Next(count);
        return count == 0 || number >= 1 << (count - 1) ? number : number - (1 << count) + 1;
    }

    /// <summary>Goes past a restart marker, which must come next.</summary>
    /// <param name="number">Its number, 0 … 7.</param>
    public void Restart(int number)
    {
        _left = 0;
        while (At + 1 < file.Length && file[At] == Marker && file[At + 1] == Marker)
        {
            At++;
        }

        if (At + 1 >= file.Length || file[At] != Marker || file[At + 1] != 0xD0 + number)
        {
            throw Damaged($"restart marker {number} must stand here");
        }

        At += 2;
    }

    /// <summary>A refusal that names this place.</summary>
    /// <param name="problem">What is wrong.</param>
    public DataFormatException Damaged(string problem) => new(source, Math.Min(At, file.Length), $"{problem}: the file is cut off or damaged");
}
