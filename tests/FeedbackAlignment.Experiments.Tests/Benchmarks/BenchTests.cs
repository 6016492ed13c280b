using FeedbackAlignment.Experiments.Benchmarks;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Tests.Benchmarks;

/// <summary>Alone: managed memory is that of the whole process.</summary>
[CollectionDefinition(nameof(BenchTests), DisableParallelization = true)]
[Collection(nameof(BenchTests))]
public sealed class BenchTests
{
    private static readonly BenchTimes _short = new()
    {
        WarmUp = TimeSpan.FromMilliseconds(20),
        Measuring = TimeSpan.FromMilliseconds(20),
        Sample = TimeSpan.FromMicroseconds(100),
    };

    [Fact]
    public void EveryWorkloadIsTimedUnderEveryRuleOnOneAndOnAllThreads()
    {
        var cases = Run().Cases.Select(one => (one.Network, one.Batch, one.Threads, one.Runs, one.InputShare, one.Rule)).ToArray();
        (string, int, int, int, double)[] workloads =
        [
            ("20-30-30-5", 4, 1, 1, 1), ("20-30-30-5", 4, 2, 1, 1), ("20-30-30-5", 1, 1, 1, 1), ("20-30-30-5", 1, 2, 1, 1), ("20-30-30-5", 1, 1, 1, 0.2), ("20-30-30-5", 1, 2, 1, 0.2),
            ("3-2-1", 1, 1, 1, 1), ("3-2-1", 1, 1, 2, 1),
            ("2x4x4, conv 3x3 3 relu, dense 5", 4, 1, 1, 1), ("2x4x4, conv 3x3 3 relu, dense 5", 4, 2, 1, 1),
        ];
        Assert.Equal(workloads.SelectMany(w => BenchRules.All.Select(rule => (w.Item1, w.Item2, w.Item3, w.Item4, w.Item5, rule))), cases);
    }

    [Fact]
    public void FiguresAgreeWithEachOther()
    {
        var record = Run();
        Assert.All(record.Cases, one =>
        {
            Assert.True(one.MicrosecondsPerStep > 0 && one.FastestMicroseconds <= one.MicrosecondsPerStep);
            Assert.Equal(1e6 * one.Runs * one.Batch / one.MicrosecondsPerStep, one.ExamplesPerSecond, 1e-6 * one.ExamplesPerSecond);
            var least = one.Limit == StepLimit.Memory
                ? record.Machine.MemoryPasses.Single(pass => pass.Network == one.Network && pass.Threads == one.Threads).Microseconds
                : one.Runs * one.OperationsPerStep / (1e3 * record.Machine.Peaks.Single(peak => peak.Threads == one.Runs * one.Threads).Gflops);
            Assert.Equal(least / one.MicrosecondsPerStep, one.FractionOfLimit, 1e-9);
            var backpropagation = record.Cases.Single(other
                => (other.Network, other.Batch, other.Threads, other.Runs, other.InputShare, other.Rule) == (one.Network, one.Batch, one.Threads, one.Runs, one.InputShare, BenchRules.Backpropagation));
            Assert.Equal(one.MicrosecondsPerStep / backpropagation.MicrosecondsPerStep, one.ToBackpropagation, 1e-9);
        });
    }

    [Fact]
    public void OneExampleAtATimeIsTimedWithTheZerosOfImagesAndATinyNetworkAloneAndMany()
    {
        var workloads = BenchPlan.Standard(2).Workloads;
        Assert.Equal([1, 0.19], workloads.Where(one => one is { Network: "784-1000-10", Batch: 1 }).Select(one => one.InputShare));
        Assert.Equal([(true, false), (false, true)], workloads.Where(one => one.Network == "30-20-10").Select(one => (one.OneThread, one.SideBySide)));
    }

    [Fact]
    public void PicturesAreTimedInMinibatches()
    {
        BenchWorkload[] pictures = [.. BenchPlan.Standard(2).Workloads.Where(one => one.Batch == 64)];
        Assert.Equal(["conv-mnist", "conv-cifar", "resnet-20"], pictures.Select(one => one.Network));
        Assert.All(pictures, one => Assert.Equal(StepLimit.Arithmetic, one.Limit));
    }

    /// <summary>Of 64 examples with 784 inputs each; the dense ones are those that were drawn before there was a share.</summary>
    [Fact]
    public void InputsAreZeroButForTheirShare()
    {
        Assert.InRange(NotZero(0.19), 0.18, 0.2);
        Assert.InRange(NotZero(1), 0.999, 1);

        static double NotZero(double share) => RandomBatches.Draw(784, 10, 1, share).Average(batch => batch.Inputs.Row(0).ToArray().Count(value => value != 0) / 784.0);
    }

    [Fact]
    public void TheMachineIsThatOfAllThreads()
    {
        var machine = Run().Machine;
        Assert.NotEmpty(machine.Processor);
        Assert.Equal([1, 2], machine.Peaks.Select(peak => peak.Threads));
        Assert.Equal(machine.Peaks[^1].Gflops, machine.FmaPeakGflops);
        Assert.Equal(machine.MemoryPasses.Single(pass => pass is { Network: "20-30-30-5", Threads: 2 }).GBps, machine.RmwGBps);
    }

    /// <summary>Large enough that activations outweigh what the process frees meanwhile, which is some kilobytes.</summary>
    [Fact]
    public void MemoryIsAtLeastThatOfWeightsAndFeedback()
    {
        var record = new GrowthBench(new GrowthPlan { Shapes = ["50-n-n-10"], Hidden = [256, 384, 512], Batches = [64, 1], Threads = 1, Times = _short }, TimeProvider.System)
            .Run(_ => { }, CancellationToken.None);
        Assert.Equal(BenchRules.All.SelectMany(rule => new[] { (rule, 64), (rule, 1) }), record.Time.Select(series => (series.Rule, series.Batch)));
        Assert.All(record.Time, series =>
        {
            Assert.Equal([80_896L, 170_496, 292_864], series.Points.Select(point => point.Weights));
            Assert.InRange(series.Exponent, 0.1, 3);
        });
        Assert.All(record.Memory.SelectMany(series => series.Points), point => Assert.True(point.Measured > point.Weights + point.Feedback));

        // A layer of 512 by 512 has feedback of its own under feedback alignment, and only 10 by 512 under direct feedback alignment.
        Assert.Equal([0, 4 * (512 * 512 + 5120), 4 * (5120 + 5120)], record.Memory.Where(series => !series.Regenerated).Select(series => series.Points[^1].Feedback));

        // Regenerated, it takes none. Direct feedback is too small here to show it.
        MemoryGrowthRecord[] regenerated = [.. record.Memory.Where(series => series.Regenerated)];
        Assert.Equal(BenchRules.All.Skip(1), regenerated.Select(series => series.Rule));
        Assert.All(regenerated.SelectMany(series => series.Points), point => Assert.Equal(0, point.Feedback));
        var kept = record.Memory.Single(series => series.Rule == regenerated[0].Rule && !series.Regenerated);
        Assert.InRange(kept.Points[^1].Measured - regenerated[0].Points[^1].Measured, 4 * 512 * 512, long.MaxValue);
    }

    private static BenchRecord Run() => new Bench(
        new BenchPlan
        {
            Threads = 2,
            Times = _short,
            Workloads =
            [
                new() { Network = "20-30-30-5", Batch = 4, Activation = Activation.Tanh.Id, Limit = StepLimit.Arithmetic },
                new() { Network = "20-30-30-5", Batch = 1, Activation = Activation.Tanh.Id, Limit = StepLimit.Memory },
                new() { Network = "20-30-30-5", Batch = 1, Activation = Activation.Tanh.Id, Limit = StepLimit.Memory, InputShare = 0.2 },
                new() { Network = "3-2-1", Batch = 1, Activation = Activation.Linear.Id, Loss = "squared-error", Limit = StepLimit.Arithmetic,
                OneThread = true },
                new() { Network = "3-2-1", Batch = 1, Activation = Activation.Linear.Id, Loss = "squared-error", Limit = StepLimit.Arithmetic,
                SideBySide = true },
                new() { Network = "2x4x4, conv 3x3 3 relu, dense 5", Batch = 4, Limit = StepLimit.Arithmetic },
            ],
        },
        TimeProvider.System).Run(_ => { }, CancellationToken.None);
}
