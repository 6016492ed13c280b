using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>For logs and pipes: one line when a run ends.</summary>
/// <param name="screen">Where to.</param>
/// <param name="runs">How many runs there will be.</param>
/// <param name="classification">Whether errors are shares of misclassified examples.</param>
internal sealed class LineProgress(IAnsiConsole screen, int runs, bool classification) : ExperimentProgress
{
    public override ExperimentRecord Watch(Func<ExperimentObserver, ExperimentRecord> run) => run(new Lines(screen, runs, classification));

    private sealed class Lines(IAnsiConsole screen, int runs, bool classification) : ExperimentObserver
    {
        private readonly Lock _oneAtATime = new();
        private int _finished;

        public override void OnFinished(RunKey run, RunRecord record)
        {
            lock (_oneAtATime)
            {
                _finished++;
                var outcome = RunText.IsComplete(record)
                    ? $"validation error {NumberText.Error(record.ValidationError, classification)}"
                    : $"{record.Status.ToString().ToLowerInvariant()}, {record.Reason}";
                screen.WritePlain($"{_finished,3}/{runs}  {run.Rule} seed {run.Seed}: {outcome}, {record.Seconds:0.0} s");
            }
        }
    }
}
