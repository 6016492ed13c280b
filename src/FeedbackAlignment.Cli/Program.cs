using FeedbackAlignment.Cli;

var terminal = Terminal.OfThisProcess();
using var stop = new Stop(terminal);
return new FaCommand(terminal).Run(args, stop.Token);
