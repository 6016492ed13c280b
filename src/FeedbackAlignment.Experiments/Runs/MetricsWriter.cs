using System.Text.Json;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// Writes a run's metrics as they happen: every record as a line of JSON in <c>metrics.jsonl</c> (with <c>"kind"</c> <c>curve</c> or
/// <c>alignment</c> or <c>norms</c>), and as a line of <c>curve.csv</c>, <c>alignment.csv</c> or <c>norms.csv</c>. A line is in its file
/// before training goes on.
/// </summary>
internal sealed class MetricsWriter : IDisposable
{
    public const string LinesName = "metrics.jsonl", CurveName = "curve.csv", AlignmentName = "alignment.csv", NormsName = "norms.csv";
    public const string CurveKind = "curve", AlignmentKind = "alignment", NormsKind = "norms";

    private readonly AppendedFile _lines;
    private readonly MetricsTable<CurveRecord>? _curve;
    private readonly MetricsTable<AlignmentRecord>? _alignment;
    private readonly MetricsTable<NormRecord>? _norms;

    /// <param name="folder">The run's folder, which exists.</param>
    /// <param name="hasNorms">Whether norms are recorded.</param>
    /// <param name="from">What of the files stays; null: nothing, the run begins.</param>
    /// <exception cref="RecordingException">A file cannot be written.</exception>
    public MetricsWriter(Place folder, bool hasNorms, MetricsLengths? from = null)
    {
        _lines = new AppendedFile(folder.In(LinesName), from?.Lines ?? 0);
        try
        {
            _curve = new MetricsTable<CurveRecord>(folder.In(CurveName), from?.Curve ?? 0);
            _alignment = new MetricsTable<AlignmentRecord>(folder.In(AlignmentName), from?.Alignment ?? 0);
            _norms = hasNorms ? new MetricsTable<NormRecord>(folder.In(NormsName), from?.Norms ?? 0) : null;
        }
        catch (RecordingException)
        {
            Dispose();
            throw;
        }
    }

    public void Write(CurveRecord record)
    {
        Line(CurveKind, record);
        _curve!.Append(record);
    }

    public void Write(AlignmentRecord record)
    {
        Line(AlignmentKind, record);
        _alignment!.Append(record);
    }

    public void Write(NormRecord record)
    {
        Line(NormsKind, record);
        _norms!.Append(record);
    }

    /// <summary>Returns when all records are on the disk.</summary>
    /// <returns>How long the files are.</returns>
    public MetricsLengths Flush()
    {
        _lines.Flush();
        _curve!.Flush();
        _alignment!.Flush();
        _norms?.Flush();
        return new MetricsLengths(_lines.Length, _curve.Length, _alignment.Length, _norms?.Length ?? 0);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _curve?.Dispose();
        _alignment?.Dispose();
        _norms?.Dispose();
    }

    private void Line<T>(string kind, T record)
    {
        var json = JsonSerializer.SerializeToNode(record, ExperimentJson.Line)!.AsObject();
        json.Insert(0, "kind", kind);
        _lines.Append(json.ToJsonString(ExperimentJson.Line) + "\n");
    }
}
