using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data.Images;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Reads single images, whose class nobody knows, as the network that is to name them was trained.</summary>
internal static class ImageFile
{
    /// <summary>A file that is named like an image.</summary>
    /// <param name="path">The file.</param>
    public static bool Is(string path) => File.Exists(path) && ImageListing.IsImage(path);

    /// <summary>The image files that are meant: the file itself, or all of a folder in the ordinal order of their names.</summary>
    /// <param name="path">An image file, or a folder of nothing but image files.</param>
    /// <exception cref="DataSourceException">The folder has none, or other files too.</exception>
    public static IReadOnlyList<string> Find(string path)
    {
        var left = 0;
        return !Directory.Exists(path) ? [path]
            : ImageListing.Images(path, ref left) is { Count: > 0 } images ? images
            : throw new DataSourceException($"{Path.GetFullPath(path)}: no images (PNG, JPEG)");
    }

    /// <summary>The inputs of an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">The shape that the network takes.</param>
    /// <param name="resize">Bring the image to this shape, as the training images were; false: it must have it.</param>
    /// <returns>channels × height × width numbers, 0 … 1.</returns>
    /// <exception cref="DataSourceException">The file cannot be read.</exception>
    /// <exception cref="DataFormatException">The file is damaged, of another size, or has colors where gray is due.</exception>
    public static float[] Read(string path, ImageShape expected, bool resize)
    {
        var image = SourceFiles.Read(path, ImageDecoder.Read).GrayIfItIs();
        if (image.Channels > expected.Channels)
        {
            throw new DataFormatException(path, null, "the image has colors, but the network was trained on gray images");
        }

        var fits = image.Height == expected.Height && image.Width == expected.Width;
        if (!fits && !resize)
        {
            throw new DataFormatException(path, null, $"the image is {image.Height} × {image.Width} pixels, but the network was trained on {expected.Height} × {expected.Width}");
        }

        var row = new float[image.Height * image.Width * expected.Channels];
        image.Write(row);
        return fits ? row : ImageResize.Apply(row, image.Shape with { Channels = expected.Channels }, (expected.Height, expected.Width));
    }
}
