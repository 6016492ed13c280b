using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Tests.Shared;

public sealed class ApprovedTests
{
    private const string GoldenRun = "tests/FeedbackAlignment.Tests/Approved/GoldenRun.txt";

    [Theory]
    [InlineData("1")]
    [InlineData("GoldenRun")]
    [InlineData("GoldenRun.txt")]
    [InlineData("PublicSurface,GoldenRun")]
    [InlineData("PublicSurface, GoldenRun")]
    public void ATextIsAcceptedByItsNameAndWithAllOthers(string said) => Assert.True(Approved.IsMeant(GoldenRun, said));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("true")]
    [InlineData("GoldenRunWide")]
    [InlineData("goldenrun")]
    [InlineData("GoldenRun PublicSurface")]
    [InlineData("*")]
    public void NothingElseAcceptsIt(string? said) => Assert.False(Approved.IsMeant(GoldenRun, said));

    [Fact]
    public void LinesOfAnApprovedTextAreKnown()
    {
        var line = File.ReadLines(Path.Combine(Repository.Root, GoldenRun)).Last();
        Assert.True(Approved.Has(GoldenRun, line));
        Assert.False(Approved.Has(GoldenRun, line[..^1]));
        Assert.False(Approved.Has("tests/FeedbackAlignment.Tests/Approved/None.txt", line));
    }
}
