namespace FeedbackAlignment.Cli.Tests;

public sealed class DataAndReportTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void TheListSaysWhatIsHere()
    {
        _fa.WritePictures("data/mnist");
        Assert.Equal(ExitCode.Done, _fa.Run("data", "list", "--data-dir", _fa.Path("data")));

        var words = string.Join(' ', _fa.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("mnist handwritten digits, 28×28, 60000 + 10000 here, in TEMP/data/mnist", words);
        Assert.Contains(
            "fashion-mnist clothes, 28×28, 10 classes, 60000 + 10000 not in TEMP/data/fashion-mnist; download with `fa data get "
            + "fashion-mnist`", words);
        Assert.Contains("docs/data.md", words);
        Assert.True(File.Exists(Path.Combine(Testing.Repository.Root, "docs/data.md")));
    }

    [Theory]
    [InlineData("digits")]
    [InlineData("pictures")]
    public void APageOfExamplesIsAPicture(string source)
    {
        _fa.WritePictures("pictures");
        Assert.Equal(ExitCode.Done, _fa.Run("data", "show", source == "digits" ? source : _fa.Path(source), "--out", _fa.Path("page.png")));

        Assert.EndsWith("picture   TEMP/page.png: a row of training examples for each class\n", _fa.Output, StringComparison.Ordinal);
        Assert.Equal([0x89, .. "PNG"u8], File.ReadAllBytes(_fa.Path("page.png"))[..4]);
    }

    [Fact]
    public void AReportIsMadeAgainFromTheFolder()
    {
        _fa.Run([.. _fa.Tiny, "--quiet", "--out", _fa.Path("run")]);
        var table = _fa.Output.Split("report ")[0];
        File.Delete(_fa.Path("run/report.html"));

        Assert.Equal(ExitCode.Done, _fa.Run("report", _fa.Path("run")));
        Assert.Equal($"{table}report   TEMP/run/report.html\n", _fa.Output);
        Assert.Contains("<svg", File.ReadAllText(_fa.Path("run/report.html")));
    }

    [Fact]
    public void SeveralExperimentsGoOnOnePage()
    {
        _fa.Run([.. _fa.Tiny, "--quiet", "--out", _fa.Path("one")]);
        _fa.Run([.. _fa.Tiny, "--activation", "relu", "--quiet", "--out", _fa.Path("two")]);

        Assert.Equal(ExitCode.Done, _fa.Run("report", _fa.Path("one"), _fa.Path("two/results.json"), "--out", _fa.Path("both.html")));
        Assert.Equal(3, _fa.Output.Split("rule  ").Length);
        Assert.EndsWith("report   TEMP/both.html\n", _fa.Output);
        Assert.True(File.Exists(_fa.Path("both.html")));
    }
}
