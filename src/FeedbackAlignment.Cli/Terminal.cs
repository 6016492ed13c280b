using System.Reflection;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Experiments.Studies.Clusters;
using FeedbackAlignment.Texts;
using FeedbackAlignment.Training;
using Spectre.Console;

namespace FeedbackAlignment.Cli;

/// <summary>
/// The world as a command sees it: where it prints, and what it may ask. Nothing that is printed can give a terminal commands, whatever
/// stands in it.
/// </summary>
internal sealed class Terminal
{
    private bool _hasToldStopped, _isMute;

    /// <summary>For results: standard output, with colors where a person looks.</summary>
    public required IAnsiConsole Output
    {
        get;
        init => field = Printable(value);
    }

    /// <summary>For progress while another program may read standard output.</summary>
    public required IAnsiConsole Side
    {
        get;
        init => field = Printable(value);
    }

    /// <summary>Standard output as plain text, for JSON and help.</summary>
    public required TextWriter PlainOutput
    {
        get;
        init => field = PrintableWriter.To(value, () => _isMute);
    }

    /// <summary>Standard error: one line for each mistake.</summary>
    public required TextWriter Error
    {
        get;
        init => field = PrintableWriter.To(value, () => _isMute);
    }

    /// <summary>Opens standard input.</summary>
    public Func<Stream> Input { get; init; } = Console.OpenStandardInput;

    /// <summary>Environment variables.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>
    /// What to type for <c>fa</c>, where that is no command: the program was started by <c>dotnet run</c>, say. Null: it is one.
    /// </summary>
    public string? StandsForFa { get; init; }

    /// <summary>The words that start this program again, by absolute paths.</summary>
    public IReadOnlyList<string> Program { get; init; } = [CommandName.Fa];

    /// <summary>Calls Slurm's commands.</summary>
    public SlurmTools Slurm { get; init; } = new();

    /// <summary>What must not be broken off when the program is asked to stop.</summary>
    public WorkInProgress Work { get; } = new();

    /// <summary>What specs, options and commands can name.</summary>
    public Components Components { get; init; } = Components.Standard;

    /// <summary>For seconds and dates.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Joins the processes that a launcher has started, given how long to wait for one that does not answer.</summary>
    public Func<Launcher, TimeSpan, IRanks> JoinRanks { get; init; }
        = (launcher, patience) => MpiRanks.Join(launcher, patience, TimeProvider.System);

    /// <summary>What is to be done when an error has been told: the other processes may wait for this one. Null: nothing.</summary>
    public Action<int>? AfterTrouble { get; set; }

    /// <summary>Whether nothing is printed: this is one of several processes, and another prints.</summary>
    public bool IsMute
    {
        get => _isMute;
        set => _isMute = value;
    }

    /// <summary>The folder with data files.</summary>
    /// <param name="chosen">What the user said, if anything.</param>
    public string DataFolder(string? chosen) => DataDirectory.Resolve(chosen, Variable(DataDirectory.Variable));

    /// <summary>
    /// Tells the user something in a line of standard error, beside what was asked for, or what is wrong with that. Several threads may
    /// tell at once. What is longer than <see cref="ForeignText.LongestMessage"/> is cut.
    /// </summary>
    public void Notice(string line)
    {
        lock (Error)
        {
            Error.WriteLine(ForeignText.Line($"fa: {line}", ForeignText.LongestMessage));
        }
    }

    /// <summary>
    /// Tells the user that somebody stopped the command: once, for it may end by itself at the moment in which it is broken off.
    /// </summary>
    public void TellStopped()
    {
        if (!Interlocked.Exchange(ref _hasToldStopped, true))
        {
            Notice("stopped");
        }
    }

    /// <summary>
    /// Whether a console can show what is drawn again and again in the same place: a person looks at it, and it knows the control
    /// sequences for that.
    /// </summary>
    public static bool CanDrawAgain(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        return console.Profile is { Capabilities: { Interactive: true, Ansi: true }, Out.IsTerminal: true };
    }

    private IAnsiConsole Printable(IAnsiConsole console)
    {
        console.Pipeline.Attach(new PrintableHook(() => _isMute));
        return console;
    }

    public static Terminal OfThisProcess(Components components)
    {
        if (!StandardStreams.IsOpen(1))
        {
            Console.SetOut(TextWriter.Null);
        }
        else if (!Console.IsOutputRedirected)
        {
            Console.SetOut(new StreamWriter(new TerminalStream(Console.OpenStandardOutput()), Console.OutputEncoding) { AutoFlush = true });
        }

        if (!StandardStreams.IsOpen(2))
        {
            Console.SetError(TextWriter.Null);
        }
        else if (!Console.IsErrorRedirected)
        {
            Console.SetError(new StreamWriter(new TerminalStream(Console.OpenStandardError()), Console.OutputEncoding) { AutoFlush = true });
        }

        return new()
        {
            Components = components,
            Output = AnsiConsole.Console,
            Side = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
            PlainOutput = Console.Out,
            Error = Console.Error,
            Variable = Environment.GetEnvironmentVariable,
            Program = CommandName.Words(
                Environment.ProcessPath ?? CommandName.Fa, AppContext.BaseDirectory,
                Assembly.GetEntryAssembly()?.GetName().Name ?? CommandName.Fa),
            StandsForFa = CommandName.StandsForFa(
                Environment.GetEnvironmentVariable("PATH") ?? "",
                AppContext.BaseDirectory,
                Environment.ProcessPath ?? CommandName.Fa,
                Assembly.GetEntryAssembly()?.GetName().Name ?? CommandName.Fa),
        };
    }
}
