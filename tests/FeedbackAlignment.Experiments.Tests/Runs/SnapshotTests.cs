using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>Weights that are kept as a training goes on, and norms.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly TinyExperiment _experiments = new();

    public void Dispose() => _experiments.Dispose();

    [Fact]
    public void TheFirstHasTheInitialWeightsAndTheLastThoseAtTheEnd()
    {
        var folder = Run(SnapshotIds.Evaluations);
        var names = Names(folder);
        Assert.Equal("000000000000.npz", names[0]);
        Assert.True(names.Length > 2);
        var (first, last, end) = (Read(folder, $"snapshots/{names[0]}"), Read(folder, $"snapshots/{names[^1]}"),
            Read(folder, "weights.npz"));
        Assert.Equal(end.Keys.Where(name => !name.StartsWith("optimizer.", StringComparison.Ordinal)).Order(), last.Keys.Order());
        Assert.All(last, pair => Assert.Equal(end[pair.Key], pair.Value));
        Assert.NotEqual(first["hidden1.weights"], last["hidden1.weights"]);
        Assert.Equal(first["feedback.output-hidden1"], last["feedback.output-hidden1"]);

        // Another number of steps, the same beginning.
        Assert.Equal(first["hidden1.weights"], Read(Run(SnapshotIds.Ends), $"snapshots/{names[0]}")["hidden1.weights"]);
    }

    [Fact]
    public void OfTheEndsTwoStay()
    {
        var (all, ends) = (Names(Run(SnapshotIds.Evaluations)), Names(Run(SnapshotIds.Ends)));
        Assert.Equal([all[0], all[^1]], ends);
        Assert.False(Directory.Exists(Path.Combine(Run(SnapshotIds.None), "snapshots")));
    }

    [Fact]
    public void NormsStandInATableOfTheirOwn()
    {
        var (record, folder) = _experiments.Run(
            Spec(SnapshotIds.None) with { Training = Spec(SnapshotIds.None).Training with { MeasureNorms = true } });
        var lines = File.ReadAllLines(Path.Combine(folder, "runs", "feedback-alignment-1", "norms.csv"));
        Assert.Equal("Examples,Layer,Weights,Biases,Feedback,Activations,Error,ExactError,Gradient,ExactGradient", lines[0]);
        Assert.Equal(record.Runs[0].Alignment.Select(reading => $"{reading.Examples},{reading.Layer}"),
            lines[1..].Select(line => string.Join(',', line.Split(',')[..2])));
        Assert.False(File.Exists(Path.Combine(Run(SnapshotIds.None), "norms.csv")));
    }

    private string Run(string snapshots) => Path.Combine(_experiments.Run(Spec(snapshots)).Folder, "runs", "feedback-alignment-1");

    private static ExperimentSpec Spec(string snapshots) => TinyExperiment.Spec with
    {
        Rules = ["feedback-alignment"],
        Seeds = [1],
        Training = TinyExperiment.Spec.Training with { Keep = KeepIds.Last, Snapshots = snapshots },
    };

    private static string[] Names(string run)
        => [.. Directory.GetFiles(Path.Combine(run, "snapshots")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static Dictionary<string, float[]> Read(string run, string name) => NpzFile.ReadAll(Place.Named(Path.Combine(run, name)))
        .ToDictionary(array => array.Name, array => Numbers(array.Values));

    private static float[] Numbers(Matrix matrix)
        => [.. from row in Enumerable.Range(0, matrix.Rows) from column in Enumerable.Range(0, matrix.Columns) select matrix[row, column]];
}
