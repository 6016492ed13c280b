using FeedbackAlignment.Cli;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Rules;
using YourOwnRule;

// The command `fa` with a rule of one's own beside the library's: compare, train, resume, tune, report, rules and all others know it.
return FaCommand.Run(args, Components.Standard with { Rules = RuleCatalog.Standard.With(SignFeedbackRule.Entry) });
