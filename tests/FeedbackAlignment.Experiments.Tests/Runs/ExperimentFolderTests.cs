using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Tests.Data;

namespace FeedbackAlignment.Experiments.Tests.Runs;

public sealed class ExperimentFolderTests : IDisposable
{
    private readonly TemporaryFolder _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void AFolderThatIsNotEmptyIsLeftAlone()
    {
        _place.Write("mine/thesis.txt", [1]);

        Assert.Equal(
            $"{Here("mine")}: the folder is not empty, and nothing in it may be overwritten; choose a new one with --out, or delete it",
            Refusal(Here("mine")));
        Assert.Equal([Here("mine/thesis.txt")], Directory.GetFileSystemEntries(Here("mine")));
    }

    [Fact]
    public void AnEmptyFolderAndANewOneDeepDownAreTaken()
    {
        Directory.CreateDirectory(Here("empty"));

        Assert.Equal(Here("empty"), ExperimentFolder.Create(Here("empty")).FullPath);
        Assert.True(Directory.Exists(ExperimentFolder.Create(Here("a/b/c")).FullPath));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    [InlineData("file/below/and/below")]
    public void AFileIsNoFolder(string name)
    {
        var file = _place.Write("file", [1]);

        Assert.Equal($"{Here(name)}: cannot be a folder because {file} is a file; choose another folder with --out", Refusal(Here(name)));
        Assert.Equal([file], Directory.GetFileSystemEntries(_place.Path));
    }

    [Fact]
    public void APlaceThatCannotBeWrittenIsRefused()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "needs a place that nobody can write to");

        Assert.StartsWith("/proc/fa: cannot write there (", Refusal("/proc/fa"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void AFolderNeedsAName(string name)
        => Assert.Equal("the folder for the results has no name; choose one with --out", Refusal(name));

    [Fact]
    public void ATextReplacesTheOneBefore()
    {
        var folder = ExperimentFolder.Create(Here("new"));
        folder.WriteText("note.txt", "one");
        folder.WriteText("note.txt", "two\n");

        Assert.Equal("two\n", File.ReadAllText(Path.Combine(folder.FullPath, "note.txt")));
        Assert.Equal(["note.txt"], Directory.GetFiles(folder.FullPath).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"runs\":[]}")]
    [InlineData("{\"runs\":null,\"environment\":null,\"spec\":null,\"data\":null}")]
    [InlineData("{\"runs\":[{\"rule\":\"shallow\",\"seed\":-1}]}")]
    public void WhatIsNoResultIsRefused(string content)
    {
        var file = _place.Write("results.json", System.Text.Encoding.UTF8.GetBytes(content));

        var message = Assert.Throws<FolderException>(() => ExperimentFolder.Read(_place.Path)).Message;
        Assert.StartsWith($"{file}: not a file that `fa compare` or `fa train` writes", message);
        Assert.EndsWith("; name a folder that it has made", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void ResultsThatAreNotThereAreRefused()
        => Assert.StartsWith($"{Here("results.json")}: cannot be read (", Assert.Throws<FolderException>(() => ExperimentFolder.Read(_place.Path)).Message);

    private string Here(string name) => Path.Combine(_place.Path, name.Replace('/', Path.DirectorySeparatorChar));

    private static string Refusal(string path) => Assert.Throws<FolderException>(() => ExperimentFolder.Create(path)).Message;
}
