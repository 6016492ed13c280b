using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Watching;

/// <summary>A run that is watched.</summary>
public sealed class WatchedRun
{
    private const int LongestLabel = 120;

    private readonly Place _place;
    private readonly Func<long?> _total;
    private RunRecord? _ended;
    private long _endedLength = -1;

    internal WatchedRun(string id, Place place, Func<long?> total) => (Id, _place, _total) = (id, place, total);

    /// <summary>Its path in the folder that is watched, with <c>/</c>.</summary>
    public string Id { get; }

    /// <summary>What it is and how far.</summary>
    public RunState State()
    {
        ReadEnd();
        var (rule, seed) = _ended is { } record ? (record.Rule, (ulong?)record.Seed) : OfName(_place.Name);
        return new RunState
        {
            Id = ForeignText.Line(Id, 4 * LongestLabel),
            Rule = ForeignText.Line(rule, LongestLabel),
            Seed = seed,
            TotalExamples = _total(),
            Ended = _ended?.Status.InWords(),
            Reason = _ended?.Reason is { } reason ? ForeignText.Line(reason, 300) : null,
            TestError = _ended?.TestError is { } error && double.IsFinite(error) ? error : null,
            Seconds = _ended?.Seconds is { } seconds && double.IsFinite(seconds) ? seconds : null,
        };
    }

    /// <summary>What it has recorded since a place.</summary>
    /// <param name="from">The place; the default is the beginning.</param>
    /// <returns>Null: it cannot be read now.</returns>
    public RunReadings? Read(ReadingPlace from)
    {
        try
        {
            using var file = _place.In(MetricsWriter.LinesName).Read();
            return ReadingLines.Read(file, from);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            return null;
        }
    }

    /// <summary>A run that goes on has no <c>run.json</c>: it is written last, and deleted when the run goes on.</summary>
    private void ReadEnd()
    {
        try
        {
            using var file = _place.In(RunFolder.RecordName).Read();
            if (file.Length == _endedLength)
            {
                return;
            }

            (_endedLength, _ended) = (file.Length, RecordFile.TryRead<RunRecord>(_place.In(RunFolder.RecordName)));
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            (_endedLength, _ended) = (-1, null);
        }
    }

    /// <summary>Folders of runs are called <c>RULE-SEED</c>.</summary>
    private static (string Rule, ulong? Seed) OfName(string name)
        => name.LastIndexOf('-') is var dash and > 0 && ulong.TryParse(name.AsSpan(dash + 1), out var seed) ? (name[..dash], seed)
            : (name, null);
}

/// <summary>What a run is and how far, apart from its readings.</summary>
public sealed record RunState
{
    /// <summary>Its path in the folder that is watched.</summary>
    public required string Id { get; init; }

    /// <summary>The id of its rule, or the name of its folder where that does not say it.</summary>
    public required string Rule { get; init; }

    /// <summary>Its root seed; null: the folder does not say it.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Examples of the whole training; null: nothing says it.</summary>
    public long? TotalExamples { get; init; }

    /// <summary>How it ended: <c>completed</c>, <c>diverged</c>, <c>cancelled</c>, <c>stopped early</c>; null: it has not.</summary>
    public string? Ended { get; init; }

    /// <summary>Why, in a line; null: it went through all its examples.</summary>
    public string? Reason { get; init; }

    /// <summary>Error on the test examples; null: it was not tested.</summary>
    public double? TestError { get; init; }

    /// <summary>Seconds of training; null: it has not ended.</summary>
    public double? Seconds { get; init; }
}
