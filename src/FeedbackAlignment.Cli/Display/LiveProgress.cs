using System.Collections.Concurrent;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>For a person at a terminal: a bar for each run with rule, seed, epoch, loss and validation error, and the time left for all.</summary>
internal sealed class LiveProgress(IAnsiConsole screen) : ExperimentProgress
{
    public override ExperimentRecord Watch(ExperimentSpec spec, Func<ExperimentObserver, ExperimentRecord> run)
    {
        ExperimentRecord? record = null;
        screen.Progress()
            .AutoRefresh(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => record = run(new Bars(context, spec)));
        return record!;
    }

    private sealed class Bars : ExperimentObserver
    {
        private readonly ProgressContext _context;
        private readonly ProgressTask _all;
        private readonly int _runs;
        private readonly ConcurrentDictionary<RunKey, RunBar> _bars = new();

        public Bars(ProgressContext context, ExperimentSpec spec)
        {
            _context = context;
            _runs = spec.Rules.Count * spec.Seeds.Count;
            _all = context.AddTask($"[bold]all {_runs} runs[/]", maxValue: _runs);
        }

        public override void OnStarted(RunKey run, long totalExamples)
            => _bars[run] = new RunBar(run, _context.AddTaskBefore(Name(run), new ProgressTaskSettings { MaxValue = totalExamples }, _all));

        public override void OnStep(RunKey run, long examples, double loss)
        {
            if (_bars.TryGetValue(run, out var bar) && bar.Step(examples, loss) is { } share)
            {
                _all.Increment(share);
            }
        }

        public override void OnEvaluation(RunKey run, CurveRecord point)
        {
            if (_bars.TryGetValue(run, out var bar))
            {
                bar.Evaluated(point);
            }
        }

        public override void OnFinished(RunKey run, RunRecord record)
        {
            if (_bars.TryGetValue(run, out var bar))
            {
                _all.Increment(bar.Finish(record));
            }
        }
    }

    private static string Name(RunKey run) => $"{run.Rule} [dim]seed {run.Seed}[/]";

    /// <summary>The bar of one run. Its run's thread alone calls it.</summary>
    private sealed class RunBar(RunKey run, ProgressTask task)
    {
        private const int MillisecondsBetween = 100;
        private long _shown = Environment.TickCount64;
        private double _epoch, _reported;
        private double? _error;

        /// <summary>Shows a step, if enough time has passed; then returns the share of the run since the last time.</summary>
        public double? Step(long examples, double loss)
        {
            var now = Environment.TickCount64;
            if (now - _shown < MillisecondsBetween)
            {
                return null;
            }

            _shown = now;
            task.Value = examples;
            task.Description = $"{Name(run)} [dim]epoch {_epoch:0}  loss {loss:0.0000}[/]{ErrorText}";
            return Since(examples / task.MaxValue);
        }

        public void Evaluated(CurveRecord point) => (_epoch, _error) = (point.Epoch, point.ValidationError);

        public double Finish(RunRecord record)
        {
            var color = record.Status == RunStatus.Completed ? "green" : "red";
            task.Value = task.MaxValue;
            task.Description = $"{Name(run)} [{color}]{record.Status.ToString().ToLowerInvariant()}[/]{ErrorText}";
            task.StopTask();
            return Since(1);
        }

        private string ErrorText => _error is { } error ? $"  error {error:P1}" : "";

        private double Since(double share)
        {
            var gained = share - _reported;
            _reported = share;
            return gained;
        }
    }
}
