using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>Shows nothing.</summary>
internal sealed class SilentStudy : StudyObserver;

/// <summary>One line for each run that ends, with the time that is left by the runs so far.</summary>
/// <param name="screen">Where to.</param>
/// <param name="runs">How many runs there are.</param>
/// <param name="finished">How many were finished at the beginning.</param>
/// <param name="classification">Whether errors are shares of misclassified examples.</param>
/// <param name="sideBySide">Runs that go on at the same time.</param>
internal sealed class LineStudy(IAnsiConsole screen, int runs, int finished, bool classification, int sideBySide) : StudyObserver
{
    private readonly Lock _oneAtATime = new();
    private int _finished = finished, _trained;
    private double _seconds;

    public override void OnClaimed(PlannedRun run, int number)
    {
        if (number > 1)
        {
            Line($"         {StudyText.InWords(run)}: continues what another worker began (claim {number})");
        }
    }

    public override void OnFinished(PlannedRun run, RunRecord record, string? reusedFrom)
    {
        lock (_oneAtATime)
        {
            _finished++;
            var outcome = record.Status.IsEnd() ? $"validation error {NumberText.Error(record.ValidationError, classification)}"
                : $"{record.Status.InWords()}, {record.Reason}";
            if (reusedFrom is null)
            {
                _trained++;
                _seconds += record.Seconds;
            }

            var left = Math.Max(0, runs - _finished);
            var estimate = left > 0 && _trained > 0 ? $"; at most {NumberText.Duration(_seconds / _trained * left / sideBySide)} left" : "";
            screen.WritePlain(
                $"{_finished,3}/{runs}  {StudyText.InWords(run)}: {outcome}, "
                + (reusedFrom is null ? $"{record.Seconds:0.0} s{estimate}" : $"copied from {reusedFrom}"));
        }
    }

    public override void OnFailed(PlannedRun run, string reason) => Line($"failed   {StudyText.InWords(run)}: {reason}");

    public override void OnLost(PlannedRun run)
        => Line($"         {StudyText.InWords(run)}: another worker does it, too; this one gives it up");

    public override void OnWaiting(int others) => Line($"         {others} runs are claimed by other workers; waiting for a sign of life");

    private void Line(string line)
    {
        lock (_oneAtATime)
        {
            screen.WritePlain(line);
        }
    }
}
