namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>
/// One of the planes that a JPEG image is stored as: brightness, or one of the two color differences, often at half the size.
/// </summary>
/// <param name="Id">Its number in the file.</param>
/// <param name="Across">Blocks of it side by side in a unit that is stored together, 1 … 4.</param>
/// <param name="Down">Such blocks below each other, 1 … 4.</param>
/// <param name="Quantization">Which of the four tables its coefficients are divided by.</param>
internal sealed record JpegComponent(byte Id, int Across, int Down, int Quantization)
{
    /// <summary>Columns of its samples.</summary>
    public int Width { get; private set; }

    /// <summary>Rows of its samples.</summary>
    public int Height { get; private set; }

    /// <summary>Blocks side by side, with those that only fill up a unit.</summary>
    public int BlocksAcross { get; private set; }

    /// <summary>64 coefficients for each block, block by block, in rows.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>What the coefficients are multiplied by, as it stood when the component was first read.</summary>
    public ushort[]? Divisors { get; set; }

    /// <summary>For each coefficient the lowest bit that has come; −1: none has.</summary>
    public int[] Reached { get; } = [.. Enumerable.Repeat(-1, JpegTransform.Coefficients)];

    /// <summary>The value that the next block's mean is told as a difference from.</summary>
    public int Prediction { get; set; }

    /// <summary>The code of the means, of this scan.</summary>
    public JpegCode? Means { get; set; }

    /// <summary>The code of the other coefficients, of this scan.</summary>
    public JpegCode? Details { get; set; }

    /// <summary>Takes the memory for an image of some size.</summary>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="down">The greatest <see cref="Down"/> of all components.</param>
    /// <param name="across">The greatest <see cref="Across"/>.</param>
    public void Allocate(int height, int width, int down, int across)
    {
        (Height, Width) = (Ceiling(height * Down, down), Ceiling(width * Across, across));
        BlocksAcross = Ceiling(width, 8 * across) * Across;
        Coefficients = new short[BlocksAcross * Ceiling(height, 8 * down) * Down * JpegTransform.Coefficients];
    }

    public static int Ceiling(int number, int by) => (number + by - 1) / by;
}
