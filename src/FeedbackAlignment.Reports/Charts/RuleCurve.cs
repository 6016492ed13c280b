using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>A number at a place of the horizontal axis, as a moment of training; null where it is undefined.</summary>
internal readonly record struct Reading(long At, double? Value);

/// <summary>
/// The mean over seeds at a place, with the lowest and highest seed; all not-a-number where no seed has a value, so that the line has a
/// gap.
/// </summary>
internal readonly record struct BandPoint(long At, double Mean, double Low, double High);

/// <summary>What one rule contributes to a chart.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Mean">Mean and band over the completed runs; empty if there are none.</param>
/// <param name="Seeds">How many runs that is.</param>
/// <param name="Broken">The curves of runs that diverged or were cancelled, each to where it ended.</param>
internal sealed record RuleCurve(string Label, SeriesStyle Style, IReadOnlyList<BandPoint> Mean, int Seeds, IReadOnlyList<IReadOnlyList<Reading>> Broken)
{
    public bool HasData => Mean.Any(point => double.IsFinite(point.Mean)) || Broken.Any(run => run.Any(reading => reading.Value is not null));

    public static RuleCurve Of(RuleResults results, SeriesStyle style, Func<RunRecord, IEnumerable<Reading>> read)
    {
        var completed = results.Completed.Select(run => Finite(read(run))).Where(run => run.Count > 0).ToList();
        var broken = results.Runs.Where(run => !run.Status.IsEnd()).Select(run => Finite(read(run)));
        return new RuleCurve(
            results.Label,
            style,
            [.. completed.SelectMany(run => run).GroupBy(reading => reading.At).OrderBy(place => place.Key).Select(Band)],
            completed.Count,
            [.. broken.Where(run => run.Any(reading => reading.Value is not null))]);
    }

    private static List<Reading> Finite(IEnumerable<Reading> readings) =>
        [.. readings.Select(reading => reading.Value is { } value && double.IsFinite(value) ? reading : reading with { Value = null })];

    private static BandPoint Band(IGrouping<long, Reading> place)
    {
        double[] values = [.. place.Select(reading => reading.Value).OfType<double>()];
        return values.Length == 0
            ? new BandPoint(place.Key, double.NaN, double.NaN, double.NaN)
            : new BandPoint(place.Key, values.Average(), values.Min(), values.Max());
    }
}
