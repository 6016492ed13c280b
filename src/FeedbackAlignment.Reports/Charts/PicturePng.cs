using FeedbackAlignment.Experiments.Records;
using StbImageWriteSharp;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>Writes pictures as PNG.</summary>
internal static class PicturePng
{
    public static byte[] Write(PictureRecord picture)
    {
        using var stream = new MemoryStream();
        new ImageWriter().WritePng(picture.Pixels, picture.Width, picture.Height, ColorComponents.Grey, stream);
        return stream.ToArray();
    }

    public static string DataUri(PictureRecord picture) => "data:image/png;base64," + Convert.ToBase64String(Write(picture));
}
