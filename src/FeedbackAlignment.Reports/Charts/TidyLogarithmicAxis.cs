using OxyPlot.Axes;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>
/// A logarithmic axis with labels at 1, 2 and 5 times powers of ten over a short range, at powers of ten over a long one.
/// </summary>
internal sealed class TidyLogarithmicAxis : LogarithmicAxis
{
    private const double ShortDecades = 2.3;
    private const double MostLabels = 7;

    public TidyLogarithmicAxis() => LabelFormatter = Label;

    /// <summary>Where the untrained network stands, which a logarithm has no place for; null if it is not in the chart.</summary>
    public double? Start { get; init; }

    /// <summary>A number in few letters: 0.02, 5, 20k, 1e-6.</summary>
    public static string Label(double value) => value is 0 or (>= 0.001 and < 1000)
        ? NumberText.Format(value, "0.####")
        : value >= 1000 ? NumberText.Brief(value) : value.ToString("0.#e-0", System.Globalization.CultureInfo.InvariantCulture);

    public override void GetTickValues(out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        var low = ActualMinimum;
        var high = ActualMaximum;
        var decades = Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 2).ToList();
        var span = Math.Log10(high / low);
        double[] steps = span <= ShortDecades ? [1, 2, 5] : [1];
        var stride = Math.Max(1, (int)Math.Ceiling(span / MostLabels));
        bool Inside(double value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
        List<double> major = [.. decades.Where(decade => decade % stride == 0).SelectMany(decade => steps.Select(step => step * Math.Pow(10, decade))).Where(Inside)];
        minorTickValues = span > MostLabels ? [] : [.. decades.SelectMany(decade => Enumerable.Range(1, 9).Select(step => step * Math.Pow(10, decade))).Where(Inside)];
        if (Start is { } start)
        {
            major = [start, .. major.Where(value => value > start * 1.5)];
        }

        majorTickValues = major;
        majorLabelValues = major;
    }
}
