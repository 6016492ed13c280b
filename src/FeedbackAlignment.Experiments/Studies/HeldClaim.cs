using System.Security.Cryptography;
using System.Text;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>A run that this process has claimed.</summary>
internal sealed class HeldClaim : IDisposable
{
    private const int TokenBytes = 6;

    private readonly IStudyFiles _files;
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _beating = new();
    private Lease _lease;
    private bool _ended;

    private HeldClaim(IStudyFiles files, ClaimName name, int index, Lease lease)
        => (_files, Name, Index, _lease) = (files, name, index, lease);

    /// <summary>Run and number.</summary>
    public ClaimName Name { get; }

    /// <summary>The run's place in the order of work.</summary>
    public int Index { get; }

    /// <summary>The folder that only this attempt writes in.</summary>
    public string Attempt => _lease.Attempt;

    /// <summary>Is cancelled when another worker has taken the run over.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Claims a run; null: somebody else was first.</summary>
    /// <param name="files">The study's files.</param>
    /// <param name="name">Run and number.</param>
    /// <param name="index">The run's place in the order of work.</param>
    /// <exception cref="IOException">It may be claimed, by whom nobody knows: that claim will go stale.</exception>
    public static HeldClaim? Try(IStudyFiles files, ClaimName name, int index)
    {
        var lease = Lease.New($"{name}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes))}");
        return files.Create(StudyPart.Claims, name.ToString(), lease.ToBytes()) ? new HeldClaim(files, name, index, lease) : null;
    }

    /// <summary>Tells others that this process lives, and looks whether one of them has taken the run over.</summary>
    public void Beat()
    {
        lock (_beating)
        {
            if (_ended)
            {
                return;
            }

            try
            {
                _lease = _lease.Next();
                _files.Overwrite(StudyPart.Claims, Name.ToString(), _lease.ToBytes());
                if (_files.IsThere(StudyPart.Claims, (Name with { Number = Name.Number + 1 }).ToString()))
                {
                    _lost.Cancel();
                }
            }
            catch (Exception trouble) when (RecordingException.IsCause(trouble))
            {
                // The next beat may come through. If none does, another worker takes over, and nothing is lost but time.
            }
        }
    }

    /// <summary>Leaves the run to whoever comes next.</summary>
    public void Release() => End(ClaimEnd.Released, "");

    /// <summary>Records that the run failed.</summary>
    /// <param name="reason">Why, in one line.</param>
    public void Fail(string reason) => End(ClaimEnd.Failed, reason);

    /// <summary>Makes the attempt the run.</summary>
    /// <returns>Whether it is; false: another worker has published it.</returns>
    public bool Publish()
    {
        var isOurs = _files.Publish(Attempt, Name.Run);
        Stop();
        return isOurs;
    }

    public void Dispose()
    {
        Stop();
        _lost.Dispose();
    }

    private void End(ClaimEnd end, string text)
    {
        Stop();
        _files.Create(StudyPart.Claims, (Name with { End = end }).ToString(), Encoding.UTF8.GetBytes($"{text}\n"));
    }

    private void Stop()
    {
        lock (_beating)
        {
            _ended = true;
        }
    }
}
