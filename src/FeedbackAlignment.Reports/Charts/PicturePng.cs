using FeedbackAlignment.Experiments.Records;
using StbImageWriteSharp;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>Writes pictures as PNG.</summary>
internal static class PicturePng
{
    public static byte[] Write(PictureRecord picture) => Write(picture.Pixels, picture.Width, picture.Height, ColorComponents.Grey);

    public static string DataUri(PictureRecord picture) => DataUri(Write(picture));

    /// <summary>Red, green and blue of each pixel, side by side.</summary>
    public static string ColorDataUri(PictureRecord picture)
        => DataUri(Write(picture.Pixels, picture.Width, picture.Height, ColorComponents.RedGreenBlue));

    /// <summary>Red, green, blue and opacity of each pixel, side by side.</summary>
    public static string TransparentDataUri(byte[] pixels, int width, int height)
        => DataUri(Write(pixels, width, height, ColorComponents.RedGreenBlueAlpha));

    private static string DataUri(byte[] png) => "data:image/png;base64," + Convert.ToBase64String(png);

    private static byte[] Write(byte[] pixels, int width, int height, ColorComponents components)
    {
        using var stream = new MemoryStream();
        new ImageWriter().WritePng(pixels, width, height, components, stream);
        return stream.ToArray();
    }
}
