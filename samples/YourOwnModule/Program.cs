using FeedbackAlignment.Cli;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Networks;
using YourOwnModule;

// The command `fa` with a module and an activation of one's own beside the library's: a row of modules names them, every rule trains them,
// and import, export, resume, evaluate and all other commands know them.
return FaCommand.Run(args, Components.Standard with
{
    Modules = ModuleEntry.Standard.With(Gain.Entry),
    Activations = Activation.Standard.With(Softsign.Activation),
});
