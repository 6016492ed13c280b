using System.Text;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Cli.Tests;

public sealed class HelpTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void HelpIsAsApproved()
    {
        var text = new StringBuilder();
        foreach (var command in (string[])["", "compare", "train", "rules", "data", "data list", "data get", "data show", "report", "bench"])
        {
            Assert.Equal(ExitCode.Done, _fa.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]));
            Assert.Empty(_fa.Error);
            text.Append($"===== fa {command} --help\n{_fa.Output}\n");
        }

        Approved.Matches("tests/FeedbackAlignment.Cli.Tests/Approved/Help.txt", text.ToString());
        Assert.DoesNotContain(text.ToString().Split('\n').Where(line => !line.StartsWith("  fa ", StringComparison.Ordinal)), line => line.Length > 80);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data")]
    public void ACommandOfCommandsAloneShowsItsHelp(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _fa.Run([.. words, "--help"]);
        var help = _fa.Output;

        Assert.Equal(ExitCode.Done, _fa.Run(words));
        Assert.Equal(help, _fa.Output);
    }

    [Fact]
    public void TheCatalogIsAsApproved()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("rules"));
        Approved.Matches("tests/FeedbackAlignment.Cli.Tests/Approved/Rules.txt", _fa.Output);
    }

    [Fact]
    public void VersionIsTheRecordedOne()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("--version"));
        Assert.Equal($"fa {ThisMachine.Version}\n", _fa.Output);
    }
}
