using System.Runtime.InteropServices;
using FeedbackAlignment.Cli;

// Ctrl-C, Ctrl-\, SIGTERM and a closed terminal end a training between two steps, so that what there is gets written down; the second time the process ends.
using var stop = new CancellationTokenSource();
PosixSignalRegistration[] signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];
var code = new FaCommand(Terminal.OfThisProcess()).Run(args, stop.Token);
foreach (var signal in signals)
{
    signal.Dispose();
}

return code;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
