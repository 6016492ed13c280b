using System.Globalization;

namespace FeedbackAlignment.Reports;

/// <summary>Numbers as the page and the console write them, the same in every culture.</summary>
public static class NumberText
{
    /// <summary>What stands where there is no number.</summary>
    public const string None = "–";

    /// <summary>An error: percent for classification (<c>2.10 %</c>), scientific for regression (<c>2.10e-3</c>).</summary>
    /// <param name="error">A fraction, or a normalized squared error; null or not finite: a dash.</param>
    /// <param name="classification">Whether the error is a share of misclassified examples.</param>
    public static string Error(double? error, bool classification) => error is not { } value || !double.IsFinite(value) ? None
        : classification ? Format(100 * value, "0.00") + " %" : Scientific(value, 2);

    /// <summary>The mean ± standard deviation of errors and, on a second line, the 95 % interval of the mean.</summary>
    /// <param name="errors">Fractions, or normalized squared errors; null: a dash.</param>
    /// <param name="classification">Whether the errors are shares of misclassified examples.</param>
    public static string Errors(Summary? errors, bool classification)
    {
        if (errors is null)
        {
            return None;
        }

        var text = Error(errors.Mean, classification);
        if (errors.Deviation is not { } deviation)
        {
            return text;
        }

        return classification
            ? $"{Format(100 * errors.Mean, "0.00")} ± {Format(100 * deviation, "0.00")} %\n[{Format(100 * errors.Low!.Value, "0.00")}, {Format(100 * errors.High!.Value, "0.00")}]"
            : $"{text} ± {Scientific(deviation, 1)}\n[{Scientific(errors.Low!.Value, 2)}, {Scientific(errors.High!.Value, 2)}]";
    }

    /// <summary>A difference of errors with its sign and, on a second line, its 95 % interval.</summary>
    /// <param name="difference">The difference; null: a dash.</param>
    /// <param name="classification">Whether the errors are shares of misclassified examples (the difference is then in percentage points).</param>
    public static string Difference(Summary? difference, bool classification)
    {
        if (difference is null)
        {
            return None;
        }

        string Part(double value) => classification ? Format(100 * value, "+0.00;-0.00;0.00") : (value > 0 ? "+" : "") + Scientific(value, 2);
        var text = classification ? Part(difference.Mean) + " points" : Part(difference.Mean);
        return difference.HalfWidth is null ? text : $"{text}\n[{Part(difference.Low!.Value)}, {Part(difference.High!.Value)}]";
    }

    /// <summary>The mean ± standard deviation of angles, e.g. <c>41.2° ± 1.3°</c>.</summary>
    /// <param name="degrees">Angles in degrees; null: a dash.</param>
    public static string Angle(Summary? degrees) => degrees is null ? None
        : Format(degrees.Mean, "0.0") + "°" + (degrees.Deviation is { } deviation ? $" ± {Format(deviation, "0.0")}°" : "");

    /// <summary>Wall-clock time, e.g. <c>12.3 s</c>.</summary>
    /// <param name="seconds">Seconds; null: a dash.</param>
    public static string Seconds(double? seconds) => seconds is { } value ? Format(value, value < 100 ? "0.0" : "0") + " s" : None;

    /// <summary>A loss with four digits.</summary>
    /// <param name="loss">The loss; null or not finite: a dash.</param>
    public static string Loss(double? loss) => loss is not { } value || !double.IsFinite(value) ? None
        : value != 0 && (Math.Abs(value) < 1e-3 || Math.Abs(value) >= 1e5) ? Scientific(value, 3) : Format(value, "0.0000");

    /// <summary>A count with thin spaces between thousands.</summary>
    /// <param name="count">How many.</param>
    public static string Count(long count) => count.ToString("#,0", Invariant).Replace(',', '\u202f');

    /// <summary>A count in few letters for an axis, e.g. <c>20k</c> or <c>1.5M</c>.</summary>
    /// <param name="count">How many.</param>
    public static string Brief(double count) => count >= 1e9 ? Format(count / 1e9, "0.##") + "G"
        : count >= 1e6 ? Format(count / 1e6, "0.##") + "M"
        : count >= 1e3 ? Format(count / 1e3, "0.##") + "k" : Format(count, "0.##");

    /// <summary>A number in a .NET numeric format, with a real minus sign.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">The format.</param>
    public static string Format(double value, string format) => value.ToString(format, Invariant).Replace('-', '−');

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static string Scientific(double value, int digits)
    {
        var text = value.ToString(value == 0 ? "0" : "0." + new string('0', digits) + "e-0", Invariant);
        return text.StartsWith('-') ? "−" + text[1..] : text;
    }
}
