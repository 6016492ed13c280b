using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Data;

public sealed class PictureSheetTests
{
    private static readonly DataSet _twoPictures = new(Matrix.From(new float[,] { { 0, 1 }, { 0.5f, 2 } }), [1, 0], 2) { Image = new ImageShape(1, 2) };

    [Fact]
    public void PicturesLieInAGridOfGrayLines()
    {
        var sheet = PictureSheet.Lay(_twoPictures, rows: 1, columns: 3, magnification: 1);

        Assert.Equal((10, 3), (sheet.Width, sheet.Height));
        Assert.Equal([64, 0, 255, 64, 128, 255, 64, 64, 64, 64], sheet.Pixels[10..20]);
        Assert.All(sheet.Pixels[..10], pixel => Assert.Equal(64, pixel));
    }

    [Fact]
    public void MagnifiedPixelsAreSquares()
    {
        var sheet = PictureSheet.Lay(_twoPictures, rows: 1, columns: 1, magnification: 2);

        Assert.Equal((6, 4), (sheet.Width, sheet.Height));
        Assert.Equal([64, 0, 0, 255, 255, 64, 64, 0, 0, 255, 255, 64], sheet.Pixels[6..18]);
    }

    [Fact]
    public void ColorsLieSideBySide()
    {
        var twoPixels = new DataSet(Matrix.From(new float[,] { { 0, 1, 0.2f, 0.4f, 0.6f, 0.8f } }), [0], 1) { Image = new ImageShape(2, 1, 3) };
        var sheet = PictureSheet.Lay(twoPixels, rows: 1, columns: 1, magnification: 1);

        Assert.Equal((3, 4, 3), (sheet.Width, sheet.Height, sheet.Channels));
        Assert.Equal([64, 64, 64, 0, 51, 153, 64, 64, 64], sheet.Pixels[9..18]);
        Assert.Equal([64, 64, 64, 255, 102, 204, 64, 64, 64], sheet.Pixels[18..27]);
    }

    [Fact]
    public void ByClassEachRowShowsOneClass()
    {
        var sheet = PictureSheet.Lay(_twoPictures, rows: 2, columns: 1, magnification: 1, byClass: true);

        Assert.Equal([64, 128, 255, 64], sheet.Pixels[4..8]);
        Assert.Equal([64, 0, 255, 64], sheet.Pixels[12..16]);
    }

    [Fact]
    public void ExamplesThatAreNoPicturesAreRefused()
        => Assert.Throws<ArgumentException>(() => PictureSheet.Lay(Teacher.Linear(1, 4, 2).Draw("train", 1), 1, 1));
}
