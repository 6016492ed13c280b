using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>
/// SIGKILL and SIGTERM at random moments for workers of a study, each a process: at the end every run is published once, and is to the byte
/// the run of a study in which nobody killed. Few kills here; as many as the environment variable <c>FA_KILLS</c> says
/// (<c>.ci/kills</c>), or <c>FA_KILLS_OF_WORKERS</c> for these alone (<c>.ci/kills 200 workers</c>).
/// </summary>
public sealed partial class KilledWorkerTests : IDisposable
{
    private const int Workers = 2;
    private const int FewKills = 2;

    /// <summary>Where a start takes longer than the time between two kills, a study without this bound would never end.</summary>
    private const int MostKillsOfAStudy = 8;

    private const string Spec = """
        {
          "rules": ["feedback-alignment", "node-perturbation"], "seeds": [1, 2], "data": { "train": 90, "validation": 40, "test": 40 },
          "network": { "layers": "784-12-10" }, "optimizer": { "kind": "adam" },
          "training": { "batchSize": 4, "epochs": 16, "evaluateEvery": 50, "measureExamples": 20 }, "study": { "grid": { "feedback.scale": [1, 2] } }
        }
        """;

    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public async Task KilledWorkersLoseNothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are those of Unix");
        var wanted = Environment.GetEnvironmentVariable("FA_KILLS_OF_WORKERS") is { } all ? int.Parse(all, CultureInfo.InvariantCulture)
            : KilledCommandTests.Share(FewKills);
        _fa.Write("s.json", Spec);
        var clock = Stopwatch.StartNew();
        var (code, _, error) = await FaProcess.Run(_fa.Folder, "study", "s.json", "--out", "whole/study", "--quiet", "--checkpoint-every",
            "40");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        var longest = (int)clock.ElapsedMilliseconds;
        var expected = Left("whole/study");

        var (random, kills, takeovers) = (new Random(1), 0, 0);
        for (var round = 0; kills < wanted; round++)
        {
            // Each in a folder of its own, or finished runs would be copied.
            var study = $"round{round}/study";
            var workers = new Process?[Workers];
            var most = Math.Min(wanted, kills + MostKillsOfAStudy);
            clock.Restart();
            for (var i = 0; !IsDone(study, expected) && clock.Elapsed < FaProcess.Patience; i = (i + 1) % Workers)
            {
                workers[i] ??= Start(study);
                var isOver = workers[i]!.WaitForExit(random.Next(longest));
                if (!isOver && kills < most)
                {
                    if (kills++ % 3 == 0)
                    {
                        Process.Start("kill", ["-TERM", $"{workers[i]!.Id}"]).WaitForExit();
                    }
                    else
                    {
                        workers[i]!.Kill(entireProcessTree: true);
                    }

                    isOver = workers[i]!.WaitForExit(FaProcess.Patience);
                }

                if (isOver)
                {
                    workers[i]!.Dispose();
                    workers[i] = null;
                }
            }

            Assert.All(workers.OfType<Process>(), worker => Assert.True(worker.WaitForExit(FaProcess.Patience)));
            Array.ForEach(workers, worker => worker?.Dispose());
            var left = Left(study);
            Assert.Equal(expected.Keys.Order(), left.Keys.Order());
            Assert.All(expected, file => Assert.True(file.Value == left[file.Key], $"after {kills} kills {file.Key} differs"));
            takeovers += Directory.EnumerateFiles(_fa.Path($"{study}/claims")).Count(claim => TakenOver().IsMatch(claim));
            Directory.Delete(_fa.Path($"round{round}"), recursive: true);
        }

        TestContext.Current.SendDiagnosticMessage($"{kills} kills of workers, {takeovers} runs taken over");
    }

    [Fact]
    public async Task AWorkerThatIsAskedToStopLeavesACheckpointAndTheRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are those of Unix");
        _fa.Write("s.json", Spec.Replace("\"epochs\": 16", "\"epochs\": 20000", StringComparison.Ordinal));
        using var worker = FaProcess.Start(_fa.Folder, "study", "s.json", "--out", "study", "--quiet");
        FaProcess.WaitUntil(worker, () => Directory.Exists(_fa.Path("study/attempts"))
            && Directory.EnumerateFiles(_fa.Path("study/attempts"), "metrics.jsonl", SearchOption.AllDirectories)
                .Any(file => new FileInfo(file).Length > 0));
        Process.Start("kill", ["-TERM", $"{worker.Id}"]).WaitForExit();
        var error = worker.StandardError.ReadToEndAsync();
        Assert.True(worker.WaitForExit(FaProcess.Patience));
        Assert.Equal((ExitCode.Failed, ""), (worker.ExitCode, await error));
        var claims = Directory.EnumerateFiles(_fa.Path("study/claims"), "*.1").Count();
        Assert.Equal(claims, Directory.EnumerateFiles(_fa.Path("study/claims"), "*.1.released").Count());
        Assert.Equal(claims, Directory.EnumerateFiles(_fa.Path("study/attempts"), "checkpoint.state", SearchOption.AllDirectories).Count());
        _fa.Done("study", _fa.Path("study"), "--status");
        Assert.Contains("0 claimed, 6 waiting", _fa.Output, StringComparison.Ordinal);
    }

    /// <summary>What was killed before it had planned is planned again, by the same command.</summary>
    private Process Start(string study) => File.Exists(_fa.Path($"{study}/study.json"))
        ? FaProcess.Start(_fa.Folder, "work", study, "--quiet")
        : FaProcess.Start(_fa.Folder, "study", "s.json", "--out", study, "--quiet", "--checkpoint-every", "40", "--stale", "1");

    private bool IsDone(string study, Dictionary<string, string> expected)
        => Directory.Exists(_fa.Path($"{study}/runs"))
            && Directory.EnumerateDirectories(_fa.Path($"{study}/runs"))
                .Count() == expected.Keys.Count(file => file.EndsWith("run.json", StringComparison.Ordinal));

    /// <summary>The plan and all files of runs, but for the seconds.</summary>
    private Dictionary<string, string> Left(string study)
        => Directory.EnumerateFiles(_fa.Path($"{study}/runs"), "*", SearchOption.AllDirectories).Append(_fa.Path($"{study}/plan.jsonl"))
            .ToDictionary(
                file => Path.GetRelativePath(_fa.Path(study), file),
                file => file.EndsWith(".npz", StringComparison.Ordinal) ? Convert.ToHexString(File.ReadAllBytes(file))
                    : Seconds().Replace(File.ReadAllText(file), "0"));

    [GeneratedRegex("(?<=\"seconds\": )[^,\n]+")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\.[2-9][0-9]*$")]
    private static partial Regex TakenOver();
}
