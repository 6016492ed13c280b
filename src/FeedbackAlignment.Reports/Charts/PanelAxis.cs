using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Texts;
using OxyPlot.Axes;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>An axis of a panel: its range, its ticks, and where numbers stand on it.</summary>
internal sealed record PanelAxis
{
    private const double Margin = 0.04;
    private const double LogarithmicMargin = 0.02;
    private const double MarkRoom = 0.015;
    private const int LongestLabel = 18;

    private readonly AxisRecord _record;

    /// <summary>Lays an axis out for the numbers it must show.</summary>
    /// <param name="record">The axis.</param>
    /// <param name="numbers">All numbers along it; those it has no place for are passed over.</param>
    /// <param name="marks">Where marks and dots stand, for which there is a little room beyond an end that they are close to.</param>
    public PanelAxis(AxisRecord record, IEnumerable<double> numbers, IEnumerable<double> marks)
    {
        _record = record;
        double[] shown = [.. numbers.Where(HasPlace)];
        (Low, High) = record.Logarithmic ? Decades(shown) : Even(shown);
        double[] fractions = [.. marks.Where(HasPlace).Select(Fraction).Where(fraction => fraction is >= 0 and <= 1)];
        (Low, High) = (At(fractions.Any(fraction => fraction < MarkRoom) ? -MarkRoom : 0), At(fractions.Any(fraction => fraction > 1 - MarkRoom) ? 1 + MarkRoom : 1));
    }

    /// <summary>The lower end.</summary>
    public double Low { get; }

    /// <summary>The upper end.</summary>
    public double High { get; }

    /// <summary>A number's place; not a number where it has none, which breaks a line.</summary>
    public double Place(double number) => HasPlace(number) ? number : double.NaN;

    /// <summary>A band's edge: what has no place below stands at the lower end.</summary>
    public double Edge(double? number) => number is { } value && double.IsFinite(value) ? (HasPlace(value) ? value : Low) : double.NaN;

    public Axis Create(AxisPosition position)
    {
        Axis axis = _record.Logarithmic
            ? new TidyLogarithmicAxis()
            : new LinearAxis { LabelFormatter = Label, IntervalLength = position == AxisPosition.Bottom ? 72 : 45 };
        axis.Position = position;
        axis.Title = ForeignText.Line(_record.Title) + (_record.Logarithmic ? " (log)" : "");
        (axis.Minimum, axis.Maximum) = (Low, High);
        (axis.MinimumPadding, axis.MaximumPadding) = (0, 0);
        ChartFrame.Dress(axis);
        if (_record.Labels is { } labels)
        {
            (axis.MajorStep, axis.MinorStep) = (1, 1);
            axis.LabelFormatter = value => Math.Abs(value - Math.Round(value)) < 1e-6
                && labels.ElementAtOrDefault((int)Math.Round(value)) is { } label
                ? ForeignText.Line(label, LongestLabel) : "";
        }

        if (!_record.Logarithmic && _record.Title.Contains('°', StringComparison.Ordinal) && High - Low is > 40 and <= 180)
        {
            axis.MajorStep = High - Low > 125 ? 45 : High - Low > 60 ? 30 : 15;
            axis.MinorStep = 15;
        }

        return axis;
    }

    private bool HasPlace(double number) => double.IsFinite(number) && (number > 0 || !_record.Logarithmic);

    private double Fraction(double number) => _record.Logarithmic ? Math.Log(number / Low) / Math.Log(High / Low) : (number - Low) / (High - Low);

    // The ends themselves stay what they were given as, to the bit.
    private double At(double fraction) => fraction switch
    {
        0 => Low,
        1 => High,
        _ => _record.Logarithmic ? Low * Math.Pow(High / Low, fraction) : Low + (fraction * (High - Low)),
    };

    private double? Given(double? end) => end is { } value && HasPlace(value) ? value : null;

    private (double Low, double High) Decades(double[] shown)
    {
        var low = Given(_record.From) ?? shown.DefaultIfEmpty(0.1).Min();
        var high = Given(_record.To) ?? shown.DefaultIfEmpty(1).Max();
        if (high <= low)
        {
            (low, high) = (low / 2, low * 2);
        }

        var margin = Math.Pow(high / low, LogarithmicMargin);
        return (Given(_record.From) ?? low / margin, Given(_record.To) ?? high * margin);
    }

    private (double Low, double High) Even(double[] shown)
    {
        var low = Given(_record.From) ?? shown.DefaultIfEmpty(0).Min();
        var high = Given(_record.To) ?? shown.DefaultIfEmpty(1).Max();
        if (high <= low)
        {
            (low, high) = (low - 0.5, low + 0.5);
        }

        // What is never negative and comes near zero is best seen from zero.
        var fromZero = low >= 0 && low < 0.4 * high;
        var margin = Margin * (high - low);
        return (Given(_record.From) ?? (fromZero ? 0 : low - margin), Given(_record.To) ?? high + margin);
    }

    // Steps of ticks add up to almost zero.
    private string Label(double value) => Math.Abs(value) < 1e-9 * (High - Low) ? "0"
        : value < 0 ? "−" + TidyLogarithmicAxis.Label(-value) : TidyLogarithmicAxis.Label(value);
}
