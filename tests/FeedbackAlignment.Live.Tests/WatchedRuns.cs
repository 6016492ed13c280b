using System.Globalization;

namespace FeedbackAlignment.Live.Tests;

/// <summary>A folder with runs as <c>fa</c> writes them, which a test lets grow.</summary>
internal sealed class WatchedRuns : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("fa-live-tests-").FullName;

    public WatchedRuns()
    {
        File.WriteAllText(Path.Combine(Folder, "spec.json"), """{ "format": 2, "name": "Two rules", "training": { "examples": 1000 } }""");
        File.WriteAllText(
            Path.Combine(Folder, "data.json"),
            """{ "description": "made up", "train": 100, "validation": 10, "test": 10, "inputs": 4, "outputs": 2, "classification": true, "baseline": { "testError": 0.5, "class": 0 } }""");
    }

    public string MetricsOf(string run) => Path.Combine(Folder, "runs", run, "metrics.jsonl");

    /// <summary>Adds readings of a run, an evaluation and a measurement of two layers for each.</summary>
    public void Grow(string run, int from, int to, double angle = 90)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(MetricsOf(run))!);
        using var file = File.AppendText(MetricsOf(run));
        for (var reading = from; reading < to; reading++)
        {
            file.Write(string.Create(CultureInfo.InvariantCulture, $$"""
                {"kind":"curve","examples":{{10 * reading}},"epoch":0,"trainLoss":{{2.0 / (1 + reading)}},"validationLoss":1,"validationError":{{0.9 / (1 + reading)}},"learningRate":0.1}
                {"kind":"alignment","examples":{{10 * reading}},"layer":"hidden1","errorAngle":{{angle - reading}},"gradientAngle":{{angle - reading}},"positiveShare":0.5}
                {"kind":"alignment","examples":{{10 * reading}},"layer":"output","errorAngle":null,"gradientAngle":0,"positiveShare":null}

                """).ReplaceLineEndings("\n"));
        }
    }

    public void End(string run, string rule, string status = "completed") => File.WriteAllText(
        Path.Combine(Folder, "runs", run, "run.json"),
        $$"""{"rule":"{{rule}}","seed":1,"status":"{{status}}","examples":1000,"testError":0.125,"seconds":3,"curve":[],"angles":{},"steps":10}""");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
