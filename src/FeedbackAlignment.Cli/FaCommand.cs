using System.CommandLine;
using FeedbackAlignment.Cli.Commands;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Cli;

/// <summary>The command <c>fa</c>: parses, runs a subcommand, and turns what goes wrong into one line and an exit code.</summary>
internal sealed class FaCommand(Terminal terminal)
{
    private readonly Option<bool> _debug = new("--debug")
    {
        Description = "Show the stack trace when something goes wrong.",
        Recursive = true,
    };

    public int Run(string[] args, CancellationToken cancellation)
    {
        var parsed = Root(cancellation).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.Error.WriteLine($"fa: {error.Message}");
            }

            terminal.Error.WriteLine($"fa: `{CommandPath(parsed)} --help` shows what there is");
            return ExitCode.BadInput;
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

    private RootCommand Root(CancellationToken cancellation) => new(
        """
        Trains neural networks whose errors travel back through random weights that never learn (feedback alignment,
        Lillicrap et al. 2014), side by side with backpropagation, and shows what happens.

        Start with:  fa compare
        """)
    {
        CompareCommand.Create(terminal, cancellation),
        TrainCommand.Create(terminal, cancellation),
        RulesCommand.Create(terminal),
        DataCommand.Create(terminal, cancellation),
        ReportCommand.Create(terminal),
        _debug,
    };

    private int Report(Exception trouble, bool debug)
    {
        // An exception from a run comes out of the parallel loop wrapped.
        var cause = trouble is AggregateException { InnerExceptions: [var only] } ? only : trouble;
        var (lines, code) = cause switch
        {
            SpecException spec => (spec.Problems.Select(problem => problem.ToString()), ExitCode.BadInput),
            DataFormatException or DataSourceException or FolderException or BadInputException => ([cause.Message], ExitCode.BadInput),
            _ => ([$"something went wrong: {cause.Message} (--debug shows where)"], ExitCode.Failed),
        };
        foreach (var line in lines)
        {
            terminal.Error.WriteLine($"fa: {line}");
        }

        if (debug)
        {
            terminal.Error.WriteLine(trouble);
        }

        return code;
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, result.Command is RootCommand ? "fa" : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
