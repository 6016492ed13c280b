using System.Globalization;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Theory;
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
        Add([Mnist], () => MnistFigure(evidence));
        Add([Mnist], () => FieldsFigure(evidence));
        Add([MnistTuned], () => TunedFigure(evidence[MnistTuned]));
        Add([Deep3, Deep4], () => DeepFigure(evidence));
        if (claims.Any(claim => claim.Group == "theory"))
        {
            figures.Add(FlowFigure.Draw(evidence.Theory.Plane));
            figures.Add(TheoremOneFigure(evidence));
        }

        Add(_scaleIds, () => ScaleFigure(evidence));
        Add([Freeze, FreezeRedrawn], () => FreezeFigure(evidence));
        Add([Switch], () => SwitchFigure(evidence[Switch]));
        Add([Spiking], () => SpikingFigure(evidence[Spiking]));
        Add([Banded], () => BandedFigure(evidence[Banded]));
        return figures;

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
            catch (EvidenceException)
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
        Caption = $"30-20-10, one example at a time. {LogarithmicLegend} The paper's curves are single runs, and its NSE is of the training examples of the moment, smoothed; ours is of 500 held-out examples.",
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

    private static FigureRecord MnistFigure(Evidence evidence)
    {
        var mnist = evidence[Mnist];
        var sparse = evidence.Has(MnistSparse)
            ? (SeriesRecord[])[Error(evidence[MnistSparse], PaperRules.FeedbackAlignment, 100, name: "feedback alignment, half the connections") with { Subject = "sparse" }]
            : [];
        var sparseAngle = evidence.Has(MnistSparse)
            ? (SeriesRecord[])[Angle(evidence[MnistSparse], PaperRules.FeedbackAlignment, reading => reading.ErrorAngle, "half the connections", "sparse")]
            : [];
        return new()
        {
            Id = "mnist",
            Title = "MNIST, one example at a time",
            Place = "arXiv 1411.0247, Fig. 2a,b",
            Caption = $"784-1000-10, logistic units, 1.8 million examples. {Legend} The paper's curves are test errors of single runs; ours are validation errors, for the test images are looked at once, at the end.",
            Panels =
            [
                new()
                {
                    Title = "Error",
                    X = Examples(logarithmic: true),
                    Y = new("misclassified (%)", Logarithmic: true),
                    Series =
                    [
                        .. ((string[])[PaperRules.Shallow, PaperRules.Backpropagation, PaperRules.FeedbackAlignment]).Select(rule => Error(mnist, rule, 100)),
                        .. sparse,
                        .. Paper(DigitizedCurves.MnistError),
                    ],
                },
                new()
                {
                    Title = "Angle between Δh of feedback alignment and of backpropagation",
                    X = Examples(logarithmic: true),
                    Y = Degrees,
                    Series =
                    [
                        Angle(mnist, PaperRules.FeedbackAlignment, reading => reading.ErrorAngle),
                        .. sparseAngle,
                        Paper("the paper's", PaperRules.FeedbackAlignment, DigitizedCurves.MnistAngle),
                    ],
                },
            ],
        };
    }

    private static FigureRecord FieldsFigure(Evidence evidence)
    {
        var mnist = evidence[Mnist];
        var first = mnist.Runs(PaperRules.FeedbackAlignment)[0];
        List<PanelRecord> panels =
        [
            new() { Title = "before learning", Picture = ReceptiveFields.Draw(mnist.InitialWeights(first, 0)) },
            new() { Title = "backpropagation", Picture = ReceptiveFields.Draw(mnist.Weights(mnist.Runs(PaperRules.Backpropagation)[0], "hidden1.weights")) },
            new() { Title = "feedback alignment", Picture = ReceptiveFields.Draw(mnist.Weights(first, "hidden1.weights")) },
        ];
        if (evidence.Has(MnistSparse))
        {
            var run = evidence[MnistSparse].Runs(PaperRules.FeedbackAlignment)[0];
            panels.Add(new() { Title = "feedback alignment, half the connections", Picture = ReceptiveFields.Draw(evidence[MnistSparse].Weights(run, "hidden1.weights")) });
        }

        return new()
        {
            Id = "fields",
            Title = "What hidden units look at",
            Place = "arXiv 1411.0247, Fig. S1",
            Caption = "The weights into 100 hidden units of the MNIST network as pictures: white positive, black negative, each scaled by its greatest weight. The first 100 units of the first seed.",
            Panels = panels,
        };
    }

    private static FigureRecord TunedFigure(ExperimentEvidence tuned) => new()
    {
        Id = "mnist-tuned",
        Title = "MNIST with a learning rate for each rule",
        Place = "not in the paper",
        Caption = "The same network, each rule with the learning rate that did best on validation among the same candidates. Lines: means over the runs; bands: ± 1 SD over the runs. Errors are on validation.",
        Panels =
        [
            new()
            {
                Title = "Error",
                X = Examples(logarithmic: true),
                Y = new("misclassified (%)", Logarithmic: true),
                Series = [.. tuned.Record.Spec.Rules.Select(rule => Error(tuned, rule, 100))],
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
                        Theory("‖E‖ ∕ ‖T‖", "error", result.Course.Select(point => new PointRecord(point.Time, point.RelativeError))),
                        Theory("V ∕ V(0)", "sent error", result.Course.Select(point => new PointRecord(point.Time, point.SentError)), SeriesForm.DashedLine),
                    ],
                },
            ],
        };
    }

    private static FigureRecord ScaleFigure(Evidence evidence)
    {
        PanelRecord Panel(string title, AxisRecord y, Func<float, SeriesRecord> line, Func<ScalePoint, double> limit, IReadOnlyList<PointRecord> smallest, IEnumerable<double> ends) => new()
        {
            Title = title,
            X = Examples(),
            Y = y,
            Series =
            [
                .. Scales.Select(line),
                Theory("small steps, in double", Subject(Scales[0]), evidence.Theory.Scales[0].Course.Select(point => new PointRecord(1000 * point.Time, limit(point))), SeriesForm.DashedLine),
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
            Caption = $"The linear task from initial weights uniform in ± ω. {LogarithmicLegend} (Angles: means and SD.) Of the paper's curves the whole course at ω = 0.0001 and the other eight ends. "
                + "Dashed: the same dynamics for small steps, in double; what the lines do below an NSE of 1e−10 is rounding.",
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

    private static FigureRecord FreezeFigure(Evidence evidence) => new()
    {
        Id = "freeze",
        Title = "How the feedback becomes useful: three phases",
        Place = "Nature Communications 7:13276, a figure on the mechanics (seen as a picture)",
        Caption = "W frozen, then W₀, then W again; 20,000 examples each. The control draws B anew after the first phase: what was laid down in W₀ is then about another B. "
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
                    Error(evidence[Freeze], PaperRules.FeedbackAlignment),
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
                    Angle(evidence[Freeze], PaperRules.FeedbackAlignment, reading => reading.ErrorAngle),
                    Angle(evidence[FreezeRedrawn], PaperRules.FeedbackAlignment, reading => reading.ErrorAngle, "B redrawn (control)", "control"),
                ],
            },
        ],
    };

    private static FigureRecord SwitchFigure(ExperimentEvidence experiment) => new()
    {
        Id = "switch",
        Title = "From backpropagation to feedback alignment",
        Place = "Nature Communications 7:13276, a supplementary figure (seen as a picture)",
        Caption = "A linear 30-20-10 network learns 4,000 examples by backpropagation, then by feedback alignment. Each line is one run: a mean would hide that the spike comes at another time in each.",
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
        Caption = "Classes in bands of a plane, first-layer units that see one coordinate each. Lines: means over the runs; bands: ± 1 SD over the runs.",
        Panels = [ErrorOnly(experiment)],
    };

    private static PanelRecord ErrorOnly(ExperimentEvidence experiment) => new()
    {
        Title = "Error",
        X = Examples(),
        Y = new("misclassified (%)", From: 0),
        Series = [.. experiment.Record.Spec.Rules.Select(rule => Error(experiment, rule, 100))],
    };

    private static SeriesRecord Theory(string name, string subject, IEnumerable<PointRecord> points, SeriesForm form = SeriesForm.Line)
        => new() { Name = name, Subject = subject, Source = SeriesSource.Theory, Form = form, Points = [.. points] };

    private static string Subject(float scale) => string.Create(CultureInfo.InvariantCulture, $"ω = {scale:0.####}");
}
