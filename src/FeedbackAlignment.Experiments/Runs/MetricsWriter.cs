using System.Globalization;
using System.Text.Json;
using CsvHelper;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// Writes a run's metrics as they happen: every record as a line of JSON in <c>metrics.jsonl</c> (with <c>"kind"</c> <c>curve</c> or
/// <c>alignment</c>), and as a line of <c>curve.csv</c> or <c>alignment.csv</c>. A line is in its file before training goes on.
/// </summary>
internal sealed class MetricsWriter : IDisposable
{
    private readonly StreamWriter _lines;
    private readonly CsvWriter _curve, _alignment;

    /// <param name="folder">The run's folder, which exists.</param>
    public MetricsWriter(string folder)
    {
        _lines = Text(folder, "metrics.jsonl");
        _curve = Table<CurveRecord>(folder, "curve.csv");
        _alignment = Table<AlignmentRecord>(folder, "alignment.csv");
    }

    public void Write(CurveRecord record)
    {
        Line("curve", record);
        Row(_curve, record);
    }

    public void Write(AlignmentRecord record)
    {
        Line("alignment", record);
        Row(_alignment, record);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _curve.Dispose();
        _alignment.Dispose();
    }

    private void Line<T>(string kind, T record)
    {
        var json = JsonSerializer.SerializeToNode(record, ExperimentJson.Line)!.AsObject();
        json.Insert(0, "kind", kind);
        _lines.WriteLine(json.ToJsonString(ExperimentJson.Line));
        _lines.Flush();
    }

    private static void Row<T>(CsvWriter table, T record)
    {
        table.WriteRecord(record);
        table.NextRecord();
        table.Flush();
    }

    private static CsvWriter Table<T>(string folder, string name)
    {
        var table = new CsvWriter(Text(folder, name), CultureInfo.InvariantCulture);
        table.WriteHeader<T>();
        table.NextRecord();
        return table;
    }

    private static StreamWriter Text(string folder, string name) => new(Path.Combine(folder, name)) { NewLine = "\n" };
}
