using OxyPlot.Axes;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>How the vertical axis runs.</summary>
internal enum VerticalScale
{
    /// <summary>From zero, in equal steps; logarithmic if all values are positive and span more than a factor of ten.</summary>
    Automatic,

    /// <summary>Logarithmic.</summary>
    Logarithmic,

    /// <summary>Degrees from 0, with ticks at 45, 90 …</summary>
    Degrees,

    /// <summary>0 … 100 %.</summary>
    Percent,
}

/// <summary>Makes axes.</summary>
internal static class Scales
{
    /// <summary>The title of a logarithmic axis of examples.</summary>
    public const string LogarithmicExamples = ExamplesTitle + " (log)";

    private const string ExamplesTitle = "training examples seen";
    private const double SpanForLogarithm = 10;

    public static Axis Vertical(VerticalScale scale, string title, IReadOnlyList<double> values)
    {
        var positive = values.Where(value => value > 0).ToList();
        var high = values.DefaultIfEmpty(1).Max();
        var logarithmic = positive.Count > 0
            && (scale == VerticalScale.Logarithmic || (scale == VerticalScale.Automatic && positive.Count == values.Count && high / positive.Min() > SpanForLogarithm));
        Axis axis = scale switch
        {
            VerticalScale.Degrees => new LinearAxis { Minimum = 0, Maximum = Math.Clamp(high + 6, 105, 180), MajorStep = 45, MinorStep = 15 },
            VerticalScale.Percent => new LinearAxis { Minimum = 0, Maximum = 104, MajorStep = 25, MinorStep = 25 },
            _ when logarithmic => new TidyLogarithmicAxis { Minimum = positive.Min() / 1.15, Maximum = high * 1.15 },
            _ => new LinearAxis { Minimum = 0, Maximum = high > 0 ? high * 1.05 : 1, LabelFormatter = TidyLogarithmicAxis.Label, IntervalLength = 45 },
        };
        axis.Position = AxisPosition.Left;
        axis.Title = title + (logarithmic ? " (log)" : "");
        return axis;
    }

    /// <summary>
    /// The axis of examples, logarithmic if training was looked at early and often, with the untrained network at its left end.
    /// </summary>
    /// <param name="examples">All moments in the chart.</param>
    public static (Axis Axis, Func<long, double> Place) Examples(IReadOnlyList<long> examples)
    {
        const double early = 0.05;
        const int enough = 3;
        var last = examples.DefaultIfEmpty(1).Max();
        var moments = examples.Where(moment => moment > 0).Distinct().ToList();
        if (moments.Count(moment => moment <= early * last) < enough)
        {
            var plain = new LinearAxis { Minimum = 0, Maximum = Math.Max(last, 1), LabelFormatter = NumberText.Brief, IntervalLength = 75 };
            return (Bottom(plain, ExamplesTitle), moment => moment);
        }

        double first = moments.Min();
        double? start = examples.Contains(0) ? first / 2 : null;
        var axis = new TidyLogarithmicAxis { Minimum = start ?? first, Maximum = last, Start = start, LabelFormatter = value => value == start ? "0" : NumberText.Brief(value) };
        return (Bottom(axis, LogarithmicExamples), moment => moment > 0 ? moment : first / 2);
    }

    /// <summary>The axis of hidden layers, with a tick at each or, where there are many, at equal distances.</summary>
    /// <param name="layers">All numbers of layers in the chart, from 1.</param>
    public static (Axis Axis, Func<long, double> Place) HiddenLayers(IReadOnlyList<long> layers)
    {
        const int most = 12;
        const double margin = 0.3;
        var last = layers.DefaultIfEmpty(1).Max();
        var axis = new LinearAxis
        {
            Minimum = 1 - margin,
            Maximum = last + margin,
            MajorStep = Math.Ceiling((double)last / most),
            MinorStep = Math.Ceiling((double)last / most),
        };
        return (Bottom(axis, "hidden layer, counted from the input"), layer => layer);
    }

    private static Axis Bottom(Axis axis, string title)
    {
        axis.Position = AxisPosition.Bottom;
        axis.Title = title;
        axis.MaximumPadding = 0;
        axis.MinimumPadding = 0;
        return axis;
    }
}
