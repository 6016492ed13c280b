using FeedbackAlignment.Experiments.Records;
using static FeedbackAlignment.Experiments.Reproduction.Figures.FigureParts;
using static FeedbackAlignment.Experiments.Reproduction.PaperExperiments;

namespace FeedbackAlignment.Experiments.Reproduction.Figures;

/// <summary>The paper's figures, drawn again from what was measured, with the paper's own curves beside.</summary>
internal static class PaperFigures
{
    private static readonly string[] _scaleIds = [.. Scales.Select(ScaleId)];

    /// <summary>The figures that the experiments allow; one whose runs are not all complete is left out, and its claim says why.</summary>
    /// <param name="evidence">What was run.</param>
    /// <param name="claims">What was asked about: theory has figures without experiments.</param>
    public static IReadOnlyList<FigureRecord> Draw(Evidence evidence, IReadOnlyList<Claim> claims)
    {
        List<FigureRecord> figures = [];
        Add([Linear], () => LinearFigure(evidence[Linear]));
        Add([Mnist], () => MnistFigures.Course(evidence));
        Add([Mnist], () => MnistFigures.Fields(evidence));
        Add([MnistTuned], () => MnistFigures.Tuned(evidence[MnistTuned]));
        Add([Deep3, Deep4], () => DeepFigure(evidence));
        if (claims.Any(claim => claim.Group == "theory"))
        {
            Add([], () => FlowFigure.Draw(evidence.Theory.Plane));
            Add([], () => TheoremOneFigure(evidence));
        }

        Add(_scaleIds, () => ScaleFigure.Draw(evidence));
        Add([Freeze, FreezeRedrawn], () => MechanismFigures.Freeze(evidence));
        Add([Switch], () => MechanismFigures.Switch(evidence[PaperExperiments.Switch]));
        Add([Spiking], () => SpikingFigure(evidence[Spiking]));
        Add([Banded], () => BandedFigure(evidence[Banded]));
        return [.. figures.Select(figure => figure with { Rules = PaperRules.InOrder })];

        void Add(string[] needs, Func<FigureRecord> draw)
        {
            if (!evidence.Has(needs))
            {
                return;
            }

            try
            {
                figures.Add(draw());
            }
            catch (Exception lacking) when (lacking is EvidenceException or OperationCanceledException)
            {
                // A run that broke off: the claim on it says so.
            }
        }
    }

    private static FigureRecord LinearFigure(ExperimentEvidence linear) => new()
    {
        Id = "linear",
        Title = "A linear network learns a linear map",
        Place = "arXiv 1411.0247, Fig. 1d,e",
        Caption = $"30-20-10, one example at a time. {LogarithmicLegend} The paper's curves are single runs. Its NSE is that of the "
            + "current training examples, smoothed; ours is that of 500 held-out examples.",
        Panels =
        [
            new()
            {
                Title = "Error",
                X = Examples(),
                Y = new("normalized squared error", Logarithmic: true),
                Series =
                [
                    .. ((string[])[PaperRules.Shallow, PaperRules.NodePerturbation, PaperRules.Backpropagation, PaperRules.FeedbackAlignment])
                        .Select(rule => Error(linear, rule, logarithmic: true)),
                    .. Paper(DigitizedCurves.LinearError),
                ],
            },
            new()
            {
                Title = "Angle between Δh of feedback alignment and of backpropagation",
                X = Examples(),
                Y = Degrees,
                Series =
                [
                    Angle(linear, PaperRules.FeedbackAlignment, reading => reading.ErrorAngle),
                    Paper("the paper's", PaperRules.FeedbackAlignment, DigitizedCurves.LinearAngle),
                ],
            },
        ],
    };

    private static FigureRecord DeepFigure(Evidence evidence) => new()
    {
        Id = "deep",
        Title = "Students of a deeper nonlinear teacher",
        Place = "arXiv 1411.0247, Fig. 2c,d",
        Caption = $"30-20-10 and 30-20-10-10 tanh students of a 30-20-10-10 teacher, one example at a time. {LogarithmicLegend} The paper's curves are means of 20 runs of another teacher.",
        Panels =
        [
            new()
            {
                Title = "Three layers",
                X = Examples(logarithmic: true),
                Y = new("normalized squared error", Logarithmic: true, From: 5e-4, To: 1.5),
                Series =
                [
                    .. ((string[])[PaperRules.Shallow, PaperRules.Backpropagation, PaperRules.FeedbackAlignment]).Select(rule => Error(evidence[Deep3], rule, logarithmic: true)),
                    .. Paper(DigitizedCurves.DeepThreeError),
                ],
            },
            new()
            {
                Title = "Four layers",
                X = Examples(logarithmic: true),
                Y = new("normalized squared error", Logarithmic: true, From: 5e-4, To: 1.5),
                Series =
                [
                    .. ((string[])[PaperRules.Backpropagation, PaperRules.FeedbackAlignment, PaperRules.DirectFeedbackAlignment]).Select(rule => Error(evidence[Deep4], rule, logarithmic: true)),
                    .. Paper(DigitizedCurves.DeepFourError),
                ],
            },
        ],
    };

    private static FigureRecord TheoremOneFigure(Evidence evidence)
    {
        var result = evidence.Theory.TheoremOne;
        return new()
        {
            Id = "theorem-1",
            Title = "Theorem 1: the error of a linear network goes to zero",
            Place = "arXiv 1411.0247, supplementary proof 1 (the paper has no figure of it)",
            Caption = "dW/dt = E Aᵀ, dA/dt = B E, from W = A = 0, 30-20-10, T ± 1, B ± 0.5, integrated in double precision. V = ‖BE‖² is the proof's Lyapunov function.",
            Panels =
            [
                new()
                {
                    Title = "Course",
                    X = new("time t"),
                    Y = new("relative to the start", Logarithmic: true),
                    Series =
                    [
                        Computed("‖E‖ ∕ ‖T‖", "error", result.Course.Select(point => new PointRecord(point.Time, point.RelativeError))),
                        Computed("V ∕ V(0)", "sent error", result.Course.Select(point => new PointRecord(point.Time, point.SentError)), SeriesForm.DashedLine),
                    ],
                },
            ],
        };
    }

    private static FigureRecord SpikingFigure(ExperimentEvidence experiment) => new()
    {
        Id = "spiking",
        Title = "A spiking network, both pathways at once",
        Place = "a stand-in for the 2016 paper's spiking network, whose protocol is not known: not the paper's experiment",
        Caption = "Lines: means over the runs; bands: ± 1 SD over the runs. Backpropagation is the twin that sends the error through W transposed.",
        Panels = [ErrorOnly(experiment)],
    };

    private static FigureRecord BandedFigure(ExperimentEvidence experiment) => new()
    {
        Id = "banded",
        Title = "A task on which feedback alignment fails",
        Place = "not in the paper; after E. Hunsberger (2018)",
        Caption = "The classes are bands of a plane, and each unit of the first layer sees one coordinate. Lines: means over the runs; "
            + "bands: ± 1 SD over the runs.",
        Panels = [ErrorOnly(experiment)],
    };

    private static PanelRecord ErrorOnly(ExperimentEvidence experiment) => new()
    {
        Title = "Error",
        X = Examples(),
        Y = new("misclassified (%)", From: 0),
        Series = [.. experiment.Record.Spec.Rules.Select(rule => Error(experiment, rule, 100))],
    };
}
