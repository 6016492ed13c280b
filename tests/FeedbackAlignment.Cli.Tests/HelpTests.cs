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
        foreach (var command in (string[])["", "compare", "train", "tune", "study", "work", "resume", "runs", "show", "diff", "rules",
            "data", "data list", "data get", "data show", "report", "export", "import", "evaluate", "pipeline", "bench"])
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
    public void ARuleInFullIsAsApproved()
    {
        var text = new StringBuilder();
        foreach (var line in (string[])["rules node-perturbation", "rules frozen", "rules direct-feedback-alignment+backpropagation --network 784-800-800-10"])
        {
            Assert.Equal(ExitCode.Done, _fa.Run(line.Split(' ')));
            text.Append($"===== fa {line}\n{_fa.Output}\n");
        }

        Approved.Matches("tests/FeedbackAlignment.Cli.Tests/Approved/Rule.txt", text.ToString());
        Assert.DoesNotContain(text.ToString().Split('\n').Where(line => !line.StartsWith("=====", StringComparison.Ordinal)), line => line.Length > 80);
    }

    [Fact]
    public void EveryRuleIsShownInFullAndEveryCostIsANumber()
    {
        Assert.All(Rules.RuleCatalog.Standard.Entries, rule =>
        {
            var network = rule.NeedsConvolution ? "1x4x4, conv 3x3 2 relu, dense 10" : "784-100-50-10";
            Assert.Equal(ExitCode.Done, _fa.Run("rules", rule.Id, "--network", network));
            Assert.Contains(rule.Id, _fa.Output, StringComparison.Ordinal);
            Assert.Contains($"{network}: ", _fa.Output, StringComparison.Ordinal);
            Assert.All(rule.Options, option => Assert.Contains($"{option.Id} = ", _fa.Output, StringComparison.Ordinal));
        });

        Assert.Equal(ExitCode.Done, _fa.Run("rules", "--network", "784-100-50-10"));
        Assert.Matches(@"backpropagation +5\s500 +0\n", _fa.Output);
        Assert.Matches(@"feedback-alignment +5\s500 +5\s500\n", _fa.Output);
        Assert.Matches(@"direct-feedback-alignment +1\s500 +1\s500\n", _fa.Output);
    }

    [Theory]
    [InlineData("there is no rule \"feedback-aligment\", did you mean \"feedback-alignment\"?", "rules", "feedback-aligment")]
    [InlineData("there is no rule \"hebb\"; `fa rules` lists them", "rules", "backpropagation+hebb")]
    [InlineData("shallow sends no error from layer to layer", "rules", "backpropagation+shallow")]
    [InlineData("--network: \"784\": there must be at least an input size and an output size", "rules", "shallow", "--network", "784")]
    [InlineData("--network 784-8-10: frozen-features needs a network with convolutions", "rules", "frozen-features", "--network",
        "784-8-10")]
    [InlineData("--network 784-8-10: backpropagation+backpropagation names rules for 2 hidden layers, but the network has 1 hidden layer",
        "rules", "backpropagation+backpropagation", "--network", "784-8-10")]
    public void ARuleThatIsNotThereIsBadInput(string message, params string[] words)
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run(words));
        Assert.Contains(message, _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void VersionIsTheRecordedOne()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("--version"));
        Assert.Equal($"fa {ThisMachine.Version}\n", _fa.Output);
    }
}
