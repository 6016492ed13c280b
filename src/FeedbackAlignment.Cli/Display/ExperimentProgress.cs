using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Cli.Display;

/// <summary>A way to show an experiment while it runs.</summary>
internal abstract class ExperimentProgress
{
    /// <summary>Carries out an experiment and shows it.</summary>
    /// <param name="run">Carries it out, given who watches.</param>
    public abstract ExperimentRecord Watch(Func<ExperimentObserver, ExperimentRecord> run);
}

/// <summary>Shows nothing.</summary>
internal sealed class SilentProgress : ExperimentProgress
{
    public override ExperimentRecord Watch(Func<ExperimentObserver, ExperimentRecord> run) => run(new Nobody());

    private sealed class Nobody : ExperimentObserver;
}
