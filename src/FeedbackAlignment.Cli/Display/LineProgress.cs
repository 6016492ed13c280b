using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>For logs and pipes: one line when a run ends.</summary>
internal sealed class LineProgress(IAnsiConsole screen) : ExperimentProgress
{
    public override ExperimentRecord Watch(ExperimentSpec spec, Func<ExperimentObserver, ExperimentRecord> run)
        => run(new Lines(screen, spec.Rules.Count * spec.Seeds.Count, spec.Loss != LossIds.SquaredError));

    private sealed class Lines(IAnsiConsole screen, int total, bool classification) : ExperimentObserver
    {
        private readonly Lock _oneAtATime = new();
        private int _finished;

        public override void OnFinished(RunKey run, RunRecord record)
        {
            lock (_oneAtATime)
            {
                _finished++;
                var outcome = record.Status == RunStatus.Completed
                    ? $"validation error {NumberText.Error(record.ValidationError, classification)}"
                    : $"{record.Status.ToString().ToLowerInvariant()}: {record.Reason}";
                screen.WriteLine($"{_finished,3}/{total}  {run.Rule} seed {run.Seed}: {outcome}, {record.Seconds:0.0} s");
            }
        }
    }
}
