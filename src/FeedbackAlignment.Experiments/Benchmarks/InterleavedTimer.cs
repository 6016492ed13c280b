using MathNet.Numerics.Statistics;

namespace FeedbackAlignment.Experiments.Benchmarks;

/// <summary>Work to be timed.</summary>
internal abstract class TimedTask
{
    /// <summary>Does the work several times.</summary>
    public abstract void Run(int times);
}

/// <summary>How long a task takes, in microseconds for doing it once.</summary>
/// <param name="Samples">Every sample, in the order of the rounds.</param>
internal sealed record Timing(IReadOnlyList<double> Samples)
{
    public double Median { get; } = Samples.Median();

    public double Fastest { get; } = Samples.Min();
}

/// <summary>
/// Times tasks in turns: a short sample of each, round after round, so that whatever else the machine does meets all alike and their
/// medians can be compared. Before each sample the task runs for a while unmeasured, which brings its data back into the caches.
/// </summary>
/// <param name="clock">Measures.</param>
/// <param name="times">How long, and in what portions.</param>
internal sealed class InterleavedTimer(TimeProvider clock, BenchTimes times)
{
    private const int MostTimes = 1 << 20;

    /// <param name="tasks">What to time.</param>
    /// <param name="progress">Receives the share that is done, 0 … 1.</param>
    /// <param name="cancellation">Stops it between two samples.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<Timing> Measure(IReadOnlyList<TimedTask> tasks, Action<double> progress, CancellationToken cancellation)
    {
        var counts = WarmUp(tasks, progress, cancellation);
        var samples = tasks.Select(_ => new List<double>()).ToArray();
        var start = clock.GetTimestamp();
        while (samples[0].Count < times.LeastSamples || clock.GetElapsedTime(start) < times.Measuring)
        {
            foreach (var (index, task) in tasks.Index())
            {
                cancellation.ThrowIfCancellationRequested();
                task.Run(Math.Max(1, counts[index] / 4));
                samples[index].Add(Microseconds(task, counts[index]) / counts[index]);
            }

            progress(Share(times.WarmUp + clock.GetElapsedTime(start)));
        }

        return [.. samples.Select(series => new Timing(series))];
    }

    /// <summary>Runs all tasks until the compiler has had time to see what matters, and finds how often each fits into a sample.</summary>
    private int[] WarmUp(IReadOnlyList<TimedTask> tasks, Action<double> progress, CancellationToken cancellation)
    {
        var counts = tasks.Select(_ => 1).ToArray();
        var start = clock.GetTimestamp();
        do
        {
            foreach (var (index, task) in tasks.Index())
            {
                cancellation.ThrowIfCancellationRequested();
                var once = Microseconds(task, counts[index]) / counts[index];
                var fitting = times.Sample.TotalMicroseconds / Math.Max(once, 1e-3);

                // A first call is slow for reasons of its own: grow step by step.
                counts[index] = (int)Math.Clamp(fitting, 1, Math.Min(16 * counts[index], MostTimes));
            }

            progress(Share(clock.GetElapsedTime(start)));
        }
        while (clock.GetElapsedTime(start) < times.WarmUp);
        return counts;
    }

    private double Microseconds(TimedTask task, int count)
    {
        var start = clock.GetTimestamp();
        task.Run(count);
        return clock.GetElapsedTime(start).TotalMicroseconds;
    }

    private double Share(TimeSpan elapsed) => Math.Min(1, elapsed / (times.WarmUp + times.Measuring));
}
