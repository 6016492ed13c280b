using System.Globalization;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Theory;
using static FeedbackAlignment.Experiments.Reproduction.Figures.FigureParts;
using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Figures;

/// <summary>Fig. 4: nine scales of the initial weights.</summary>
internal static class ScaleFigure
{
    /// <summary>The figure.</summary>
    public static FigureRecord Draw(Evidence evidence)
    {
        PanelRecord Panel(string title, AxisRecord y, Func<float, SeriesRecord> line, Func<ScalePoint, double> limit, IReadOnlyList<PointRecord> smallest, IEnumerable<double> ends) => new()
        {
            Title = title,
            X = Examples(),
            Y = y,
            Series =
            [
                .. Scales.Select(line),
                Computed("small steps, in double", Subject(Scales[0]), evidence.Theory.Scales[0].Course.Select(point => new PointRecord(1000 * point.Time, limit(point))), SeriesForm.DashedLine),
                Paper("", Subject(Scales[0]), smallest),
                .. Scales.Zip(ends).Skip(1).Select(scale => Paper("", Subject(scale.First), [new PointRecord(19_800, scale.Second)])),
            ],
        };

        SeriesRecord Angles(float scale, Func<AlignmentRecord, double?> which)
            => Angle(evidence[ScaleId(scale)], PaperRules.FeedbackAlignment, which, Subject(scale), Subject(scale));

        return new()
        {
            Id = "scale",
            Title = "From small weights feedback alignment turns into pseudobackprop",
            Place = "arXiv 1411.0247, Fig. 4",
            Caption = $"The linear task from initial weights uniform in ± ω. {LogarithmicLegend} (Angles: means and SD.) The paper's "
                + "curves: the whole course at ω = 0.0001, and the end points at the other eight ω. "
                + "Dashed: the same dynamics for small steps, in double. Below an NSE of 1e−10 the lines show rounding.",
            Panels =
            [
                Panel(
                    "Error", new("normalized squared error", Logarithmic: true),
                    scale => Error(evidence[ScaleId(scale)], PaperRules.FeedbackAlignment, logarithmic: true, name: Subject(scale)) with { Subject = Subject(scale) },
                    point => point.Error,
                    [.. DigitizedCurves.SmallScale.Select(point => new PointRecord(point.Examples, Math.Pow(10, point.Error)))],
                    DigitizedCurves.ScaleEnds.Select(end => Math.Pow(10, end.Error))),
                Panel(
                    "Angle to backpropagation", Degrees,
                    scale => Angles(scale, reading => reading.ErrorAngle),
                    point => point.ToBackpropagation,
                    [.. DigitizedCurves.SmallScale.Select(point => new PointRecord(point.Examples, point.ToBackpropagation))],
                    DigitizedCurves.ScaleEnds.Select(end => end.ToBackpropagation)),
                Panel(
                    "Angle to pseudobackprop", Degrees,
                    scale => Angles(scale, reading => reading.PseudobackpropAngle),
                    point => point.ToPseudobackprop,
                    [.. DigitizedCurves.SmallScale.Select(point => new PointRecord(point.Examples, point.ToPseudobackprop))],
                    DigitizedCurves.ScaleEnds.Select(end => end.ToPseudobackprop)),
            ],
        };
    }

    private static string Subject(float scale) => string.Create(CultureInfo.InvariantCulture, $"ω = {scale:0.####}");
}
