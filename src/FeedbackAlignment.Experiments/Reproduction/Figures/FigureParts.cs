using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Reproduction.Figures;

/// <summary>What figures are made of.</summary>
internal static class FigureParts
{
    /// <summary>Ends a caption: what lines, bands and marks are.</summary>
    public const string Legend = "Lines: means over the runs; bands: ± 1 SD over the runs. Open marks: the paper's own curve, read off its figure.";

    /// <summary>The same for quantities on a logarithmic axis.</summary>
    public const string LogarithmicLegend = "Lines: geometric means over the runs; bands: ± 1 SD of the logarithm. Open marks: the paper's own curve, read off its figure.";

    /// <summary>The axis of examples.</summary>
    public static AxisRecord Examples(bool logarithmic = false) => new("training examples", logarithmic);

    /// <summary>The axis of angles.</summary>
    public static AxisRecord Degrees { get; } = new("angle (degrees)", From: 0, To: 100);

    /// <summary>A rule's errors on validation along its curve.</summary>
    public static SeriesRecord Error(ExperimentEvidence experiment, string rule, double factor = 1, bool logarithmic = false, string? name = null)
        => Line(name ?? Name(rule), rule, experiment.Moments(rule).Select(examples => (examples, experiment.Error(rule, examples).Times(factor))), logarithmic);

    /// <summary>A rule's angles.</summary>
    public static SeriesRecord Angle(ExperimentEvidence experiment, string rule, Func<AlignmentRecord, double?> which, string? name = null, string? subject = null, string layer = "hidden1")
        => Line(
            name ?? Name(rule),
            subject ?? rule,
            experiment.Measured(rule, layer)
                .Where(examples => experiment.Runs(rule).All(run => run.Alignment.Any(reading => reading.Layer == layer && reading.Examples == examples && which(reading) is not null)))
                .Select(examples => (examples, experiment.Reading(rule, layer, examples, which))));

    /// <summary>The paper's own points.</summary>
    public static SeriesRecord Paper(string name, string subject, IReadOnlyList<PointRecord> points)
        => new() { Name = name, Subject = subject, Source = SeriesSource.Paper, Form = SeriesForm.Marks, Points = points };

    /// <summary>The paper's own curves, one per rule.</summary>
    public static IEnumerable<SeriesRecord> Paper(IReadOnlyDictionary<string, IReadOnlyList<PointRecord>> curves) => curves.Select(curve => Paper("", curve.Key, curve.Value));

    /// <summary>Means and bands over runs.</summary>
    public static SeriesRecord Line(string name, string subject, IEnumerable<(long Examples, Sample Values)> course, bool logarithmic = false) => new()
    {
        Name = name,
        Subject = subject,
        Source = SeriesSource.Measured,
        Points = [.. course.Select(moment => logarithmic ? Exponential(moment.Examples, moment.Values.Log10()) : Point(moment.Examples, moment.Values))],
    };

    /// <summary>What was computed.</summary>
    public static SeriesRecord Computed(string name, string subject, IEnumerable<PointRecord> points, SeriesForm form = SeriesForm.Line)
        => new() { Name = name, Subject = subject, Source = SeriesSource.Theory, Form = form, Points = [.. points] };

    /// <summary>A rule's name in prose.</summary>
    public static string Name(string rule) => RuleCatalog.Standard.Get(rule).Name;

    private static PointRecord Point(double x, Sample values)
        => new(x, values.Mean) { Low = values.Mean - values.Sd, High = values.Mean + values.Sd };

    private static PointRecord Exponential(double x, Sample logarithms) => new(x, Math.Pow(10, logarithms.Mean))
    {
        Low = logarithms.Sd is { } low ? Math.Pow(10, logarithms.Mean - low) : null,
        High = logarithms.Sd is { } high ? Math.Pow(10, logarithms.Mean + high) : null,
    };
}
