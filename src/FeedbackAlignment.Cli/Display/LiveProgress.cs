using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Display;

/// <summary>For a person at a terminal: a board that is drawn again and again, and is gone when the results come.</summary>
internal sealed class LiveProgress(IAnsiConsole screen, ProgressBoard board) : ExperimentProgress
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    public override ExperimentRecord Watch(Func<ExperimentObserver, ExperimentRecord> run)
        => screen.Live(board.Draw(screen.Profile.Width, screen.Profile.Height)).AutoClear(true).Start(context =>
        {
            var experiment = Task.Run(() => run(board));
            while (!((IAsyncResult)experiment).AsyncWaitHandle.WaitOne(_pause))
            {
                context.UpdateTarget(board.Draw(screen.Profile.Width, screen.Profile.Height));
            }

            return experiment.GetAwaiter().GetResult();
        });
}
