using System.Diagnostics;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Tests.Data;

namespace FeedbackAlignment.Experiments.Tests.Runs;

public sealed class TrainingRunTests
{
    /// <summary>More threads than all tests beside this one start in the meantime.</summary>
    private const int Threads = 200;

    [Fact]
    public void ATrainingThatCannotBeBuiltLeavesNoThreads()
    {
        using var place = new TemporaryFolder();
        var (split, record, _, _) = TinyExperiment.Load(TinyExperiment.Spec);
        var spec = SpecCompletion.Complete(TinyExperiment.Spec, record, Components.Standard);
        var folder = new RunFolder(Place.Named(place.Path), keepsWeights: false);
        var before = Count();
        Assert.Throws<ArgumentException>(() => TrainingRun.Train(
            spec, new RunKey("no-such-rule", 1), split, folder, Components.Standard, Threads, TimeProvider.System, new ExperimentKeeping(),
                new Nobody(), tests: true, TestContext.Current.CancellationToken));

        // They have been told to end; on a busy machine that takes them a moment.
        Assert.True(SpinWait.SpinUntil(() => Count() < before + (Threads / 2), TimeSpan.FromSeconds(20)), $"{before} threads before, {Count()} after");
    }

    private static int Count()
    {
        using var here = Process.GetCurrentProcess();
        return here.Threads.Count;
    }

    private sealed class Nobody : ExperimentObserver;
}
