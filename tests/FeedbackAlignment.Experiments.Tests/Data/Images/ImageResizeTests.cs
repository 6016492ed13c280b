using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data.Images;

namespace FeedbackAlignment.Experiments.Tests.Data.Images;

public sealed class ImageResizeTests
{
    [Fact]
    public void TheSameSizeChangesNothing()
        => Assert.Equal([0, 0.25f, 0.5f, 1], ImageResize.Apply([0, 0.25f, 0.5f, 1], new ImageShape(2, 2), (2, 2)));

    /// <summary>Half the size: weights 1/8, 3/8, 3/8, 1/8, of which those outside are left out.</summary>
    [Fact]
    public void SmallerImagesAreMeansAndSkipNothing()
        => Assert.Equal([3f / 7, 0.125f, 0], ImageResize.Apply([0, 1, 0, 0, 0, 0], new ImageShape(1, 6), (1, 3)));

    [Fact]
    public void LargerImagesGoStraightFromPixelToPixel()
        => Assert.Equal([0, 0.25f, 0.75f, 1], ImageResize.Apply([0, 1], new ImageShape(2, 1), (4, 1)));

    [Fact]
    public void EachChannelIsResizedByItself()
        => Assert.Equal([0.5f, 1, 0], ImageResize.Apply([0, 1, 1, 1, 0, 0], new ImageShape(1, 2, 3), (1, 1)));
}
