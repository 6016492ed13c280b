using FeedbackAlignment.Experiments.Benchmarks;

namespace FeedbackAlignment.Experiments.Tests.Benchmarks;

public sealed class InterleavedTimerTests
{
    private readonly WorkClock _clock = new();

    [Fact]
    public void AMedianIsTheTimeOfDoingItOnce()
    {
        var timings = Measure([new Work(_clock, 3), new Work(_clock, 400)], new BenchTimes());
        Assert.Equal(3, timings[0].Median, 6);
        Assert.Equal(400, timings[1].Median, 6);
    }

    [Fact]
    public void WhatDisturbsFewRoundsDoesNotMoveTheMedian()
    {
        var disturbed = new Work(_clock, 50, disturbance: 10_000, every: 200);
        var timing = Measure([disturbed], new BenchTimes())[0];
        Assert.Equal(50, timing.Median, 6);
        Assert.Equal(50, timing.Fastest, 6);
        Assert.Contains(timing.Samples, sample => sample > 50.1);
    }

    [Fact]
    public void TasksTakeTurns()
    {
        var (first, second) = (new Work(_clock, 20_000), new Work(_clock, 20_000));
        var log = new List<Work>();
        first.Done = second.Done = log.Add;
        Measure([first, second], new BenchTimes { WarmUp = TimeSpan.Zero, Measuring = TimeSpan.Zero, LeastSamples = 2 });

        // Once each to warm up; then each sample has one unmeasured run before it.
        Assert.Equal([first, second, first, first, second, second, first, first, second, second], log);
    }

    [Fact]
    public void EveryTaskHasAsManySamples()
    {
        var timings = Measure([new Work(_clock, 1), new Work(_clock, 30_000)], new BenchTimes { Measuring = TimeSpan.FromSeconds(1) });
        Assert.Equal(timings[0].Samples.Count, timings[1].Samples.Count);
        Assert.InRange(timings[0].Samples.Count, 10, 30);
    }

    [Fact]
    public void AStopEndsIt()
    {
        using var stop = new CancellationTokenSource();
        var work = new Work(_clock, 1000) { Done = _ => stop.Cancel() };
        Assert.Throws<OperationCanceledException>(() => new InterleavedTimer(_clock, new BenchTimes()).Measure([work], _ => { }, stop.Token));
    }

    private IReadOnlyList<Timing> Measure(IReadOnlyList<TimedTask> tasks, BenchTimes times)
        => new InterleavedTimer(_clock, times).Measure(tasks, _ => { }, CancellationToken.None);

    /// <summary>A clock that only work moves on.</summary>
    private sealed class WorkClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Work(double microseconds) => _ticks += TimeSpan.FromMicroseconds(microseconds).Ticks;

        public override long GetTimestamp() => _ticks;
    }

    private sealed class Work(WorkClock clock, double microseconds, double disturbance = 0, int every = int.MaxValue) : TimedTask
    {
        private int _runs;

        public Action<Work>? Done { get; set; }

        public override void Run(int times)
        {
            clock.Work(times * microseconds + (++_runs % every == 0 ? disturbance : 0));
            Done?.Invoke(this);
        }
    }
}
