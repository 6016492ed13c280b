using System.Globalization;
using FeedbackAlignment.Experiments.Records;

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
    /// <param name="classification">
    /// Whether the errors are shares of misclassified examples (the difference is then in percentage points).
    /// </param>
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

    /// <summary>Wall-clock time of something long, e.g. <c>52.1 s</c>, <c>412 s (6.9 min)</c> or <c>31 200 s (8.7 h)</c>.</summary>
    /// <param name="seconds">Seconds.</param>
    public static string Duration(double seconds) => seconds < 120 ? Seconds(seconds)
        : $"{Count((long)Math.Round(seconds))} s ({(seconds < 7200 ? Format(seconds / 60, "0.0") + " min" : Format(seconds / 3600, "0.0") + " h")})";

    /// <summary>How long ago something was, in one unit: <c>12 s</c>, <c>5 min</c>, <c>3 h</c>, <c>12 d</c>.</summary>
    /// <param name="age">The time since; a clock that was set back gives a negative one: <c>0 s</c>.</param>
    public static string Age(TimeSpan age) => age.TotalSeconds < 1 ? "0 s"
        : age.TotalMinutes < 1 ? $"{(int)age.TotalSeconds} s"
        : age.TotalHours < 1 ? $"{(int)age.TotalMinutes} min"
        : age.TotalDays < 2 ? $"{(int)age.TotalHours} h" : $"{(int)age.TotalDays} d";

    /// <summary>A number with three digits, e.g. <c>−11.3</c>, <c>2.07</c>, <c>0.131</c> or <c>1.20e-6</c>.</summary>
    /// <param name="value">The number; not finite: a dash.</param>
    public static string Significant(double value) => !double.IsFinite(value) ? None : IsPlain(value) ? Format(value, Fixed(Decimals(value))) : Scientific(value, 2);

    /// <summary>
    /// A mean with three digits and its standard deviation to the same place, e.g. <c>−11.3 ± 0.4</c> or <c>1.20e-6 ± 3e-7</c>.
    /// </summary>
    /// <param name="mean">The mean; not finite: a dash.</param>
    /// <param name="deviation">The standard deviation; null: the mean alone.</param>
    public static string Significant(double mean, double? deviation)
    {
        var text = Significant(mean);
        if (deviation is not { } spread || !double.IsFinite(spread) || !double.IsFinite(mean))
        {
            return text;
        }

        var place = Fixed(Decimals(mean));
        var visible = IsPlain(mean) && (spread == 0 || spread >= 0.5 * Math.Pow(10, -Decimals(mean)));
        return $"{text} ± {(visible ? Format(spread, place) : spread == 0 ? "0" : IsPlain(spread) ? Format(spread, Fixed(Decimals(spread) - 2)) : Scientific(spread, 0))}";
    }

    /// <summary>A number with the digits it was given with, e.g. <c>2.4</c> or <c>3e-12</c>.</summary>
    /// <param name="value">The number; not finite: a dash.</param>
    public static string AsGiven(double value) => !double.IsFinite(value) ? None
        : IsPlain(value) ? Format(value, "0.######") : Math.Abs(value) >= 1e5 && value == Math.Truncate(value) && Math.Abs(value) < 1e15 ? Signed((long)value) : Scientific(value, "0.###e-0");

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

    private static bool IsPlain(double value) => value == 0 || Math.Abs(value) is >= 0.001 and < 100_000;

    // Three digits in all.
    private static int Decimals(double value) => value == 0 ? 2 : 2 - (int)Math.Floor(Math.Log10(Math.Abs(value)));

    private static string Fixed(int decimals) => decimals <= 0 ? "0" : "0." + new string('0', decimals);

    private static string Signed(long count) => count < 0 ? "−" + Count(-count) : Count(count);

    private static string Scientific(double value, int digits) => Scientific(value, (value == 0 || digits == 0 ? "0" : "0." + new string('0', digits)) + (value == 0 ? "" : "e-0"));

    private static string Scientific(double value, string format)
    {
        var text = value.ToString(format, Invariant);
        return text.StartsWith('-') ? "−" + text[1..] : text;
    }
}
