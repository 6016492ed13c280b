namespace FeedbackAlignment.Experiments.Studies;

/// <summary>Keeps the claims of this process alive, from a thread of its own: a training may take all others.</summary>
internal sealed class Heartbeat : IDisposable
{
    /// <summary>Beats in the time after which a claim is stale.</summary>
    public const int BeatsPerLease = 4;

    private readonly List<HeldClaim> _claims = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <param name="stale">The time without a beat after which others may take over.</param>
    public Heartbeat(TimeSpan stale)
    {
        _thread = new Thread(() =>
        {
            while (!_stop.Wait(stale / BeatsPerLease))
            {
                foreach (var claim in Claims())
                {
                    claim.Beat();
                }
            }
        })
        {
            IsBackground = true,
            Name = "heartbeat",
            Priority = ThreadPriority.AboveNormal,
        };
        _thread.Start();
    }

    public void Add(HeldClaim claim)
    {
        lock (_claims)
        {
            _claims.Add(claim);
        }
    }

    public void Remove(HeldClaim claim)
    {
        lock (_claims)
        {
            _claims.Remove(claim);
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private HeldClaim[] Claims()
    {
        lock (_claims)
        {
            return [.. _claims];
        }
    }
}
