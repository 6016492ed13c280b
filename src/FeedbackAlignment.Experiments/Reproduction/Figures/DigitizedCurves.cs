using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Reproduction.Figures;

/// <summary>
/// Points read off the vector curves of the preprint's figures (arXiv 1411.0247), to about 1 % of an axis. The curves of Figs. 1, 2a, 2b
/// and 4 are single representative runs there, those of Fig. 2d means of 20.
/// </summary>
internal static class DigitizedCurves
{
    private static readonly double[] _linearExamples = [50, 100, 200, 300, 500, 750, 1000, 1250, 1500, 1750, 1990];
    private static readonly double[] _mnistExamples = [5e3, 10e3, 25e3, 50e3, 100e3, 200e3, 300e3, 500e3, 800e3, 1.0e6, 1.4e6, 1.8e6];
    private static readonly double[] _deepExamples = [1e3, 2e3, 5e3, 10e3, 20e3, 50e3, 100e3, 200e3, 300e3, 400e3];

    /// <summary>Fig. 1d: NSE by rule.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PointRecord>> LinearError { get; } = new Dictionary<string, IReadOnlyList<PointRecord>>
    {
        [PaperRules.Shallow] = PowersOfTen(_linearExamples, 0.09, 0.04, 0.07, 0.04, 0.02, -0.12, -0.11, -0.22, -0.03, -0.13, -0.15),
        [PaperRules.NodePerturbation] = PowersOfTen(_linearExamples, 0.12, 0.07, 0.16, -0.10, -0.60, -0.91, -1.33, -1.65, -2.06, -2.08, -2.23),
        [PaperRules.Backpropagation] = PowersOfTen(_linearExamples, 0.06, 0.01, -0.56, -1.36, -2.52, -4.28, -5.83, -7.15, -8.36, -9.91, -11.0),
        [PaperRules.FeedbackAlignment] = PowersOfTen(_linearExamples, -0.32, -0.61, -1.45, -2.27, -3.59, -4.90, -6.23, -7.24, -9.03, -9.93, -11.8),
    };

    /// <summary>Fig. 1e: degrees.</summary>
    public static IReadOnlyList<PointRecord> LinearAngle { get; } = Points(
        [3, 10, 20, 50, 100, 200, 300, 450, 600, 750, 1000, 1250, 1500, 1750, 1990],
        84, 73, 60, 53, 36, 39, 36, 41, 34, 34, 29, 25, 29, 31, 28);

    /// <summary>Fig. 2a: test error, %, by rule.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PointRecord>> MnistError { get; } = new Dictionary<string, IReadOnlyList<PointRecord>>
    {
        [PaperRules.Shallow] = Points(_mnistExamples, 36.7, 26.5, 15.9, 13.3, 11.6, 10.2, 9.6, 9.0, 8.3, 8.1, 7.7, 7.5),
        [PaperRules.Backpropagation] = Points(_mnistExamples, 11.3, 8.5, 7.0, 5.6, 4.6, 3.8, 3.3, 2.83, 2.66, 2.54, 2.52, 2.58),
        [PaperRules.FeedbackAlignment] = Points(_mnistExamples, 13.5, 9.8, 7.5, 6.0, 4.8, 3.7, 3.3, 2.72, 2.34, 2.33, 2.10, 2.10),
    };

    /// <summary>Fig. 2b: degrees.</summary>
    public static IReadOnlyList<PointRecord> MnistAngle { get; } = Points(_mnistExamples, 66, 47, 42, 39, 37, 35, 34, 33, 32, 31.4, 31, 30.4);

    /// <summary>Fig. 2d, three layers: NSE by rule.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PointRecord>> DeepThreeError { get; } = new Dictionary<string, IReadOnlyList<PointRecord>>
    {
        [PaperRules.Shallow] = Points(_deepExamples[1..], 0.88, 0.75, 0.48, 0.29, 0.165, 0.139, 0.133, 0.133, 0.131),
        [PaperRules.Backpropagation] = Points(_deepExamples[1..], 0.0115, 0.0058, 0.0048, 0.0045, 0.0040, 0.0033, 0.0027, 0.0023, 0.0022),
        [PaperRules.FeedbackAlignment] = Points(_deepExamples, 0.083, 0.0070, 0.0049, 0.0046, 0.0041, 0.0033, 0.0028, 0.0024, 0.0022, 0.0022),
    };

    /// <summary>Fig. 2d, four layers: NSE by rule.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PointRecord>> DeepFourError { get; } = new Dictionary<string, IReadOnlyList<PointRecord>>
    {
        [PaperRules.Backpropagation] = Points(_deepExamples, 0.23, 0.11, 0.027, 0.0118, 0.0067, 0.0033, 0.0022, 0.0014, 0.0012, 0.0011),
        [PaperRules.FeedbackAlignment] = Points(_deepExamples[1..], 0.0057, 0.0042, 0.0032, 0.0024, 0.0014, 0.0012, 0.00097, 0.00099, 0.0009),
    };

    /// <summary>Fig. 4 at ω = 0.0001: examples, NSE, angle to backpropagation and to pseudobackprop.</summary>
    public static IReadOnlyList<(double Examples, double Error, double ToBackpropagation, double ToPseudobackprop)> SmallScale { get; } =
    [
        (500, -0.5, 23, 56), (1000, -1.2, 32, 46), (2000, -2.0, 42, 28), (3000, -2.9, 35, 19), (5000, -4.6, 30, 14), (7500, -5.8, 27, 9),
        (10_000, -6.7, 25, 5), (15_000, -8.8, 25, 2), (19_800, -10.7, 24.3, 1.2),
    ];

    /// <summary>Fig. 4 after 19,800 examples, by ω: log10 NSE, angle to backpropagation and to pseudobackprop.</summary>
    public static IReadOnlyList<(double Error, double ToBackpropagation, double ToPseudobackprop)> ScaleEnds { get; } =
    [
        (-10.7, 24.3, 1.2), (-10.6, 24.7, 1.4), (-10.2, 25.9, 7.8), (-9.3, 42.9, 34.5), (-7.8, 59.4, 55.0), (-7.3, 63.4, 59.5), (-6.9, 66.8, 62.6),
        (-6.6, 69.4, 64.1), (-5.8, 73.8, 67.6),
    ];

    /// <summary>
    /// Where the four-part course of the freeze stood at the ends of its phases, seen in a picture of the 2016 figure: phase, NSE.
    /// </summary>
    public static IReadOnlyList<PointRecord> Freeze { get; } = Points([0, 1, 2, 3], 1.08, 1.08, 0.76, 0.56);

    private static PointRecord[] Points(double[] x, params ReadOnlySpan<double> y)
    {
        var points = new PointRecord[x.Length];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = new PointRecord(x[i], y[i]);
        }

        return points;
    }

    private static PointRecord[] PowersOfTen(double[] x, params ReadOnlySpan<double> logarithms)
        => [.. Points(x, logarithms).Select(point => point with { Y = Math.Pow(10, point.Y) })];
}
