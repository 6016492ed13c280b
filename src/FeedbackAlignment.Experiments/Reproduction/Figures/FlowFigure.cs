using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Theory;

namespace FeedbackAlignment.Experiments.Reproduction.Figures;

/// <summary>Fig. 3: the plane of the minimal network.</summary>
internal static class FlowFigure
{
    private const double ArrowLength = 0.14;

    /// <summary>The first paths start at zero and where the paper's arrow does.</summary>
    private const int Prominent = 2;

    /// <summary>The figure.</summary>
    /// <param name="plane">What was computed.</param>
    public static FigureRecord Draw(MinimalNetworkResult plane) => new()
    {
        Id = "flow",
        Title = "The minimal network",
        Place = "arXiv 1411.0247, Fig. 3",
        Caption = "Two weights in a row, learning y = x with B = 1. Arrows: the direction of the expected change. Hyperbola: the solutions W W₀ = 1, solid where they attract, dashed where they do not. "
            + "Gray area: starts that end on the bad branch, where eᵀWBe < 0; its edge is the separatrix W = (W₀² − 3)/2. Gray lines: "
            + "paths. The two with a mark start at zero and at (−0.2, −0.2), as the arrow in the paper does.",
        Panels =
        [
            new()
            {
                Title = "Flow of W₀ and W",
                X = new("W₀", From: -MinimalNetwork.Reach, To: MinimalNetwork.Reach),
                Y = new("W", From: -MinimalNetwork.Reach, To: MinimalNetwork.Reach),
                Series =
                [
                    Theory("starts that end on the bad branch", "bad region", SeriesForm.Area, plane.BadRegion),
                    new()
                    {
                        Name = "", Subject = "flow", Source = SeriesSource.Theory, Form = SeriesForm.Arrows,
                        Points = [.. plane.Flow.Where(arrow => double.Hypot(arrow.Velocity.W0, arrow.Velocity.W) > 1e-9).Select(Arrow)],
                    },
                    Theory("stable, eᵀWBe > 0", "good branch", SeriesForm.Line, plane.GoodSolutions),
                    Theory("stable, eᵀWBe < 0", "bad branch", SeriesForm.Line, plane.BadSolutions),
                    Theory("unstable", "bad branch", SeriesForm.DashedLine, plane.UnstableSolutions),
                    Theory("separatrix", "separatrix", SeriesForm.DashedLine, plane.SeparatrixCurve),
                    .. plane.Paths.Skip(Prominent).Select((path, index) => Theory(index == 0 ? "paths" : "", "guide", SeriesForm.Line, path.Points)),
                    .. plane.Paths.Take(Prominent).Select((path, index) => Theory(index == 0 ? "paths from zero and nearby" : "", "path", SeriesForm.Line, path.Points)),
                    Theory("", "path", SeriesForm.Marks, [.. plane.Paths.Take(Prominent).Select(path => path.Outcome.Start)]),
                ],
            },
        ],
    };

    /// <summary>All arrows of one length: far from the solutions the flow is many times faster than near them.</summary>
    private static PointRecord Arrow(FlowArrow arrow)
    {
        var speed = double.Hypot(arrow.Velocity.W0, arrow.Velocity.W);
        return new PointRecord(arrow.At.W0, arrow.At.W) { Dx = ArrowLength * arrow.Velocity.W0 / speed, Dy = ArrowLength * arrow.Velocity.W / speed };
    }

    private static SeriesRecord Theory(string name, string subject, SeriesForm form, IEnumerable<PhasePoint> points)
        => FigureParts.Computed(name, subject, points.Select(point => new PointRecord(point.W0, point.W)), form);
}
