namespace FeedbackAlignment.Experiments.Records;

/// <summary>A test example that a run put into the wrong class.</summary>
/// <param name="Example">Its place among the test examples, from 0.</param>
/// <param name="Answer">The class that the network answered; null where no class had the greatest output.</param>
public sealed record MisreadRecord(int Example, int? Answer);

/// <summary>A test example that the report shows.</summary>
public sealed record ExampleRecord
{
    /// <summary>Its place among the test examples, from 0.</summary>
    public required int Example { get; init; }

    /// <summary>Its class.</summary>
    public required int Class { get; init; }

    /// <summary>Rows of pixels; null where the inputs are no image.</summary>
    public int? Height { get; init; }

    /// <summary>Columns of pixels; null where the inputs are no image.</summary>
    public int? Width { get; init; }

    /// <summary>Bytes of a pixel: 1 (gray), or 3 (red, green and blue).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>
    /// The pixels from the top left, a byte for each channel, as base64: 0 is the image's least number and 255 its greatest. Null where
    /// the inputs are no image.
    /// </summary>
    public byte[]? Pixels { get; init; }

    /// <summary>
    /// The first inputs, at most twelve: in the units of the file where the inputs have names, else as the network gets them. Empty for
    /// an image.
    /// </summary>
    public IReadOnlyList<float> Inputs { get; init; } = [];

    /// <summary>The names of these inputs; empty where they have none, and in records of 0.1.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
