using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// What one process knows of the claims of a study. It reads the folders at its beginning and when nothing is left to try, never for a
/// single claim: a claim is the exclusive creation of one file.
/// </summary>
/// <param name="files">The study's files.</param>
/// <param name="runs">The names of the runs, in the order of work.</param>
/// <param name="stale">How long a claim must stand still, by this process's own clock, before it is taken over.</param>
/// <param name="clock">That clock; only its timestamps are used.</param>
internal sealed class ClaimBoard(IStudyFiles files, IReadOnlyList<string> runs, TimeSpan stale, TimeProvider clock)
{
    /// <summary>Claims in a row that may end with an error before it is no accident any more.</summary>
    private const int MostTroubles = 5;

    private readonly Entry[] _entries = [.. runs.Select(_ => new Entry())];
    private readonly Dictionary<string, int> _places = runs.Index().ToDictionary(run => run.Item, run => run.Index);
    private readonly Queue<int> _free = new();
    private readonly Lock _oneAtATime = new();
    private int _troubles;

    /// <summary>How a run stands, as far as this process knows.</summary>
    private enum Standing
    {
        Unknown,
        Free,
        Mine,
        Others,
        Done,
        Failed,
    }

    /// <summary>Runs that other workers have claimed.</summary>
    public int Others => Count(Standing.Others);

    /// <summary>Runs that are published.</summary>
    public int Done => Count(Standing.Done);

    /// <summary>Runs that failed.</summary>
    public int Failed => Count(Standing.Failed);

    /// <summary>Whether every claim of others was seen to go on, so that nothing waits for this process.</summary>
    public bool OthersLive
    {
        get
        {
            lock (_oneAtATime)
            {
                return _entries.All(entry => entry.Standing != Standing.Others || entry.WasSeenAlive);
            }
        }
    }

    /// <summary>Reads the folders: what is published, released or stale since the last time.</summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    public void Look()
    {
        lock (_oneAtATime)
        {
            // Claims first: a run that is published between the two readings is then seen as published.
            var claims = files.Names(StudyPart.Claims).Select(ClaimName.Read).OfType<ClaimName>()
                .Where(claim => _places.ContainsKey(claim.Run)).ToLookup(claim => _places[claim.Run]);
            var published = files.Names(StudyPart.Runs).Where(_places.ContainsKey).Select(run => _places[run]).ToHashSet();
            _free.Clear();
            foreach (var (index, entry) in _entries.Index())
            {
                if (entry.Standing is Standing.Mine or Standing.Done)
                {
                    continue;
                }

                if (published.Contains(index))
                {
                    entry.Standing = Standing.Done;
                    continue;
                }

                Judge(index, entry, [.. claims[index]]);
                if (entry.Standing == Standing.Free)
                {
                    _free.Enqueue(index);
                }
            }
        }
    }

    /// <summary>Claims the next run that is free; null: none is, as far as this process knows.</summary>
    /// <exception cref="RecordingException">No claim can be written.</exception>
    public HeldClaim? TryNext()
    {
        lock (_oneAtATime)
        {
            while (_free.TryDequeue(out var index))
            {
                if (Try(index) is { } claim)
                {
                    return claim;
                }
            }

            return null;
        }
    }

    /// <summary>Notes how a run of this process ended.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="isDone">Whether the run is published, by whomever.</param>
    /// <param name="hasFailed">Whether it failed; else it is for others to go on with.</param>
    public void Note(HeldClaim claim, bool isDone, bool hasFailed = false)
    {
        lock (_oneAtATime)
        {
            var entry = _entries[claim.Index];
            entry.Standing = isDone ? Standing.Done : hasFailed ? Standing.Failed : Standing.Others;
            entry.See(claim.Name.Number, null, clock);
        }
    }

    private HeldClaim? Try(int index)
    {
        var entry = _entries[index];
        var name = new ClaimName(runs[index], entry.Number + 1, ClaimEnd.None);
        try
        {
            // What was published late is not begun again.
            if (entry.Number > 0 && files.IsThere(StudyPart.Runs, name.Run))
            {
                entry.Standing = Standing.Done;
                return null;
            }

            var claim = HeldClaim.Try(files, name, index);
            _troubles = 0;
            if (claim is not null)
            {
                entry.Standing = Standing.Mine;
                return claim;
            }
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            // It may be claimed, and if nobody knows by whom, it stands still and is taken over. But who can claim nothing must not wait for
            // others for ever.
            if (++_troubles > MostTroubles)
            {
                throw new RecordingException($"claims/{name}", trouble);
            }
        }

        entry.Standing = Standing.Others;
        entry.See(name.Number, null, clock);
        return null;
    }

    private void Judge(int index, Entry entry, ClaimName[] claims)
    {
        // A claim that others cannot see yet is no reason to claim the same number again: that would fail.
        var number = Math.Max(entry.Number, claims.Select(claim => claim.Number).DefaultIfEmpty(0).Max());
        var ends = claims.Where(claim => claim.Number == number).Select(claim => claim.End).ToHashSet();
        if (number == 0 || ends.Contains(ClaimEnd.Released))
        {
            entry.Number = number;
            entry.Standing = Standing.Free;
        }
        else if (ends.Contains(ClaimEnd.Failed))
        {
            entry.Number = number;
            entry.Standing = Standing.Failed;
        }
        else
        {
            entry.Standing = Standing.Others;
            if (!entry.See(number, Content(new ClaimName(runs[index], number, ClaimEnd.None)), clock)
                && clock.GetElapsedTime(entry.Since) >= stale)
            {
                entry.Standing = Standing.Free;
            }
        }
    }

    private string? Content(ClaimName claim)
    {
        try
        {
            return files.Read(StudyPart.Claims, claim.ToString()) is { } bytes ? Convert.ToHexString(bytes) : null;
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            return null;
        }
    }

    private int Count(Standing standing)
    {
        lock (_oneAtATime)
        {
            return _entries.Count(entry => entry.Standing == standing);
        }
    }

    /// <summary>What is known of a run.</summary>
    private sealed class Entry
    {
        private string? _content;
        private bool _isKnown;

        public Standing Standing { get; set; }

        /// <summary>The highest claim that is known; 0: none.</summary>
        public int Number { get; set; }

        /// <summary>Since when that claim stands still, by our own clock.</summary>
        public long Since { get; private set; }

        /// <summary>Whether its counter has gone on before our eyes.</summary>
        public bool WasSeenAlive { get; private set; }

        /// <summary>Takes note of a claim.</summary>
        /// <param name="number">Its number.</param>
        /// <param name="content">Its content; null: it cannot be read, which is no sign of life.</param>
        /// <param name="clock">The clock.</param>
        /// <returns>Whether something is new.</returns>
        public bool See(int number, string? content, TimeProvider clock)
        {
            var isOther = !_isKnown || number != Number;
            var goesOn = !isOther && content is not null && content != _content;
            if (isOther || goesOn)
            {
                // What was never read before may have stood still for long: that it can be read is no sign of life.
                WasSeenAlive = goesOn && (_content is not null || WasSeenAlive);
                Since = clock.GetTimestamp();
            }

            (_isKnown, Number, _content) = (true, number, content ?? (isOther ? null : _content));
            return isOther || goesOn;
        }
    }
}
