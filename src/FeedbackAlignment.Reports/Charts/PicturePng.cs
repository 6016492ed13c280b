using FeedbackAlignment.Experiments.Records;
using StbImageWriteSharp;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>Writes pictures as PNG.</summary>
internal static class PicturePng
{
    /// <summary>The file of a picture with a byte for each pixel (gray), or three (red, green and blue).</summary>
    public static byte[] Write(PictureRecord picture)
    {
        using var stream = new MemoryStream();
        var isGray = picture.Pixels.Length == (long)picture.Width * picture.Height;
        new ImageWriter().WritePng(picture.Pixels, picture.Width, picture.Height, isGray ? ColorComponents.Grey : ColorComponents.RedGreenBlue, stream);
        return stream.ToArray();
    }

    public static string DataUri(PictureRecord picture) => "data:image/png;base64," + Convert.ToBase64String(Write(picture));
}
