using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Reproduction;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using Spectre.Console;
using Outcome = (FeedbackAlignment.Experiments.Records.ReproductionRecord Record, System.Collections.Generic.IReadOnlyList<FeedbackAlignment.Experiments.Records.FigureRecord> Figures);

namespace FeedbackAlignment.Cli.Display;

/// <summary>A way to show a reproduction while it runs.</summary>
internal abstract class ReproductionProgress
{
    /// <summary>Carries out a reproduction and shows it.</summary>
    /// <param name="run">Carries it out, given who watches.</param>
    public abstract Outcome Watch(Func<ReproductionObserver, Outcome> run);

    /// <summary>What came of an experiment, in a line.</summary>
    protected static string Line(ReproducedExperimentRecord experiment)
        => $"{experiment.Id,-16} {(experiment.Missing is { } missing ? $"not run: {missing}" : $"{experiment.Runs} runs in {experiment.Seconds:0.0} s{(experiment.Failed > 0 ? $", {experiment.Failed} of them did not complete" : "")}")}";
}

/// <summary>Shows nothing.</summary>
internal sealed class SilentReproduction : ReproductionProgress
{
    public override Outcome Watch(Func<ReproductionObserver, Outcome> run) => run(new Nobody());

    private sealed class Nobody : ReproductionObserver;
}

/// <summary>For logs and pipes: a line when an experiment ends.</summary>
/// <param name="screen">Where to.</param>
internal sealed class LineReproduction(IAnsiConsole screen) : ReproductionProgress
{
    public override Outcome Watch(Func<ReproductionObserver, Outcome> run) => run(new Lines(screen));

    private sealed class Lines(IAnsiConsole screen) : ReproductionObserver
    {
        public override void OnFinished(ReproducedExperimentRecord experiment) => screen.WritePlain(Line(experiment));
    }
}

/// <summary>For a person at a terminal: a bar for the experiment that runs, and a line for each that has ended.</summary>
/// <param name="screen">Where to.</param>
internal sealed class LiveReproduction(IAnsiConsole screen) : ReproductionProgress
{
    public override Outcome Watch(Func<ReproductionObserver, Outcome> run)
        => screen.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context => run(new Bars(screen, context)));

    private sealed class Bars(IAnsiConsole screen, ProgressContext context) : ReproductionObserver
    {
        private ProgressTask? _task;

        public override ExperimentObserver OnStarted(string id, ExperimentSpec spec, int index, int count)
        {
            _task = context.AddTask(ForeignMarkup.Cell($"{index}/{count} {id}"), maxValue: spec.Rules.Count * spec.Seeds.Count);
            return new Runs(_task);
        }

        public override void OnFinished(ReproducedExperimentRecord experiment)
        {
            _task?.StopTask();
            screen.WriteMarkup($"{Line(experiment)}");
        }
    }

    /// <summary>Counts runs, and parts of runs by the moments at which they are evaluated.</summary>
    private sealed class Runs(ProgressTask task) : ExperimentObserver
    {
        private readonly Dictionary<RunKey, (long Total, double Shown)> _runs = [];

        public override void OnStarted(RunKey run, long totalExamples)
        {
            lock (_runs)
            {
                _runs[run] = (totalExamples, 0);
            }
        }

        public override void OnEvaluation(RunKey run, CurveRecord point) => Show(run, total => (double)point.Examples / total);

        public override void OnFinished(RunKey run, RunRecord record) => Show(run, _ => 1);

        private void Show(RunKey run, Func<long, double> share)
        {
            lock (_runs)
            {
                var (total, shown) = _runs[run];
                var now = share(total);
                task.Increment(now - shown);
                _runs[run] = (total, now);
            }
        }
    }
}
