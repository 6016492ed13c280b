using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Trainings side by side, as many as the processors allow.</summary>
internal static class SideBySide
{
    /// <summary>
    /// Carries all of them out. When one throws, the others stop in good order, with a checkpoint where there is room for one, before the
    /// exception goes on.
    /// </summary>
    /// <param name="trainings">What is to be trained; they begin in this order, and a processor that is done takes the next.</param>
    /// <param name="threads">
    /// Threads for each, of which no more begin than there are processors; null: the processors, divided among the trainings.
    /// </param>
    /// <param name="train">Trains one, with so many threads, until it is done or stopped.</param>
    /// <param name="cancellation">Keeps those from beginning that have not yet.</param>
    public static void Run<T>(IReadOnlyCollection<T> trainings, int? threads, Action<T, int, CancellationToken> train, CancellationToken cancellation)
    {
        // Threads without a processor of their own only wait for one another: 256 on two processors took 44 times as long.
        var each = Math.Min(threads ?? Math.Max(1, Environment.ProcessorCount / Math.Max(1, trainings.Count)), Environment.ProcessorCount);
        var most = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / each) };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ExceptionDispatchInfo? trouble = null;

        // A partitioner without chunks.
        Parallel.ForEach(Partitioner.Create(trainings, EnumerablePartitionerOptions.NoBuffering), most, training =>
        {
            try
            {
                if (!stop.IsCancellationRequested)
                {
                    train(training, each, stop.Token);
                }
            }
            catch (Exception first)
            {
                Interlocked.CompareExchange(ref trouble, ExceptionDispatchInfo.Capture(first), null);
                stop.Cancel();
            }
        });
        trouble?.Throw();
    }
}
