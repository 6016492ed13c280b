using MathNet.Numerics.RootFinding;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>
/// Feedback alignment in the smallest network: one input of variance 1, one hidden unit, one output, all linear, target T = 1 and
/// feedback B = 1. In expectation dW/dt = (1 − W W0) W0 and dW0/dt = 1 − W W0. Lillicrap et al. (2014), Fig. 3.
/// </summary>
/// <remarks>
/// The caption of Fig. 3 lets the drawn path start at 0; its arrow as drawn starts near (−0.2, −0.2), and so ends elsewhere than the
/// path from 0 does.
/// </remarks>
public static class MinimalNetwork
{
    /// <summary>Half the width of the plane shown: both weights in −2 … 2.</summary>
    public const double Reach = 2;

    /// <summary>Where the path from W0 = W = 0 ends: (2^{1/3}, 2^{−1/3}).</summary>
    public static PhasePoint EndFromZero { get; } = new(Math.Cbrt(2), 1 / Math.Cbrt(2));

    /// <summary>(dW0/dt, dW/dt) = (B e, e W0) with e = 1 − W W0.</summary>
    /// <param name="at">Where.</param>
    public static PhasePoint Velocity(PhasePoint at)
    {
        var error = 1 - at.W * at.W0;
        return new PhasePoint(error, error * at.W0);
    }

    /// <summary>C of 2 W = W0² + C, constant along every path: the paths are parabolas.</summary>
    /// <param name="at">Where.</param>
    public static double Invariant(PhasePoint at) => 2 * at.W - at.W0 * at.W0;

    /// <summary>Whether the solution (W0, 1/W0) attracts: W0² + 1/W0 &gt; 0, that is W0 &gt; 0 or W0 &lt; −1.</summary>
    /// <param name="w0">W0, not 0.</param>
    public static bool IsStable(double w0) => w0 * w0 + 1 / w0 > 0;

    /// <summary>W = (W0² − 3)/2, the parabola that touches the solutions at (−1, −1), where stable and unstable ones meet.</summary>
    /// <param name="w0">W0.</param>
    public static double Separatrix(double w0) => (w0 * w0 - 3) / 2;

    /// <summary>
    /// The branch that theory says a path ends on. Bad from below the separatrix and left of the unstable solutions: C &lt; −3 and
    /// either W0 &lt; −1, or W0 &lt; 0 and W W0 &gt; 1.
    /// </summary>
    /// <param name="start">Where it starts, on neither border.</param>
    public static SolutionBranch BranchFrom(PhasePoint start)
        => Invariant(start) < -3 && (start.W0 < -1 || (start.W0 < 0 && start.W * start.W0 > 1)) ? SolutionBranch.Bad : SolutionBranch.Good;

    /// <summary>
    /// Where theory says a path ends: W0 is the largest root of W0³ + C W0 = 2 on the good branch, the smallest on the bad one.
    /// </summary>
    /// <param name="start">Where it starts, on no border between the branches.</param>
    public static PhasePoint EndFrom(PhasePoint start)
    {
        var (first, second, third) = Cubic.RealRoots(-2, Invariant(start), 0);
        double[] roots = [.. new[] { first, second, third }.Where(double.IsFinite)];
        var w0 = BranchFrom(start) == SolutionBranch.Good ? roots.Max() : roots.Min();
        return new PhasePoint(w0, 1 / w0);
    }

    /// <summary>Everything about the figure: flow, solutions, separatrix, paths, and where a grid of starts ends.</summary>
    /// <param name="arrowsPerAxis">Arrows of the flow field in a row, ≥ 2.</param>
    /// <param name="startsPerAxis">Starts of the grid in a row, ≥ 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 2.</exception>
    public static MinimalNetworkResult Examine(int arrowsPerAxis = 17, int startsPerAxis = 40)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arrowsPerAxis, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(startsPerAxis, 2);
        return new MinimalNetworkResult
        {
            Flow = [.. Grid(Spread(arrowsPerAxis)).Select(at => new FlowArrow(at, Velocity(at)))],
            GoodSolutions = Curve(1 / Reach, Reach, w0 => 1 / w0),
            BadSolutions = Curve(-Reach, -1, w0 => 1 / w0),
            UnstableSolutions = Curve(-1, -1 / Reach, w0 => 1 / w0),
            SeparatrixCurve = Curve(-Reach, -1, Separatrix),
            BadRegion = BadRegion(),
            Paths = MinimalNetworkPaths.Draw(ShownStarts()),
            // Middles of cells: no start lies on a border, and their share is that of the area.
            Basins = MinimalNetworkPaths.Settle([.. Grid([.. Enumerable.Range(0, startsPerAxis).Select(cell => Reach * ((2 * cell + 1.0) / startsPerAxis - 1))])]),
            BesideSeparatrix = MinimalNetworkPaths.Settle([.. BesideSeparatrix()]),
        };
    }

    /// <summary>0 first, then starts all round the edge of the plane and some within.</summary>
    private static IReadOnlyList<PhasePoint> ShownStarts()
    {
        // Eight in a row: nine would put a start on the unstable solutions.
        var edge = Spread(8);
        return
        [
            new PhasePoint(0, 0), new PhasePoint(-0.2, -0.2),
            .. edge.SelectMany(along => new[] { new PhasePoint(along, -Reach), new PhasePoint(along, Reach) }),
            .. edge[1..^1].SelectMany(along => new[] { new PhasePoint(-Reach, along), new PhasePoint(Reach, along) }),
            new PhasePoint(-0.9, -0.9), new PhasePoint(-0.9, -1.5), new PhasePoint(-0.5, -1),
        ];
    }

    /// <summary>Starts by 0.01 above and below the separatrix, left of where it touches the solutions.</summary>
    private static IEnumerable<PhasePoint> BesideSeparatrix()
        => from w0 in Enumerable.Range(0, 10).Select(index => -Reach + 0.1 * index)
           from side in new[] { 0.01, -0.01 }
           select new PhasePoint(w0, Separatrix(w0) + side);

    /// <summary>
    /// The border of the starts that end on the bad branch, within the plane: along the separatrix, the unstable solutions, and the edge.
    /// </summary>
    private static IReadOnlyList<PhasePoint> BadRegion()
        => [.. Curve(-Reach, -1, Separatrix), .. Curve(-1, -1 / Reach, w0 => 1 / w0).Skip(1), new PhasePoint(-Reach, -Reach)];

    private static IReadOnlyList<PhasePoint> Curve(double from, double to, Func<double, double> w)
        => [.. Enumerable.Range(0, 61).Select(index => from + (to - from) * index / 60).Select(w0 => new PhasePoint(w0, w(w0)))];

    private static double[] Spread(int count) => [.. Enumerable.Range(0, count).Select(index => Reach * (2.0 * index / (count - 1) - 1))];

    private static IEnumerable<PhasePoint> Grid(double[] places)
        => from w in places
           from w0 in places
           select new PhasePoint(w0, w);
}
