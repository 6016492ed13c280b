using FeedbackAlignment.Cli;
using FeedbackAlignment.Experiments;

return FaCommand.Run(args, Components.Standard);
