using System.Runtime.InteropServices;
using FeedbackAlignment.Experiments.Files;

namespace FeedbackAlignment.Cli;

/// <summary>
/// Ctrl-C, Ctrl-\, SIGTERM, a closed terminal and, on Linux, SIGUSR1 end the program. A training stops between two steps, so that what
/// there is gets written down. All else has a moment to stop by itself and is then broken off, whatever it waits for: files are written
/// aside, so none is left half written. The second signal ends the program at once.
/// </summary>
internal sealed class Stop : IDisposable
{
    /// <summary>A file has come to the limit of <c>ulimit -f</c>. Where nobody dies of it, the writing fails as on a full disk.</summary>
    private const PosixSignal FileTooLong = (PosixSignal)25;

    /// <summary>SIGUSR1, by which Slurm tells a worker that its time is over soon. Its number is Linux's.</summary>
    private const PosixSignal EndIsNear = (PosixSignal)10;

    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source = new();
    private readonly Terminal _terminal;
    private readonly PosixSignalRegistration[] _signals;
    private readonly Timer _timer;

    public Stop(Terminal terminal)
    {
        _terminal = terminal;
        _timer = new Timer(_ => BreakOff());
        PosixSignal[] signals =
        [
            PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP,
            .. OperatingSystem.IsLinux() ? [EndIsNear] : (PosixSignal[])[],
        ];
        _signals =
        [
            .. signals.Select(signal => PosixSignalRegistration.Create(signal, Ask)),
            .. OperatingSystem.IsWindows() ? Array.Empty<PosixSignalRegistration>()
                : [PosixSignalRegistration.Create(FileTooLong, signal => signal.Cancel = true)],
        ];
    }

    /// <summary>Asks what is going on to stop.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _timer.Dispose();
        _source.Dispose();
    }

    private void Ask(PosixSignalContext signal)
    {
        signal.Cancel = !_source.IsCancellationRequested;
        _timer.Change(_moment, _moment);
        _source.Cancel();
    }

    private void BreakOff()
    {
        if (!_terminal.Work.IsGoingOn)
        {
            NamedOutput.DeleteUnfinished();
            _terminal.TellStopped();
            _terminal.Error.Flush();
            Environment.Exit(ExitCode.Failed);
        }
    }
}
