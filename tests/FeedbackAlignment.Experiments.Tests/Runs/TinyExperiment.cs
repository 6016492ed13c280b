using System.IO.Compression;
using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Data;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>Experiments of a fraction of a second, each in a folder that is gone after the test.</summary>
internal sealed class TinyExperiment : IDisposable
{
    private readonly TemporaryFolder _place = new();
    private int _count;

    /// <summary>The ids of all rules that are not refused in a network without convolutions.</summary>
    public static IReadOnlyList<string> RulesOfDenseNetworks { get; }
        = [.. RuleCatalog.Standard.Entries.Where(rule => !rule.NeedsConvolution).Select(rule => rule.Id)];

    /// <summary>Two passes over 60 digits.</summary>
    public static ExperimentSpec Spec { get; } = new()
    {
        Seeds = [1],
        Data = new() { Train = 60, Validation = 40, Test = 50 },
        Network = new() { Layers = "784-8-10" },
        Training = new() { Epochs = 2, BatchSize = 16, MeasureExamples = 20 },
    };

    public (ExperimentRecord Record, string Folder) Run(ExperimentSpec asked, ExperimentObserver? observer = null, CancellationToken cancellation = default)
    {
        var data = Load(asked);
        var folder = ExperimentFolder.Create(Path.Combine(_place.Path, $"{++_count}"));
        var runner = new ExperimentRunner(SpecCompletion.Complete(asked, data.Record, Components.Standard), data.Split, data.Record, folder,
            Components.Standard, TimeProvider.System);
        return (runner.Run(observer ?? new Nobody(), cancellation), folder.FullPath);
    }

    public static LoadedData Load(ExperimentSpec spec) => new DataSources("nowhere").Load(spec.Data);

    /// <summary>What a run came to, as text, without the seconds and the spec that only its own file has.</summary>
    public static string Outcome(RunRecord run) => JsonSerializer.Serialize(run with { Seconds = 0, Spec = null }, ExperimentJson.Indented);

    /// <summary>The matrices of a run's weights.npz, by name.</summary>
    public static Dictionary<string, Matrix> Weights(string folder, string run, bool finite = true)
    {
        using var archive = ZipFile.OpenRead(WeightsPath(folder, run));
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            return NpyReader.Read(stream, entry.FullName, finite).Values;
        });
    }

    public static byte[] WeightBytes(string folder, string run) => File.ReadAllBytes(WeightsPath(folder, run));

    public static string RunPath(string folder, string run, string file) => Path.Combine(folder, "runs", run, file);

    public void Dispose() => _place.Dispose();

    private static string WeightsPath(string folder, string run) => RunPath(folder, run, "weights.npz");

    private sealed class Nobody : ExperimentObserver;
}
