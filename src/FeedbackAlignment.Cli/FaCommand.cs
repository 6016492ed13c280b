using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using FeedbackAlignment.Cli.Commands;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Texts;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Cli;

/// <summary>
/// The command <c>fa</c>: parses, runs a subcommand, and turns what goes wrong into one line and an exit code. A program of one's own can
/// be this command with rules of its own; samples/YourOwnRule is one.
/// </summary>
public sealed class FaCommand
{
    private readonly Terminal _terminal;

    private readonly Option<bool> _debug = new("--debug")
    {
        Description = "Show the stack trace of an error.",
        Recursive = true,
    };

    private readonly Option<string?> _maxMemory = new(MemoryLimit.Name)
    {
        Description = "Memory that may be used, e.g. 4GB or 500MB. What would need more is refused. [default: 75 % of the memory]",
        HelpName = "size",
        Recursive = true,
    };

    internal FaCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Runs it as the whole of this process: on its console, and until it is done or somebody stops it.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="components">What specs, options and commands can name.</param>
    /// <returns>The exit code: 0, done; 1, something went wrong or was stopped; 2, this cannot be done as it was asked.</returns>
    /// <remarks>
    /// Where nobody has limited the memory of the process, three quarters of the machine's is the limit from here on, as of <c>fa</c>.
    /// </remarks>
    public static int Run(string[] args, Components components)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(components);
        _ = components.Parts; // Refuses a word with two meanings before anybody types it.
        MemoryLimit.SetDefault();
        var terminal = Terminal.OfThisProcess(components);
        using var stop = new Stop(terminal);
        return new FaCommand(terminal).Run(args, stop.Token);
    }

    internal int Run(string[] args, CancellationToken cancellation)
    {
        var parsed = Root(cancellation).Parse(args);
        var asksForHelp = parsed.GetResult("--help") is OptionResult { Implicit: false };
        if (!asksForHelp && CommandLineMistakes.Of(parsed) is { Count: > 0 } mistakes)
        {
            return Fail(mistakes, ExitCode.BadInput);
        }

        try
        {
            if (parsed.GetValue(_maxMemory) is { } size)
            {
                MemoryLimit.Set(size);
            }

            ArithmeticOption.Apply(parsed);
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = _terminal.PlainOutput,
                Error = _terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception trouble)
        {
            var code = Report(trouble, parsed.GetValue(_debug));
            _terminal.AfterTrouble?.Invoke(code);
            return code;
        }
    }

    private Command Root(CancellationToken cancellation)
    {
        var help = new TeachingHelp(_terminal.Output.Profile.Width);

        // Not a RootCommand: that one is called as the program that happens to host it.
        var root = new Command(
            "fa",
            "Trains neural networks whose errors travel back through fixed random weights (feedback alignment, Lillicrap et al. 2014), "
            + "and compares them with backpropagation.\n\nStart with:  fa compare")
        {
            CompareCommand.Create(_terminal, cancellation),
            TrainCommand.Create(_terminal, cancellation),
            ResumeCommand.Create(_terminal, cancellation),
            TuneCommand.Create(_terminal, cancellation),
            StudyCommand.Create(_terminal, cancellation),
            WorkCommand.Create(_terminal, cancellation),
            RulesCommand.Create(_terminal),
            DataCommand.Create(_terminal, cancellation),
            ReportCommand.Create(_terminal),
            WatchCommand.Create(_terminal, cancellation),
            PlaygroundCommand.Create(_terminal, cancellation),
            RunsCommand.Create(_terminal),
            ShowCommand.Create(_terminal),
            DiffCommand.Create(_terminal),
            ReproduceCommand.Create(_terminal, cancellation),
            ExportCommand.Create(_terminal),
            ImportCommand.Create(_terminal),
            EvaluateCommand.Create(_terminal),
            RobustnessCommand.Create(_terminal),
            SimilarityCommand.Create(_terminal),
            PredictCommand.Create(_terminal),
            PipelineCommand.Create(_terminal),
            BenchCommand.Create(_terminal, BenchPlans.Standard, cancellation),
            _debug,
            _maxMemory,
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
            DataFormatException or DataSourceException or FolderException or BadInputException or MpiException or DisagreementException
                => Fail([cause.Message], ExitCode.BadInput),
            InterruptedException or RanksException => Fail([cause.Message], ExitCode.Failed),
            _ when MemoryLimit.IsExhausted(trouble) => Fail([MemoryLimit.Exhausted], ExitCode.BadInput),
            OperationCanceledException => Stopped(),
            _ => Fail([$"something went wrong: {cause.Message}{(debug ? "" : " (--debug shows where)")}"], ExitCode.Failed),
        };
        if (debug)
        {
            _terminal.Error.WriteLine(ForeignText.Lines(trouble.ToString().ReplaceLineEndings("\n")));
        }

        return code;
    }

    private int Stopped()
    {
        _terminal.TellStopped();
        return ExitCode.Failed;
    }

    private int Fail(IEnumerable<string> mistakes, int code)
    {
        string[] lines = [.. mistakes];
        foreach (var line in lines)
        {
            _terminal.Notice(line);
        }

        if (_terminal.StandsForFa is { } here
            && lines.Any(line => line.Contains("`fa ", StringComparison.Ordinal) || line.Contains(": fa ", StringComparison.Ordinal)))
        {
            _terminal.Notice(CommandName.Line(here));
        }

        return code;
    }
}
