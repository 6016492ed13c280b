using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Tests;

/// <summary>A reproduction with every verdict, and figures shaped like the paper's.</summary>
internal static class SampleReproduction
{
    private static readonly (double Examples, double Shallow, double Perturbed, double Exact, double Random)[] _paper =
    [
        (50, 0.09, 0.12, 0.06, -0.32), (200, 0.07, 0.16, -0.56, -1.45), (500, 0.02, -0.60, -2.52, -3.59), (1000, -0.11, -1.33, -5.83, -6.23),
        (1500, -0.03, -2.06, -8.36, -9.03), (1990, -0.15, -2.23, -11.0, -11.8),
    ];

    public static ReproductionRecord Record() => new()
    {
        Effort = Effort.Standard,
        Seconds = 412.3,
        Environment = SampleExperiment.Digits().Environment,
        Claims =
        [
            Claim("linear-speed", 1, "linear") with { Statement = "Feedback alignment learns a linear map as fast as backpropagation.", Paper = -11.8, Measured = -11.34, Sd = 0.42, N = 20, Quantity = "log10 NSE at 2000 examples", Reading = "The paper gives no learning rate: 0.0075 and 0.006 were searched.", Verdict = Verdict.ReproducedWithReading },
            Claim("linear-angle", 4, "linear") with { Statement = "The angle to backpropagation falls from 90° within a hundred examples.", Paper = 29, Measured = 27.41, Sd = 1.28, N = 20, Quantity = "angle at 1000 examples, °", Verdict = Verdict.Reproduced },
            Claim("mnist-fa", 7, "mnist") with { Statement = "On MNIST feedback alignment errs on 2.1 % of the test digits.", Paper = 2.1, Measured = 2.07, Sd = 0.048, N = 3, Quantity = "test error, %", Verdict = Verdict.Reproduced, Checks = [new("error ≤ 2.5 %", "2.07 %", true), new("error ≥ 1.7 %", "2.07 %", true)] },
            Claim("mnist-sparse", 10, "mnist") with { Statement = "Half of the connections removed, it does as well.", Paper = 2.4, Measured = 3.31, N = 1, Quantity = "test error, %", Verdict = Verdict.NotReproduced, Checks = [new("reciprocity 25 ± 1 %", "25.1 %", true), new("error ≤ dense + 0.6 points", "dense + 1.2 points", false)] },
            Claim("spiking", 27, "more") with { Statement = "Spiking neurons learn with simultaneous pathways.", Measured = 4.2e-7, Sd = 3e-8, N = 5, Quantity = "NSE", Expected = "The paper gives no number; this is a stand-in.", Verdict = Verdict.NotOfThePaper },
            Claim("deep-t-test", 14, "more") with { Statement = "Four layers beat three.", Paper = 3e-12, Quantity = "p", Verdict = Verdict.NotRun, Missing = "effort quick has too few runs: use standard" },
        ],
        Experiments =
        [
            new("linear", "Linear function approximation, 30–20–10", 80, 0, 14.2),
            new("mnist", "MNIST, 784–1000–10", 12, 1, 391.4),
            new("deep", "Deeper nonlinear networks", 0, 0, 0, "effort quick has too few runs"),
        ],
    };

    public static IReadOnlyList<FigureRecord> Figures() => [Linear(), Field(), Sweep(), Fields()];

    /// <summary>Learning curves with bands and the paper's marks, and an angle.</summary>
    public static FigureRecord Linear() => new()
    {
        Id = "linear",
        Title = "Learning a linear map",
        Place = "arXiv 1411.0247, Fig. 1d,e",
        Rules = ["backpropagation", "feedback-alignment", "direct-feedback-alignment", "shallow", "node-perturbation", "pseudobackprop"],
        Caption = "Lines: mean over 20 seeds of log10 of the normalized squared error over windows of 10 examples; bands: ± 1 standard deviation. Marks: read off the paper’s figure. Look for feedback alignment leading early, and both ending near 1e−11.",
        Panels =
        [
            new PanelRecord
            {
                Title = "Error",
                X = new AxisRecord("examples", From: 0, To: 2000),
                Y = new AxisRecord("log10 NSE", From: -13, To: 1),
                Series =
                [
                    .. Rule("shallow", "Shallow", 0.12, point => point.Shallow),
                    .. Rule("node-perturbation", "Node perturbation", 0.3, point => point.Perturbed),
                    .. Rule("backpropagation", "Backpropagation", 0.5, point => point.Exact),
                    .. Rule("feedback-alignment", "Feedback alignment", 0.4, point => point.Random),
                ],
            },
            new PanelRecord
            {
                Title = "Angle between the delivered error and backpropagation’s",
                X = new AxisRecord("examples", From: 0, To: 2000),
                Y = new AxisRecord("angle, °", From: 0, To: 105),
                Series =
                [
                    Curve("90°", "guide", SeriesSource.Theory, [(0, 90), (2000, 90)]) with { Form = SeriesForm.DashedLine },
                    Curve("Feedback alignment", "feedback-alignment", SeriesSource.Measured, Enumerable.Range(0, 100).Select(step => (20.0 * step, 26 + (62 * Math.Exp(-step / 4.0)) + (2 * Math.Sin(step))))) is var line
                        ? line with { Points = [.. line.Points.Select(point => point with { Low = point.Y - 5, High = point.Y + 5 })] } : null!,
                    Curve("the paper’s curve", "feedback-alignment", SeriesSource.Paper, [(3, 84), (20, 60), (100, 36), (500, 41), (1000, 29), (1500, 29), (1990, 28)]) with { Form = SeriesForm.Marks },
                ],
            },
        ],
    };

    /// <summary>A flow field: arrows, an area, lines that are no functions of x.</summary>
    public static FigureRecord Field()
    {
        double[] grid = [.. Enumerable.Range(0, 21).Select(step => -2 + (0.2 * step))];
        var arrows = grid.SelectMany(x => grid.Select(y =>
        {
            var (dx, dy) = (1 - (y * x), (1 - (y * x)) * x);
            var length = Math.Sqrt((dx * dx) + (dy * dy)) + 0.3;
            return new PointRecord(x, y) { Dx = 0.16 * dx / length, Dy = 0.16 * dy / length };
        }));
        var below = Enumerable.Range(0, 41).Select(step => -2 + (step / 40.0)).Select(x => (x, ((x * x) - 3) / 2)).ToList();
        return new FigureRecord
        {
            Rules = ["backpropagation", "feedback-alignment", "direct-feedback-alignment", "shallow"],
            Id = "field",
            Title = "The smallest network",
            Place = "arXiv 1411.0247, Fig. 3",
            Caption = "Arrows: where the weights of a network with one hidden unit go.",
            Panels =
            [
                new PanelRecord
                {
                    Title = "Flow of the weights",
                    X = new AxisRecord("W₀", From: -2, To: 2),
                    Y = new AxisRecord("W", From: -2, To: 2),
                    Series =
                    [
                        Curve("starts that end badly", "guide", SeriesSource.Theory, [.. below, (-1, -2), (-2, -2)]) with { Form = SeriesForm.Area },
                        new SeriesRecord { Name = "flow", Subject = "flow", Source = SeriesSource.Theory, Form = SeriesForm.Arrows, Points = [.. arrows] },
                        Curve("solutions, eᵀWBe > 0", "good", SeriesSource.Theory, Branch(0.5, 2)),
                        Curve("solutions, eᵀWBe < 0", "bad", SeriesSource.Theory, Branch(-2, -1)),
                        Curve("unstable solutions", "bad", SeriesSource.Theory, Branch(-1, -0.5)) with { Form = SeriesForm.DashedLine },
                        Curve("separatrix", "separatrix", SeriesSource.Theory, Enumerable.Range(0, 81).Select(step => -2 + (step / 40.0)).Select(x => (x, ((x * x) - 3) / 2))),
                        Curve("a training run", "run", SeriesSource.Measured, Enumerable.Range(0, 64).Select(step => step * 0.02).Select(x => (x, x * x / 2))),
                        Curve("", "run", SeriesSource.Measured, Enumerable.Range(0, 64).Select(step => 0.2 - (step * 0.02)).Select(x => (x, -1.8 + (x * x / 2)))),
                    ],
                },
            ],
        };
    }

    /// <summary>Nine subjects with an order, on axes of both kinds.</summary>
    public static FigureRecord Sweep()
    {
        double[] scales = [0.0001, 0.001, 0.01, 0.05, 0.1, 0.125, 0.15, 0.2, 0.25];
        double[] ends = [-10.7, -10.6, -10.2, -9.3, -7.8, -7.3, -6.9, -6.6, -5.8];
        double[] angles = [24.3, 24.7, 25.9, 42.9, 59.4, 63.4, 66.8, 69.4, 73.8];
        IReadOnlyList<SeriesRecord> Lines(Func<int, double, double> value) =>
        [
            .. scales.Select((scale, index) => Curve(
                FormattableString.Invariant($"ω = {scale}"), FormattableString.Invariant($"ω = {scale}"), SeriesSource.Measured,
                Enumerable.Range(1, 100).Select(step => (200.0 * step, value(index, step / 100.0))))),
        ];
        return new FigureRecord
        {
            Rules = ["backpropagation", "feedback-alignment", "direct-feedback-alignment", "shallow"],
            Id = "scale",
            Title = "Nine scales of the first weights",
            Place = "arXiv 1411.0247, Fig. 4",
            Caption = "The smaller the first weights, the nearer feedback alignment comes to the pseudoinverse.",
            Panels =
            [
                new PanelRecord { Title = "Error", X = new AxisRecord("examples"), Y = new AxisRecord("NSE", Logarithmic: true), Series = Lines((index, t) => Math.Pow(10, ends[index] * t)) },
                new PanelRecord { Title = "Angle to backpropagation", X = new AxisRecord("examples", Logarithmic: true), Y = new AxisRecord("angle, °", From: 0, To: 90), Series = Lines((index, t) => angles[index] + ((80 - angles[index]) * Math.Exp(-4 * t))) },
                new PanelRecord { Title = "Angle to the pseudoinverse", X = new AxisRecord("examples"), Y = new AxisRecord("angle, °", From: 0, To: 90), Series = Lines((index, t) => (7 * index) + ((70 - (7 * index)) * Math.Exp(-5 * t))) },
            ],
        };
    }

    /// <summary>Four pictures.</summary>
    public static FigureRecord Fields() => new()
    {
        Id = "fields",
        Title = "Receptive fields of hidden units",
        Place = "arXiv 1411.0247, Fig. S1",
        Caption = "Rows of W₀ as pictures: white positive, black negative.",
        Panels = [.. new[] { "Initial", "Backpropagation", "Feedback alignment", "Sparse feedback alignment" }.Select((title, index) => new PanelRecord { Title = title, Picture = Picture(index) })],
    };

    private static PictureRecord Picture(int kind)
    {
        const int side = 145;
        var pixels = new byte[side * side];
        for (var row = 0; row < side; row++)
        {
            for (var column = 0; column < side; column++)
            {
                pixels[(row * side) + column] = row % 29 == 0 || column % 29 == 0 ? (byte)0
                    : kind == 0 ? (byte)(((row * 7919) ^ (column * 104729)) & 255)
                    : (byte)(128 + (100 * Math.Sin((row % 29 / 4.0) + kind) * Math.Cos((column % 29 / 5.0) + (row / 29))));
            }
        }

        return new PictureRecord(side, side, pixels);
    }

    private static ClaimRecord Claim(string id, int row, string group) => new()
    {
        Id = id,
        Row = row,
        Group = group,
        Statement = "",
        Place = "P14, Fig. 1d",
        Setup = "30–20–10, linear, one example at a time, 2000 examples, 20 seeds.",
        Expected = "Both end near 1e−11.",
        Tolerance = "within 1.5 decades",
        Quantity = "",
        Verdict = Verdict.NotRun,
        Checks = [new("|difference| ≤ 1.5 decades", "0.46 decades", true)],
    };

    private static IEnumerable<SeriesRecord> Rule(string rule, string name, double spread, Func<(double Examples, double Shallow, double Perturbed, double Exact, double Random), double> read)
    {
        double At(double x)
        {
            var after = Array.FindIndex(_paper, point => point.Examples >= x);
            if (after <= 0)
            {
                return after < 0 ? read(_paper[^1]) : read(_paper[0]) * x / 50;
            }

            var (left, right) = (_paper[after - 1], _paper[after]);
            return read(left) + ((read(right) - read(left)) * (x - left.Examples) / (right.Examples - left.Examples));
        }

        yield return new SeriesRecord
        {
            Name = name,
            Subject = rule,
            Source = SeriesSource.Measured,
            Points = [.. Enumerable.Range(0, 200).Select(step => 10.0 * step).Select(x => (x, y: At(x) + (0.3 * spread * Math.Sin(x / 37)))).Select(point => new PointRecord(point.x, point.y) { Low = point.y - spread, High = point.y + spread })],
        };
        yield return Curve($"{name}, paper", rule, SeriesSource.Paper, _paper.Select(point => (point.Examples, read(point)))) with { Form = SeriesForm.Marks };
    }

    private static SeriesRecord Curve(string name, string subject, SeriesSource source, IEnumerable<(double X, double Y)> points) =>
        new() { Name = name, Subject = subject, Source = source, Points = [.. points.Select(point => new PointRecord(point.X, point.Y))] };

    private static IEnumerable<(double X, double Y)> Branch(double from, double to) =>
        Enumerable.Range(0, 51).Select(step => from + ((to - from) * step / 50)).Select(x => (x, 1 / x));
}
