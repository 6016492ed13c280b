using System.Globalization;
using System.Reflection;
using CsvHelper;
using FeedbackAlignment.Experiments.Files;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>A CSV file that grows line by line: a column for each property of a record.</summary>
/// <remarks>
/// Fields are written one by one. CsvHelper's <c>WriteRecord</c> compiles a method for each writer, which took three quarters of the time
/// of short runs.
/// </remarks>
/// <typeparam name="T">The record.</typeparam>
internal sealed class MetricsTable<T> : IDisposable
{
    private static readonly PropertyInfo[] _columns = typeof(T).GetProperties();

    private readonly AppendedFile _file;
    private readonly StringWriter _text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly CsvWriter _table;

    /// <param name="place">Where.</param>
    /// <param name="length">Bytes that stay; 0: the table begins, with its header.</param>
    /// <exception cref="RecordingException">It cannot be written.</exception>
    public MetricsTable(Place place, long length)
    {
        _file = new AppendedFile(place, length);
        _table = new CsvWriter(_text, CultureInfo.InvariantCulture);
        if (length != 0)
        {
            return;
        }

        try
        {
            Append(_columns.Select(column => column.Name));
        }
        catch (RecordingException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes in it.</summary>
    public long Length => _file.Length;

    public void Append(T record) => Append(_columns.Select(column => column.GetValue(record)));

    /// <summary>Returns when all of it is on the disk.</summary>
    public void Flush() => _file.Flush();

    public void Dispose()
    {
        _table.Dispose();
        _file.Dispose();
    }

    private void Append(IEnumerable<object?> fields)
    {
        foreach (var field in fields)
        {
            _table.WriteField(field);
        }

        _table.NextRecord();
        _table.Flush();
        var line = _text.ToString();
        _text.GetStringBuilder().Clear();
        _file.Append(line);
    }
}
