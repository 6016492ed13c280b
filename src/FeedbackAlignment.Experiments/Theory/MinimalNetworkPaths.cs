using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.OdeSolvers;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>Follows the flow of the minimal network from many starts at once, by fourth-order Runge–Kutta steps.</summary>
internal static class MinimalNetworkPaths
{
    private const int StepsPerStretch = 100;
    private const double Stretch = 0.5;
    private const double LastTime = 400;

    /// <summary>A path is at its end where |1 − W W0| is no more than this.</summary>
    private const double Settled = 1e-11;

    /// <summary>Points of a drawn path are at least so far apart.</summary>
    private const double Spacing = 0.02;

    /// <summary>Where paths end.</summary>
    /// <param name="starts">Where they start.</param>
    public static IReadOnlyList<SettledStart> Settle(IReadOnlyList<PhasePoint> starts)
    {
        var ends = new PhasePoint[starts.Count];
        var drift = new double[starts.Count];
        Follow(starts, (path, point) =>
        {
            ends[path] = point;
            drift[path] = Math.Max(drift[path], Math.Abs(MinimalNetwork.Invariant(point) - MinimalNetwork.Invariant(starts[path])));
        });
        return [.. starts.Select((start, path) => new SettledStart(start, ends[path], drift[path]))];
    }

    /// <summary>Paths with the points between.</summary>
    /// <param name="starts">Where they start.</param>
    public static IReadOnlyList<PhasePath> Draw(IReadOnlyList<PhasePoint> starts)
    {
        var points = starts.Select(start => new List<PhasePoint> { start }).ToArray();
        Follow(starts, (path, point) =>
        {
            if (Distance(points[path][^1], point) >= Spacing)
            {
                points[path].Add(point);
            }
        });
        return [.. Settle(starts).Zip(points, (outcome, shown) => new PhasePath(outcome, [.. shown, outcome.End]))];
    }

    /// <summary>Calls <paramref name="visit"/> with the index of a path and its next point, until it has settled.</summary>
    private static void Follow(IReadOnlyList<PhasePoint> starts, Action<int, PhasePoint> visit)
    {
        int[] moving = [.. Enumerable.Range(0, starts.Count)];
        var state = Vector<double>.Build.DenseOfEnumerable(starts.Select(start => start.W0).Concat(starts.Select(start => start.W)));
        for (var time = 0.0; time < LastTime && moving.Length > 0; time += Stretch)
        {
            var steps = RungeKutta.FourthOrder(state, time, time + Stretch, StepsPerStretch + 1, Velocities);
            for (var index = 0; index < moving.Length; index++)
            {
                foreach (var step in steps)
                {
                    visit(moving[index], Point(step, index));
                }
            }

            int[] still = [.. Enumerable.Range(0, moving.Length).Where(index => Math.Abs(MinimalNetwork.Velocity(Point(steps[^1], index)).W0) > Settled)];
            moving = [.. still.Select(index => moving[index])];
            state = Vector<double>.Build.DenseOfEnumerable(
                still.Select(index => Point(steps[^1], index).W0).Concat(still.Select(index => Point(steps[^1], index).W)));
        }
    }

    /// <summary>The state is W0 of every path, then W of every path.</summary>
    private static Vector<double> Velocities(double time, Vector<double> state)
    {
        var velocities = new double[state.Count];
        var paths = state.Count / 2;
        for (var path = 0; path < paths; path++)
        {
            (velocities[path], velocities[paths + path]) = MinimalNetwork.Velocity(Point(state, path));
        }

        return Vector<double>.Build.Dense(velocities);
    }

    private static PhasePoint Point(Vector<double> state, int path) => new(state[path], state[state.Count / 2 + path]);

    private static double Distance(PhasePoint a, PhasePoint b) => double.Hypot(a.W0 - b.W0, a.W - b.W);
}
