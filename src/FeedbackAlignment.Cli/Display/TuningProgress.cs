using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Tuning;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>A way to show a tuning while it runs.</summary>
internal abstract class TuningProgress
{
    /// <summary>Carries out a tuning and shows it.</summary>
    /// <param name="run">Carries it out, given who watches.</param>
    public abstract TuningRecord Watch(Func<TuningObserver, TuningRecord> run);
}

/// <summary>Shows nothing.</summary>
internal sealed class SilentTuning : TuningProgress
{
    public override TuningRecord Watch(Func<TuningObserver, TuningRecord> run) => run(new Nobody());

    private sealed class Nobody : TuningObserver;
}

/// <summary>For logs and pipes: one line when a training ends.</summary>
/// <param name="screen">Where to.</param>
/// <param name="classification">Whether errors are shares of misclassified examples.</param>
internal sealed class LineTuning(IAnsiConsole screen, bool classification) : TuningProgress
{
    public override TuningRecord Watch(Func<TuningObserver, TuningRecord> run) => run(new Lines(screen, classification));

    private sealed class Lines(IAnsiConsole screen, bool classification) : TuningObserver
    {
        private readonly Lock _oneAtATime = new();
        private readonly Dictionary<string, int> _planned = [];
        private int _finished;

        public override void OnPlanned(string rule, int trainings) => _planned[rule] = trainings;

        public override void OnFinished(TrialKey key, IReadOnlyDictionary<string, double> settings, RunRecord record, bool wasDone)
        {
            lock (_oneAtATime)
            {
                _finished++;
                var outcome = record.Status.IsEnd()
                    ? $"validation error {NumberText.Error(record.ValidationError, classification)}"
                    : $"{record.Status.InWords()}, {record.Reason}";
                var tried = string.Join(", ", settings.Select(TuningText.Setting));
                screen.WritePlain(
                    $"{_finished,3}/{_planned.Values.Sum()}  {key.Rule} trial {key.Trial} rung {key.Rung} seed {key.Seed}, {tried}: "
                    + $"{outcome}, {(wasDone ? "done before" : $"{record.Seconds:0.0} s")}");
            }
        }
    }
}

/// <summary>For a person at a terminal: a bar for each rule.</summary>
/// <param name="screen">Where to.</param>
/// <param name="rules">The rules.</param>
internal sealed class LiveTuning(IAnsiConsole screen, IReadOnlyList<string> rules) : TuningProgress
{
    public override TuningRecord Watch(Func<TuningObserver, TuningRecord> run)
        => screen.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context => run(new Bars(rules.ToDictionary(rule => rule, rule => context.AddTask(ForeignMarkup.Cell(rule))))));

    private sealed class Bars(Dictionary<string, ProgressTask> tasks) : TuningObserver
    {
        public override void OnPlanned(string rule, int trainings) => tasks[rule].MaxValue = trainings;

        public override void OnFinished(TrialKey key, IReadOnlyDictionary<string, double> settings, RunRecord record, bool wasDone) => tasks[key.Rule].Increment(1);
    }
}
