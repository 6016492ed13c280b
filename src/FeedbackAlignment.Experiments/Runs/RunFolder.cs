using System.Text.Json;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// What one run leaves behind: <c>metrics.jsonl</c>, <c>curve.csv</c> and <c>alignment.csv</c> as they happen; at the end <c>run.json</c>
/// and <c>weights.npz</c> (the kept weights, the biases and the feedback weights, which NumPy reads as it is).
/// </summary>
internal sealed class RunFolder(string path)
{
    public MetricsWriter OpenMetrics() => new(path);

    public void WriteEnd(RunRecord record, IEnumerable<Parameter> parameters, IEnumerable<FeedbackPath> feedback)
    {
        File.WriteAllText(Path.Combine(path, "run.json"), JsonSerializer.Serialize(record, ExperimentJson.Indented) + "\n");
        NpzFile.Write(
            Path.Combine(path, "weights.npz"),
            [.. parameters.Select(p => (p.Name, p.Values)), .. feedback.Select(f => ($"feedback.{f.From}-{f.To}", f.Weights))]);
    }
}
