using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using FeedbackAlignment.Cli.Commands;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli;

/// <summary>The command <c>fa</c>: parses, runs a subcommand, and turns what goes wrong into one line and an exit code.</summary>
internal sealed class FaCommand(Terminal terminal)
{
    private readonly Option<bool> _debug = new("--debug")
    {
        Description = "Show the stack trace of an error.",
        Recursive = true,
    };

    public int Run(string[] args, CancellationToken cancellation)
    {
        var parsed = Root(cancellation).Parse(args);
        var asksForHelp = parsed.GetResult("--help") is OptionResult { Implicit: false };
        if (!asksForHelp && CommandLineMistakes.Of(parsed) is { Count: > 0 } mistakes)
        {
            return Fail(mistakes, ExitCode.BadInput);
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.PlainOutput,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception trouble)
        {
            return Report(trouble, parsed.GetValue(_debug));
        }
    }

    private Command Root(CancellationToken cancellation)
    {
        var help = new TeachingHelp(terminal.Output.Profile.Width);

        // Not a RootCommand: that one is called as the program that happens to host it.
        var root = new Command(
            "fa",
            "Trains neural networks whose errors travel back through fixed random weights (feedback alignment, Lillicrap et al. 2014), "
            + "and compares them with backpropagation.\n\nStart with:  fa compare")
        {
            CompareCommand.Create(terminal, cancellation),
            TrainCommand.Create(terminal, cancellation),
            ResumeCommand.Create(terminal, cancellation),
            TuneCommand.Create(terminal, cancellation),
            RulesCommand.Create(terminal),
            DataCommand.Create(terminal, cancellation),
            ReportCommand.Create(terminal),
            RunsCommand.Create(terminal),
            ShowCommand.Create(terminal),
            DiffCommand.Create(terminal),
            ReproduceCommand.Create(terminal, cancellation),
            ExportCommand.Create(terminal),
            ImportCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            BenchCommand.Create(terminal, BenchPlans.Standard, cancellation),
            _debug,
            new HelpOption { Action = help },
            new VersionOption { Action = new ShowVersion() },
        };

        // A command that only has subcommands answers with its help.
        foreach (var group in (Command[])[root, .. root.Subcommands.Where(command => command.Subcommands.Count > 0)])
        {
            group.Action = help;
        }

        return root;
    }

    private int Report(Exception trouble, bool debug)
    {
        // An exception from a run comes out of the parallel loop wrapped.
        var cause = trouble is AggregateException { InnerExceptions: [var only, ..] } ? only : trouble;
        var code = cause switch
        {
            SpecException spec => Fail(spec.Problems.Select(problem => problem.ToString()), ExitCode.BadInput),
            DataFormatException or DataSourceException or FolderException or BadInputException => Fail([cause.Message], ExitCode.BadInput),
            InterruptedException => Fail([cause.Message], ExitCode.Failed),
            OperationCanceledException => Fail(["stopped"], ExitCode.Failed),
            _ => Fail([$"something went wrong: {cause.Message}{(debug ? "" : " (--debug shows where)")}"], ExitCode.Failed),
        };
        if (debug)
        {
            terminal.Error.WriteLine(ForeignText.Lines(trouble.ToString().ReplaceLineEndings("\n")));
        }

        return code;
    }

    private int Fail(IEnumerable<string> mistakes, int code)
    {
        string[] lines = [.. mistakes];
        foreach (var line in lines)
        {
            terminal.Notice(line);
        }

        if (terminal.StandsForFa is { } here && lines.Any(line => line.Contains("`fa ", StringComparison.Ordinal) || line.Contains(": fa ", StringComparison.Ordinal)))
        {
            terminal.Notice(CommandName.Line(here));
        }

        return code;
    }
}
