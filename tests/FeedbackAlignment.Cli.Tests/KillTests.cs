using System.Diagnostics;
using System.Text.Json;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>
/// <c>kill -9</c> at random moments, in real processes: what is left at the end is, to the byte, what is left where nobody killed. A few
/// kills here; as many as the environment variable <c>FA_KILLS</c> says where it is set (<c>.ci/kills</c>),
/// in turn with the other commands of <see cref="KilledCommandTests"/>.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int KillsAtATime = 4;

    /// <summary>
    /// Phases, feedback that is drawn anew, noise, an optimizer with a memory, the best weights kept; a checkpoint every three steps.
    /// </summary>
    private const string Spec = """
        {
          "rules": ["feedback-alignment", "node-perturbation"], "seeds": [1],
          "data": { "train": 90, "validation": 40, "test": 40 },
          "network": { "layers": "784-12-10" },
          "optimizer": { "kind": "adam" },
          "training": { "batchSize": 4, "evaluateEvery": 50, "measureEvery": 70, "measureExamples": 20,
            "phases": [ { "examples": 1200 }, { "examples": 600, "redrawFeedback": true, "learns": ["hidden1"] }, { "examples": 1200, "rule": "backpropagation" } ] }
        }
        """;

    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public async Task AKilledRunGoesOnToTheSameBytes()
    {
        var wanted = KilledCommandTests.Share(KillsAtATime);
        var spec = _fa.Write("spec.json", Spec);
        var clock = Stopwatch.StartNew();
        var (code, _, error) = await FaProcess.Run(_fa.Folder, "train", spec, "--out", "whole", "--quiet", "--checkpoint-every", "12");
        var longest = (int)clock.ElapsedMilliseconds;
        Assert.Equal((ExitCode.Done, ""), (code, error));
        var expected = Left("whole");

        var random = new Random(1);
        var (kills, resumed) = (0, 0);
        for (var round = 0; kills < wanted; round++)
        {
            var folder = $"run{round}";
            for (var i = 0; i < KillsAtATime; i++)
            {
                using var process = Begin(spec, folder);
                if (process.WaitForExit(random.Next(longest)))
                {
                    Assert.Equal(ExitCode.Done, process.ExitCode);
                    break;
                }

                process.Kill();
                process.WaitForExit();
                kills++;
                resumed += Directory.Exists(_fa.Path($"{folder}/runs")) && Directory.EnumerateFiles(_fa.Path($"{folder}/runs"), "checkpoint.state", SearchOption.AllDirectories).Any() ? 1 : 0;
                AssertReadable(folder);
            }

            // A machine is now busy, now idle: the next kills come within the time that this takes.
            clock.Restart();
            using (var last = Begin(spec, folder))
            {
                var trouble = last.StandardError.ReadToEndAsync();
                Assert.True(last.WaitForExit(FaProcess.Patience));
                Assert.Equal(ExitCode.Done, last.ExitCode);
                Assert.DoesNotMatch("(?m)^(?!fa: note: |$)", await trouble);
                longest = (int)clock.ElapsedMilliseconds;
            }

            AssertSame(expected, Left(folder), $"round {round}, after {kills} kills");
            Directory.Delete(_fa.Path(folder), recursive: true);
        }

        TestContext.Current.SendDiagnosticMessage($"{kills} kills, {resumed} of them with a checkpoint to go on from");
    }

    /// <summary>What was killed before it wrote its spec begins again in the same folder.</summary>
    private Process Begin(string spec, string folder)
    {
        if (File.Exists(_fa.Path($"{folder}/spec.json")))
        {
            return FaProcess.Start(_fa.Folder, "resume", folder, "--quiet");
        }

        return FaProcess.Start(_fa.Folder, "train", spec, "--out", folder, "--quiet", "--checkpoint-every", "12");
    }

    private void AssertReadable(string folder)
    {
        if (Directory.Exists(_fa.Path(folder)))
        {
            foreach (var file in Directory.EnumerateFiles(_fa.Path(folder), "*.json", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock.json"))
            {
                using var _ = JsonDocument.Parse(File.ReadAllText(file));
            }
        }
    }

    private static void AssertSame(Dictionary<string, string> expected, Dictionary<string, string> left, string when)
    {
        Assert.True(expected.Keys.Order().SequenceEqual(left.Keys.Order()), $"{when}: {string.Join(", ", left.Keys)}");
        Assert.All(expected, file => Assert.True(file.Value == left[file.Key], $"{when}: {file.Key} differs"));
    }

    /// <summary>All files by name and content, but for seconds and dates.</summary>
    private Dictionary<string, string> Left(string folder)
        => Directory.EnumerateFiles(_fa.Path(folder), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("environment.json" or "report.html" or "run.json"))
            .ToDictionary(
                file => Path.GetRelativePath(_fa.Path(folder), file),
                file => Path.GetFileName(file) == "results.json" ? Results(folder) : Convert.ToHexString(File.ReadAllBytes(file)));

    private string Results(string folder)
    {
        var record = ExperimentFolder.Read(_fa.Path(folder));
        return JsonSerializer.Serialize(
            record with { Runs = [.. record.Runs.Select(run => run with { Seconds = 0 })], Environment = record.Environment with { Started = default } }, ExperimentJson.Indented);
    }
}
