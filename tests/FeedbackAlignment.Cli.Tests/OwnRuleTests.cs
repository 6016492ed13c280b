using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Rules;
using YourOwnRule;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>A program of one's own is <c>fa</c> with a rule of one's own; <c>fa</c> itself says that it does not know it.</summary>
public sealed class OwnRuleTests : IDisposable
{
    private const string Unknown = "there is no rule \"sign-feedback\"";

    private readonly Fa _own = new()
    {
        Components = Components.Standard with { Rules = RuleCatalog.Standard.With(SignFeedbackRule.Entry) },
    };

    private readonly Fa _fa = new();

    private string Run => _own.Path("run");

    private string OwnRun => _own.Path("run/runs/sign-feedback-1");

    public void Dispose()
    {
        _own.Dispose();
        _fa.Dispose();
    }

    [Fact]
    public void EveryCommandKnowsTheRule()
    {
        _own.Done("rules", "sign-feedback");
        Assert.Contains("The error goes back through random signs", _own.Output, StringComparison.Ordinal);
        Assert.Contains("size", _own.Output, StringComparison.Ordinal);
        _own.Done("rules");
        Assert.Contains("sign-feedback", _own.Output, StringComparison.Ordinal);

        _own.Done([.. Compare("sign-feedback,backpropagation"), "--out", Run]);
        Assert.Contains(ExperimentFolder.Read(Run).Rules, rule => rule is { Id: "sign-feedback", HasFixedFeedback: true, CanBePart: true });
        _own.Done("report", Run);
        Assert.Contains("sign-feedback", _own.Output, StringComparison.Ordinal);
        _own.Done("show", OwnRun);
        _own.Done("evaluate", OwnRun);
        _own.Done("predict", OwnRun, _own.Path("pictures/t10k-images-idx3-ubyte"));
        _own.Done("export", OwnRun, "--format", "safetensors");
        _own.Done("train", System.IO.Path.Combine(Run, "spec.json"), "--out", _own.Path("again"));
        _own.Done("train", "--from", OwnRun, "--out", _own.Path("further"));
        _own.Done("tune", System.IO.Path.Combine(Run, "spec.json"), "--trials", "2", "--out", _own.Path("tuned"));
        _own.Done("train", _own.Path("tuned/winners.json"), "--out", _own.Path("won"));
    }

    [Fact]
    public void ItServesASingleHiddenLayer()
    {
        _own.Done([.. Compare("sign-feedback+backpropagation", "4-5-4-3"), "--out", Run]);
        var rule = Assert.Single(ExperimentFolder.Read(Run).Rules, rule => rule.Parts.Count > 0);
        Assert.Equal(["sign-feedback", "backpropagation"], rule.Parts.Select(part => part.Id));
    }

    [Fact]
    public void AStoppedRunGoesOnToTheSameBits()
        => _own.StopsAndGoesOnToTheSameBits(Compare("sign-feedback"), "sign-feedback-1");

    [Fact]
    public void MistakesAreToldAsForEveryRule()
    {
        Refused(_own, "did you mean \"sign-feedback\"?", "compare", "--rules", "sign-feedbak");
        Refused(
            _own,
            "ruleSettings.sign-feedback.options.size",
            "train",
            _own.Write("spec.json",
                """{ "rules": ["sign-feedback"], "ruleSettings": { "sign-feedback": { "options": { "size": -1 } } } }"""));
        Refused(
            _own, "cannot be given a rank", "train",
                _own.Write("rank.json", """{ "rules": ["sign-feedback"], "feedback": { "rank": 2 } }"""));
    }

    [Fact]
    public void FaSaysThatItDoesNotKnowTheRuleAndShowsItsRecordsAllTheSame()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        _own.Run([.. Compare("sign-feedback"), "--out", _own.Path("stopped")], stop.Token);
        _own.Done([.. Compare("sign-feedback,backpropagation"), "--out", Run]);
        Refused(_fa, Unknown, "resume", _own.Path("stopped"));
        Refused(_fa, Unknown, "train", System.IO.Path.Combine(Run, "spec.json"));
        Refused(_fa, Unknown, "evaluate", OwnRun);
        Refused(_fa, Unknown, "predict", OwnRun, _own.Path("pictures/t10k-images-idx3-ubyte"));
        Refused(_fa, Unknown, "export", OwnRun, "--format", "safetensors");
        Refused(_fa, Unknown, "rules", "sign-feedback");

        // What was recorded is enough for these.
        foreach (var command in (string[][])[["report", Run], ["show", Run], ["show", OwnRun], ["diff", Run, OwnRun],
            ["runs", _own.Folder]])
        {
            Assert.Equal(ExitCode.Done, _fa.Run(command));
            Assert.Contains("sign-feedback", _fa.Output + File.ReadAllText(_own.Path("run/report.html")), StringComparison.Ordinal);
        }
    }

    private string[] Compare(string rules, string network = "4-5-3") =>
    [
        "compare", "--rules", rules, "--data", _own.WritePictures("pictures"), "--network", network, "--epochs", "2", "--batch", "4",
            "--seeds", "1",
    ];

    /// <summary>In one line that names the mistake.</summary>
    private static void Refused(Fa fa, string why, params string[] command)
    {
        Assert.Equal(ExitCode.BadInput, fa.Run(command));
        Assert.Contains(why, fa.Error, StringComparison.Ordinal);
        Assert.Single(fa.Error.TrimEnd('\n').Split('\n'));
    }
}
