using FeedbackAlignment.Experiments.Records;
using static FeedbackAlignment.Experiments.Reproduction.Figures.FigureParts;
using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Figures;

/// <summary>How the feedback becomes useful (2016).</summary>
internal static class MechanismFigures
{
    /// <summary>Three phases, and the control.</summary>
    public static FigureRecord Freeze(Evidence evidence) => new()
    {
        Id = "freeze",
        Title = "How the feedback becomes useful: three phases",
        Place = "Nature Communications 7:13276, a figure on the mechanics (seen as a picture)",
        Caption = "W frozen, then W₀, then W again; 20,000 examples each. The control redraws B after the first phase. What W₀ has "
            + "learned then belongs to another B. "
            + "Lines: means over the runs; bands: ± 1 SD over the runs. Open marks: the paper's values at the ends of its phases (of 250,000 examples, on a task that is not known), on our axis.",
        Panels =
        [
            new()
            {
                Title = "Error",
                X = Examples(),
                Y = new("normalized squared error", From: 0),
                Series =
                [
                    Error(evidence[PaperExperiments.Freeze], PaperRules.FeedbackAlignment),
                    Error(evidence[FreezeRedrawn], PaperRules.FeedbackAlignment, name: "B redrawn (control)") with { Subject = "control" },
                    Paper("the paper's", PaperRules.FeedbackAlignment, [.. DigitizedCurves.Freeze.Select(point => point with { X = 20_000 * point.X })]),
                ],
            },
            new()
            {
                Title = "Angle between Δh of feedback alignment and of backpropagation",
                X = Examples(),
                Y = new("angle (degrees)", From: 0, To: 120),
                Series =
                [
                    Angle(evidence[PaperExperiments.Freeze], PaperRules.FeedbackAlignment, reading => reading.ErrorAngle),
                    Angle(evidence[FreezeRedrawn], PaperRules.FeedbackAlignment, reading => reading.ErrorAngle, "B redrawn (control)", "control"),
                ],
            },
        ],
    };

    /// <summary>The switch of the rule.</summary>
    public static FigureRecord Switch(ExperimentEvidence experiment) => new()
    {
        Id = "switch",
        Title = "From backpropagation to feedback alignment",
        Place = "Nature Communications 7:13276, a supplementary figure (seen as a picture)",
        Caption = "A linear 30-20-10 network learns 4,000 examples by backpropagation, then by feedback alignment. Each line is one run. "
            + "A mean would hide the spikes, because they come at different times.",
        Panels =
        [
            new()
            {
                Title = "Error",
                X = Examples(),
                Y = new("normalized squared error", Logarithmic: true),
                Series =
                [
                    .. experiment.Runs(PaperRules.FeedbackAlignment).Select((run, index) => new SeriesRecord
                    {
                        Name = index == 0 ? "one run each" : "",
                        Subject = PaperRules.FeedbackAlignment,
                        Source = SeriesSource.Measured,
                        Points = [.. run.Curve.Where(point => point.ValidationError is not null).Select(point => new PointRecord(point.Examples, point.ValidationError!.Value))],
                    }),
                ],
            },
        ],
    };
}
