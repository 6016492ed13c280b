using FeedbackAlignment.Catalogs;

namespace FeedbackAlignment.Tests.Catalogs;

/// <summary>What holds for the catalog of any kind of part.</summary>
public sealed class CatalogTests
{
    private static readonly Catalog<Part> _two = new("part", new Part("first", "One."), new Part("second-2", "Two."));

    [Fact]
    public void ItFindsItsEntriesByIdAndKeepsTheirOrder()
    {
        Assert.Equal(["first", "second-2"], _two.Ids);
        Assert.Same(_two.Entries[1], _two.Find("second-2"));
        Assert.Same(_two.Entries[0], _two.Get("first"));
        Assert.Null(_two.Find("First"));
        Assert.Equal(
            "no part is called \"third\"; there are first, second-2 (Parameter 'id')",
            Assert.Throws<ArgumentException>(() => _two.Get("third")).Message);
    }

    [Fact]
    public void AddingGivesAnotherCatalogAndLeavesTheFirstAlone()
    {
        var three = _two.With(new Part("third", "Three."));
        Assert.Equal(["first", "second-2", "third"], three.Ids);
        Assert.Equal(2, _two.Entries.Count);
        Assert.Null(_two.Find("third"));
    }

    [Theory]
    [InlineData("first", "the part \"first\" is there twice: \"One.\" and \"New.\"; ids and aliases must be unique")]
    [InlineData("My", "no part can be called \"My\":")]
    [InlineData("a b", "no part can be called \"a b\":")]
    [InlineData("a--b", "no part can be called")]
    [InlineData("-a", "no part can be called")]
    [InlineData("a-", "no part can be called")]
    [InlineData("2a", "no part can be called")]
    [InlineData("ü", "no part can be called")]
    [InlineData("", "no part can be called")]
    [InlineData(null, "no part can be called")]
    public void AnIdThatIsTakenOrCannotBeOneIsRefused(string? id, string mistake)
        => Assert.StartsWith(
            mistake, Assert.Throws<ArgumentException>(() => _two.With(new Part(id!, "New."))).Message, StringComparison.Ordinal);

    private sealed record Part(string Id, string Summary) : ICatalogEntry;
}
