using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Tests.Data.Images;

namespace FeedbackAlignment.Experiments.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ExamplesAreInTheOrderOfNamesAcrossClasses()
    {
        Gray("train/dog/1.png", 1);
        Gray("train/cat/2.png", 2);
        Gray("train/dog/3.png", 3);
        Gray("train/cat/1.png", 4);
        Gray("test/dog/9.png", 5);
        var examples = Load();

        Assert.Equal(["cat", "dog"], examples.ClassNames);
        Assert.Equal([4 / 255f, 1 / 255f, 2 / 255f, 3 / 255f], Column(examples.Training));
        Assert.Equal([0, 1, 0, 1], examples.Training.Labels);
        Assert.Equal([1], examples.Test!.Labels);
        Assert.Equal(new ImageShape(1, 1), examples.Training.Image);
        Assert.Null(examples.Validation);
        Assert.Equal(["5 gray images of 1 × 1 pixels: one number a pixel, its gray value ∕ 255", "test has no images of class cat"], examples.Remarks);
    }

    [Fact]
    public void WithoutPartsThereIsNoTest()
    {
        Gray("cat/1.png", 1);
        Gray("dog/2.png", 2);
        var examples = Load();
        Assert.Null(examples.Test);
        Assert.Equal([0, 1], examples.Training.Labels);
    }

    [Theory]
    [InlineData("val")]
    [InlineData("valid")]
    [InlineData("Validation")]
    public void ValidationImagesAreThoseOfTheirFolder(string name)
    {
        Gray("train/cat/1.png", 1);
        Gray("train/dog/2.png", 2);
        Gray($"{name}/dog/3.png", 3);
        Assert.Equal([3 / 255f], Column(Load().Validation!));
    }

    [Fact]
    public void WhatSystemsLeaveIsPassedOverAndCounted()
    {
        Gray("train/cat/1.png", 1);
        Gray("train/dog/2.png", 2);
        _folder.Write("train/cat/.DS_Store", [1]);
        _folder.Write("train/dog/Thumbs.db", [1]);
        _folder.Write("train/__MACOSX/cat/1.png", [1]);
        _folder.Write("extra/cat/1.png", [1]);
        var remarks = Load().Remarks;
        Assert.Contains("3 hidden files or folders, or system files (.DS_Store, Thumbs.db …), were skipped", remarks);
        Assert.Contains("not read: extra (only train, val and test are read)", remarks);
    }

    [Fact]
    public void GrayPixelsStoredInColorAreGray()
    {
        Gray("train/cat/1.png", 7);
        Color("train/dog/2.png", 9, 9, 9);
        var examples = Load();
        Assert.Equal([7 / 255f, 9 / 255f], Column(examples.Training));
        Assert.Equal(1, examples.Training.Inputs.Columns);
        Assert.Contains("1 of 2 images are stored in color, but all their pixels are gray: read as gray", examples.Remarks);
    }

    [Fact]
    public void AGrayImageAmongColoredOnesGetsThreeEqualChannels()
    {
        Gray("train/cat/1.png", 7);
        Color("train/dog/2.png", 1, 2, 3);
        Gray("train/dog/3.png", 8);
        var examples = Load();
        Assert.Equal(new ImageShape(1, 1, 3), examples.Training.Image);
        Assert.Equal([7 / 255f, 7 / 255f, 7 / 255f], examples.Training.Inputs.Row(0).ToArray());
        Assert.Equal([1 / 255f, 2 / 255f, 3 / 255f], examples.Training.Inputs.Row(1).ToArray());
        Assert.Equal([8 / 255f, 8 / 255f, 8 / 255f], examples.Training.Inputs.Row(2).ToArray());
        Assert.Contains(examples.Remarks, remark => remark.StartsWith("2 of 3 images are stored as gray, others in color (e.g. ", StringComparison.Ordinal));
    }

    [Fact]
    public void EachFileIsScaledByItsOwnType()
    {
        Gray("train/cat/1.png", 255);
        _folder.Write("train/dog/2.png", PngFiles.Of(1, 1, 16, 0, [0, 0x7F, 0xFF]));
        var examples = Load();
        Assert.Equal([1, 0x7FFF / 65535f], Column(examples.Training));
        Assert.Contains("2 gray images of 1 × 1 pixels: one number a pixel, its gray value ∕ 255 (of 1 images with 16 bits: 65535)", examples.Remarks);
    }

    [Fact]
    public void AlphaAndOrientationAreSaid()
    {
        _folder.Write("train/cat/1.png", PngFiles.Stb(1, 1, 4, [5, 5, 5, 255]));
        _folder.Write("train/dog/2.png", PngFiles.Of(1, 1, 8, 0, [0, 5], 0, PngFiles.Chunk("eXIf", [.. "MM\0*\0\0\0\b\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\u0003\0\0"u8])));
        var remarks = Load().Remarks;
        Assert.Contains("1 of 2 images have an alpha channel that is opaque everywhere: left out", remarks);
        Assert.Contains("1 of 2 images were turned upright, as their EXIF orientation says", remarks);
    }

    [Fact]
    public void OtherSizesAreResizedOnRequestOnly()
    {
        _folder.Write("train/cat/1.png", PngFiles.Stb(1, 2, 1, [0, 255]));
        Gray("train/dog/2.png", 51);
        Refused<DataFormatException>("2.png: the image is 1 × 1 pixels, but ",
            "1.png is 1 × 2; all images must have the same size; resize them with data.resize, e.g. --resize 1x2");

        var examples = ImageFolder.Load(_folder.Path, (1, 1));
        Assert.Equal([0.5f, 51 / 255f], Column(examples.Training));
        Assert.Contains("1 of 2 images were brought to 1 × 1 pixels, whatever their proportions", examples.Remarks);
    }

    [Fact]
    public void AColoredTestImageIsRefusedWhereTrainingIsGray()
    {
        Gray("train/cat/1.png", 1);
        Gray("train/dog/2.png", 2);
        Color("test/dog/3.png", 1, 2, 3);
        Refused<DataFormatException>("3.png: the image has colors, but all training images are gray");
    }

    [Theory]
    [InlineData("test/bird/1.png", "bird: class 'bird' is unknown; the training images have cat, dog")]
    [InlineData("test/Cat/1.png", "class 'Cat' is unknown")]
    [InlineData("test/1.png", "1.png: the image is not in a class folder")]
    [InlineData("train/1.png", "1.png: the image is not in a class folder, so its class is unknown; put it into CLASS/")]
    [InlineData("1.png", "1.png: the image is not in a class folder, so its class is unknown; put it into train/CLASS/")]
    [InlineData("train/cat/notes.txt", "notes.txt: only PNG and JPEG files (.png, .jpg, .jpeg, .jpe, .jfif) can be in a folder of images")]
    [InlineData("train/cat/more/1.png", "more: there is a folder among the images")]
    [InlineData("train/bird/.DS_Store", "bird: the class has no images")]
    [InlineData("training/cat/1.png", "the folders train and training would be the same part of the data")]
    public void WhatNobodyCanMeanIsRefused(string name, string problem)
    {
        Gray("train/cat/1.png", 1);
        Gray("train/dog/2.png", 2);
        Gray(name, 3);
        Refused<DataSourceException>(problem);
    }

    [Fact]
    public void OneClassIsRefused()
    {
        Gray("train/cat/1.png", 1);
        Refused<DataSourceException>("images of one class only (cat)");
    }

    [Fact]
    public void TestWithoutTrainIsRefused()
    {
        Gray("test/cat/1.png", 1);
        Gray("test/dog/1.png", 1);
        Refused<DataSourceException>("there is a folder test, but no folder train beside it");
    }

    [Fact]
    public void ADamagedFileIsNamed()
    {
        Gray("train/cat/1.png", 1);
        _folder.Write("train/dog/2.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0]);
        Refused<DataFormatException>("2.jpg, byte 2: the part that begins here (marker e0) does not fit into the file");
    }

    [Fact]
    public void ASingleImageIsReadAsTheNetworkWasTrained()
    {
        Gray("new/b.png", 51);
        Color("new/a.png", 1, 2, 3);
        var files = ImageFile.Find(Path.Combine(_folder.Path, "new"));

        Assert.Equal(["a.png", "b.png"], files.Select(Path.GetFileName));
        Assert.Equal([1 / 255f, 2 / 255f, 3 / 255f], ImageFile.Read(files[0], new ImageShape(1, 1, 3), resize: false));
        Assert.Equal([51 / 255f, 51 / 255f, 51 / 255f], ImageFile.Read(files[1], new ImageShape(1, 1, 3), resize: false));
        Assert.Equal([51 / 255f, 51 / 255f], ImageFile.Read(files[1], new ImageShape(2, 1), resize: true));
        Assert.Contains("the image is 1 × 1 pixels, but the network was trained on 2 × 1", Assert.Throws<DataFormatException>(() => ImageFile.Read(files[1], new ImageShape(2, 1), resize: false)).Message, StringComparison.Ordinal);
        Assert.Contains("the image has colors", Assert.Throws<DataFormatException>(() => ImageFile.Read(files[0], new ImageShape(1, 1), resize: false)).Message, StringComparison.Ordinal);
    }

    private void Gray(string name, byte value) => _folder.Write(name, PngFiles.Stb(1, 1, 1, [value]));

    private void Color(string name, params byte[] pixel) => _folder.Write(name, PngFiles.Stb(1, 1, 3, pixel));

    private SourceExamples Load()
    {
        Assert.True(ImageFolder.IsAt(_folder.Path));
        return ImageFolder.Load(_folder.Path, resize: null);
    }

    private void Refused<T>(params string[] problems)
        where T : Exception
    {
        var refusal = Assert.Throws<T>(() => Load());
        Assert.All(problems, problem => Assert.Contains(problem, refusal.Message, StringComparison.Ordinal));
    }

    private static float[] Column(DataSet examples) => [.. Enumerable.Range(0, examples.Count).Select(example => examples.Inputs[example, 0])];
}
