using FeedbackAlignment.Experiments.Watching;

namespace FeedbackAlignment.Live;

/// <summary>The watched folder as all streams share it: folders are listed once for all.</summary>
/// <param name="folder">The folder.</param>
internal sealed class Watch(WatchedFolder folder)
{
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Snapshot? _last;

    /// <summary>The runs and what they are, as of at most a second ago.</summary>
    public Snapshot Now()
    {
        lock (_lock)
        {
            if (_last is null || TimeProvider.System.GetElapsedTime(_last.Taken) > _fresh)
            {
                var runs = folder.Runs();
                _last = new Snapshot(
                    TimeProvider.System.GetTimestamp(), folder.Title, folder.FullPath, folder.HasMore, runs,
                        [.. runs.Select(run => run.State())]);
            }

            return _last;
        }
    }
}

/// <summary>What there is to watch at a moment.</summary>
/// <param name="Taken">When, by the clock's own count.</param>
/// <param name="Title">Name of the experiment.</param>
/// <param name="Folder">The folder's path.</param>
/// <param name="HasMore">Whether there are more runs than are shown.</param>
/// <param name="Runs">The runs.</param>
/// <param name="States">What each of them is.</param>
internal sealed record Snapshot(
    long Taken, string Title, string Folder, bool HasMore, IReadOnlyList<WatchedRun> Runs, IReadOnlyList<RunState> States);
