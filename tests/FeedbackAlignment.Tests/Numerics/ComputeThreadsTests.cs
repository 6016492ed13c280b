using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class ComputeThreadsTests
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Fifty that nobody disposed of, all of which have worked: their threads end when nobody can give them work any more.
    /// </summary>
    [Fact]
    public void ThreadsOfAComputeThatNobodyHasAnyMoreEnd()
    {
        var threads = UseAndForget(50);
        Assert.Equal(100, threads.Count);
        var clock = Stopwatch.StartNew();
        while (threads.Any(thread => thread.IsAlive) && clock.Elapsed < _longest)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }

        Assert.DoesNotContain(threads, thread => thread.IsAlive);
    }

    [Fact]
    public void ThreadsOfAComputeThatIsUsedLiveOnAndDisposingEndsThem()
    {
        var compute = new Compute(3);
        var network = Network.Mlp("700-700-10", seed: 1, compute: compute);
        var threads = Threads(compute);
        compute = null;
        var expected = network.Predict(Some.Matrix(20, 700, seed: 1));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.All(threads, thread => Assert.True(thread.IsAlive));
        Some.AssertSameBits(expected, network.Predict(Some.Matrix(20, 700, seed: 1)));
        network.Compute.Dispose();
        Assert.DoesNotContain(threads, thread => thread.IsAlive);
        Some.AssertSameBits(expected, network.Predict(Some.Matrix(20, 700, seed: 1)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<Thread> UseAndForget(int count)
    {
        var threads = new List<Thread>();
        for (var i = 0; i < count; i++)
        {
            var compute = new Compute(3);
            compute.Product(Some.Matrix(64, 100, seed: 1), Some.Matrix(100, 64, seed: 2), new Matrix(64, 64));
            threads.AddRange(Threads(compute));
        }

        return threads;
    }

    private static IReadOnlyList<Thread> Threads(Compute compute)
        => ((WorkerTeam)typeof(Compute).GetField("_team", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(compute)!).Threads;
}
