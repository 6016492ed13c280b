using System.Text.RegularExpressions;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>What docs/data.md shows is what happens.</summary>
public sealed partial class DataDocumentTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void TheExampleGivesTheTableThatIsShown()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs/data.md"));
        var (files, command, table) = (Csv().Matches(document), Command().Match(document), Table().Match(document));
        _fa.Write("my-data/train.csv", files[0].Groups[1].Value);
        _fa.Write("my-data/test.csv", files[1].Groups[1].Value);

        var args = command.Groups[1].Value.Split(' ').Select(word => word == "my-data" ? _fa.Path("my-data") : word);
        Assert.Equal(ExitCode.Done, _fa.Run([.. args, "--out", _fa.Path("run")]));
        Assert.Contains(Seconds().Replace(table.Groups[1].Value, ""), Seconds().Replace(_fa.Output, ""));
    }

    [Fact]
    public void EverySourceIsInTheTable()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs/data.md"));

        Assert.All(Experiments.Specs.SpecVocabulary.DataSources, name => Assert.Contains($"\n| `{name}` |", document));
    }

    [GeneratedRegex("```csv\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Csv();

    [GeneratedRegex("^fa (compare --data my-data .*)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("```\n(read .*?)```", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex(@"\d+\.\d s")]
    private static partial Regex Seconds();
}
