using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// Works on a study: claims runs one by one, trains them, and publishes them. Any number of workers share a folder, on one machine or
/// many; they need no server and do not talk.
/// </summary>
/// <param name="folder">The study's folder.</param>
/// <param name="plan">Its plan.</param>
/// <param name="loaded">Its data.</param>
/// <param name="components">What specs can name.</param>
/// <param name="clock">For seconds and dates, and to see that a claim stands still.</param>
/// <param name="keeping">How runs are kept.</param>
public sealed class StudyWorker(
    StudyFolder folder, StudyPlan plan, LoadedData loaded, Components components, TimeProvider clock, ExperimentKeeping keeping)
{
    /// <summary>Looks in the time after which a claim is stale, but no pause is longer than <see cref="_longestPause"/>.</summary>
    private const int LooksPerLease = 5;

    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(10);

    private int _begun, _trained, _reused, _failed, _lost;

    /// <summary>Works until nothing is left to do, or it is told to stop.</summary>
    /// <param name="options">How.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellation">Stops runs between two steps, with a checkpoint; the next worker goes on from there at once.</param>
    /// <exception cref="FolderException">The plan is of other settings, data or another program.</exception>
    /// <exception cref="RecordingException">A file cannot be written.</exception>
    public WorkDone Run(WorkOptions options, StudyObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);
        folder.RequireWritable();
        using var files = new StudyFiles(folder.Place);
        return Run(files, options, observer, cancellation);
    }

    /// <summary>The same, on files of the caller's.</summary>
    internal WorkDone Run(IStudyFiles files, WorkOptions options, StudyObserver observer, CancellationToken cancellation)
    {
        var stale = TimeSpan.FromSeconds(folder.ReadHeader().StaleSeconds);
        var board = new ClaimBoard(files, plan.Names, stale, clock);
        board.Look();
        var others = new OtherStudies(folder.Place);
        using var heartbeat = new Heartbeat(stale);
        var pause = stale / LooksPerLease < _longestPause ? stale / LooksPerLease : _longestPause;
        var threads = Math.Min(options.Threads ?? plan.Spec.Training.Threads ?? 1, Environment.ProcessorCount);
        var slots = options.SideBySide ?? Math.Max(1, Environment.ProcessorCount / threads);
        SideBySide.Run([.. Enumerable.Range(0, slots)], threads, (_, own, stop) => Work(stop, own), cancellation);
        board.Look();
        return new WorkDone(_trained, _reused, _failed, _lost, plan.Names.Count - board.Done);

        void Work(CancellationToken stop, int own)
        {
            while (!stop.IsCancellationRequested)
            {
                if (Next(board, pause, options, observer, stop) is not { } claim)
                {
                    return;
                }

                using (claim)
                {
                    heartbeat.Add(claim);
                    try
                    {
                        Carry(claim, board, files, others, own, observer, stop);
                    }
                    finally
                    {
                        heartbeat.Remove(claim);
                    }
                }
            }
        }
    }

    /// <summary>The next claim; null: there is nothing to do any more, or not for this worker.</summary>
    private HeldClaim? Next(ClaimBoard board, TimeSpan pause, WorkOptions options, StudyObserver observer, CancellationToken stop)
    {
        if (options.Most is { } most && Interlocked.Increment(ref _begun) > most)
        {
            return null;
        }

        var hasTold = false;
        while (!stop.IsCancellationRequested)
        {
            if (board.TryNext() is { } claim)
            {
                return claim;
            }

            board.Look();
            if (board.TryNext() is { } found)
            {
                return found;
            }

            // What this process has claimed itself needs nobody who waits.
            var others = board.Others;
            if (others == 0 || (!options.WaitsForOthers && board.OthersLive))
            {
                return null;
            }

            if (!hasTold)
            {
                observer.OnWaiting(others);
                hasTold = true;
            }

            stop.WaitHandle.WaitOne(pause);
        }

        return null;
    }

    /// <summary>Carries out a run that was claimed.</summary>
    private void Carry(
        HeldClaim claim, ClaimBoard board, IStudyFiles files, OtherStudies others, int threads, StudyObserver observer,
        CancellationToken stop)
    {
        var run = plan[claim.Name.Run];
        observer.OnClaimed(run, claim.Name.Number);
        try
        {
            var place = files.MakeAttempt(claim.Attempt);
            if (others.Copy(run.Name, place) is var (copied, from))
            {
                Publish(copied, from);
                return;
            }

            new EarlierAttempts(files, folder.Place).CopyCheckpoint(claim.Name, place);
            var spec = plan.SpecOf(run);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, claim.Lost);
            var record = TrainingRun.Train(
                spec, new RunKey(run.Rule, run.Seed), loaded.Split, new RunFolder(place, identity: run.Name), components, threads, clock,
                keeping with { Anew = true }, new Nobody(), tests: true, either.Token);
            if (record.Status != RunStatus.Cancelled)
            {
                Publish(record, null);
            }
            else if (claim.Lost.IsCancellationRequested)
            {
                Lose();
            }
            else
            {
                claim.Release();
                board.Note(claim, isDone: false);
            }
        }
        catch (Exception trouble) when (trouble is RecordingException or FolderException or IOException or UnauthorizedAccessException)
        {
            // Not the run's fault: another worker, or this one when that is solved, may do it.
            TryToRelease(claim);
            throw;
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            var reason = trouble.Message.Split('\n')[0];
            claim.Fail(reason);
            board.Note(claim, isDone: false, hasFailed: true);
            Interlocked.Increment(ref _failed);
            observer.OnFailed(run, reason);
        }

        void Publish(RunRecord record, string? from)
        {
            if (claim.Publish())
            {
                Interlocked.Increment(ref from is null ? ref _trained : ref _reused);
                board.Note(claim, isDone: true);
                observer.OnFinished(run, record, from);
            }
            else
            {
                Lose();
            }
        }

        void Lose()
        {
            board.Note(claim, isDone: files.IsThere(StudyPart.Runs, run.Name));
            Interlocked.Increment(ref _lost);
            observer.OnLost(run);
        }
    }

    private static void TryToRelease(HeldClaim claim)
    {
        try
        {
            claim.Release();
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            // Then it goes stale.
        }
    }

    private sealed class Nobody : ExperimentObserver;
}
