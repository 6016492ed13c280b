using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>
/// SIGKILL and SIGTERM at random moments, from before the first file on, for every command that writes: a file is whole or absent, the
/// same command line (or <c>fa resume</c>, where it has begun) can be run again, and what is left at the end is what is left where nobody
/// killed. Few kills here; as many as the environment variable <c>FA_KILLS</c> says where it is set (<c>.ci/kills</c>).
/// </summary>
public sealed partial class KilledCommandTests : IDisposable
{
    private const string Spec = """
        {
          "rules": ["feedback-alignment"], "seeds": [1], "data": { "train": 90, "validation": 40, "test": 40 }, "network": { "layers": "784-12-10" },
          "training": { "batchSize": 4, "epochs": 4, "measureExamples": 20 }
        }
        """;

    private const string Trained = "run/runs/feedback-alignment-1";
    private const int KillsAtATime = 3;

    /// <summary>Tests of kills beside this one: <see cref="KillTests"/> and <see cref="KilledWorkerTests"/>.</summary>
    private const int OtherTests = 2;

    private readonly Fa _fa = new();

    /// <summary>The commands that few kills are tried with, one of each way to write.</summary>
    public static TheoryData<string> Commands
        => [.. Environment.GetEnvironmentVariable("FA_KILLS") is null ? _all.Where((_, place) => place is 0 or 1 or 3 or 4 or 8) : _all];

    /// <summary>The commands: <c>OUT</c> stands for what they write, <c>IN</c> for the folder with what they read.</summary>
    private static readonly string[] _all =
    [
        "compare --spec IN/spec.json --out OUT --quiet --checkpoint-every 12",
        "tune IN/spec.json --trials 2 --out OUT --quiet --checkpoint-every 12",
        "reproduce flow-field --effort quick --out OUT --quiet",
        "import IN/model.safetensors --activation tanh --data digits --out OUT",
        $"export IN/{Trained} --format safetensors --out OUT/model.safetensors",
        $"export IN/{Trained} --format onnx --out OUT/model.onnx",
        $"export IN/{Trained} --format tensorboard --out OUT",
        "report IN/run --out OUT/page.html",
        $"predict IN/{Trained} IN/new.csv --out OUT/answers.csv",
    ];

    public void Dispose() => _fa.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task AKilledCommandIsRunAgainToTheSameBytes(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are those of Unix");
        var wanted = Share(1);
        Prepare();
        var clock = Stopwatch.StartNew();
        await Run(command, "whole");
        var longest = (int)clock.ElapsedMilliseconds;
        var expected = Left("whole");
        Assert.NotEmpty(expected);

        var random = new Random(command.Length);
        for (var (round, kills) = (0, 0); round == 0 || kills < wanted; round++)
        {
            var folder = _fa.Path($"out{round}");
            for (var i = 0; i < (wanted == 1 ? 1 : KillsAtATime); i++)
            {
                using var process = FaProcess.Start(_fa.Folder, Args(command, folder));
                if (process.WaitForExit(random.Next(longest)))
                {
                    break;
                }

                if (kills++ % 2 == 0)
                {
                    process.Kill();
                }
                else
                {
                    Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
                }

                Assert.True(process.WaitForExit(FaProcess.Patience));
                AssertWholeOrAbsent(command, folder, expected);
            }

            clock.Restart();
            if (!IsImported(command, folder, expected))
            {
                await Run(command, folder);
                longest = (int)clock.ElapsedMilliseconds;
            }

            var left = Left(folder);
            Assert.True(expected.Keys.Order().SequenceEqual(left.Keys.Order()),
                $"after {kills} kills there are {string.Join(", ", left.Keys)}");
            Assert.All(expected, file => Assert.True(file.Value == left[file.Key], $"after {kills} kills {file.Key} differs"));
            Directory.Delete(_fa.Path(folder), recursive: true);
        }
    }

    /// <summary>The kills of one command, of those that the environment variable wants in all.</summary>
    /// <param name="few">How many without it.</param>
    internal static int Share(int few)
        => Environment.GetEnvironmentVariable("FA_KILLS") is { } all
            ? Math.Max(1, int.Parse(all, CultureInfo.InvariantCulture) / (Commands.Count + OtherTests)) : few;

    private async Task Run(string command, string folder)
    {
        var (code, _, error) = await FaProcess.Run(_fa.Folder, Args(command, folder));
        Assert.True(code == ExitCode.Done, error);
    }

    private void Prepare()
    {
        _fa.Write("spec.json", Spec);
        _fa.Write("new.csv", string.Join("\n",
            Enumerable.Range(0, 3).Select(row => string.Join(',', Enumerable.Range(0, 784).Select(column => (row + column) % 2)))));
        Assert.Equal(ExitCode.Done, _fa.Run("train", _fa.Path("spec.json"), "--out", _fa.Path("run"), "--quiet"));
        Assert.Equal(ExitCode.Done, _fa.Run("export", _fa.Path(Trained), "--format", "safetensors", "--out",
            _fa.Path("model.safetensors")));
    }

    /// <summary>A killed import may have been at its end; then its folder is not written again.</summary>
    private bool IsImported(string command, string folder, Dictionary<string, string> expected)
        => command.StartsWith("import", StringComparison.Ordinal) && Directory.Exists(folder)
            && expected.Keys.All(Left(folder).ContainsKey);

    /// <summary>What has begun is gone on with; else the same command line must do.</summary>
    private string[] Args(string command, string folder)
        => command.Contains("--quiet", StringComparison.Ordinal)
            && (File.Exists(Path.Combine(_fa.Path(folder), "spec.json")) || File.Exists(Path.Combine(_fa.Path(folder), "plan.json")))
            ? ["resume", folder, "--quiet"]
            : [.. command.Split(' ').Select(
                part => part.Replace("OUT", _fa.Path(folder), StringComparison.Ordinal)
                .Replace("IN", _fa.Folder, StringComparison.Ordinal))];

    /// <summary>A command that writes a single file has written it, or nothing. Files of other names are on the way.</summary>
    private void AssertWholeOrAbsent(string command, string folder, Dictionary<string, string> expected)
    {
        if (!command.Contains("--quiet", StringComparison.Ordinal) && Directory.Exists(_fa.Path(folder)))
        {
            Assert.All(Left(folder).Where(file => expected.ContainsKey(file.Key)),
                file => Assert.True(file.Value == expected[file.Key], $"a part of {file.Key} is there"));
        }
    }

    /// <summary>All files by name and content, but for seconds, dates, the name of the folder, and pages with such in them.</summary>
    private Dictionary<string, string> Left(string folder)
        => Directory.EnumerateFiles(_fa.Path(folder), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("environment.json" or "report.html" or "reproduction.md" or "trials.csv"))
            .ToDictionary(
                file => Path.GetRelativePath(_fa.Path(folder), file),
                file => file.EndsWith(".json", StringComparison.Ordinal)
                    ? Moments().Replace(File.ReadAllText(file), "0").Replace(_fa.Path(folder), "", StringComparison.Ordinal)
                    : Convert.ToHexString(File.ReadAllBytes(file)));

    [GeneratedRegex("(?<=\"(seconds|started)\": )[^,\n]+")]
    private static partial Regex Moments();
}
