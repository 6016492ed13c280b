using System.Runtime.InteropServices;
using FeedbackAlignment.Cli;

// Ctrl-C and SIGTERM end a training between two steps, so that what there is gets written down; a second Ctrl-C ends the process.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return new FaCommand(Terminal.OfThisProcess()).Run(args, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
