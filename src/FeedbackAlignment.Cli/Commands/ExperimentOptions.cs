using System.CommandLine;
using System.Globalization;
using FeedbackAlignment.Cli.Live;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>How to run an experiment, apart from what it is.</summary>
/// <param name="Name">Of the command, for the default folder.</param>
/// <param name="DataFolder">Where data files lie; null: where the environment says.</param>
/// <param name="Out">The folder for what it leaves behind; null: a new one under <c>runs/</c>.</param>
/// <param name="Quiet">Whether to show no progress.</param>
/// <param name="Json">Whether to print the results as JSON and nothing else.</param>
/// <param name="CheckpointEvery">Examples from one checkpoint to the next; null: only at a stop.</param>
/// <param name="Anew">Whether runs begin anew that cannot go on from their checkpoints.</param>
/// <param name="Page">How to show the live page; null: there is none.</param>
/// <param name="Against">The rule that paired tests compare the others with; null: the usual one.</param>
internal sealed record ExperimentSettings(
    string Name, string? DataFolder, string? Out, bool Quiet, bool Json, long? CheckpointEvery = null, bool Anew = false,
    LiveSettings? Page = null, string? Against = null)
{
    /// <summary>Starts the live page, if it was asked for; it ends when it is disposed of.</summary>
    /// <param name="terminal">Where to say where it is: not where JSON is printed.</param>
    /// <param name="folder">The folder to show.</param>
    public LivePage? StartPage(Terminal terminal, string folder) => Page?.Start(Json ? terminal.Side : terminal.Output, folder);

    /// <summary>How long to wait for another process of the same training that does not answer.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>How runs are kept.</summary>
    /// <param name="terminal">Where notices go.</param>
    public ExperimentKeeping Keeping(Terminal terminal) => new()
    {
        CheckpointEvery = CheckpointEvery,
        DataFolder = FullPath(terminal.DataFolder(DataFolder)),
        Anew = Anew,
        Notice = terminal.Notice,
    };

    /// <summary>The folder may be named by a damaged resume.json.</summary>
    private static string FullPath(string folder) => folder.Contains('\0', StringComparison.Ordinal)
        ? throw new BadInputException(
            $"{ForeignText.Quoted(folder)} cannot be the folder of the data: no path has a null character; name another with --data-dir")
        : Path.GetFullPath(folder);
}

/// <summary>The options that go with every command that runs an experiment.</summary>
/// <param name="takesFolder">Whether the user chooses the folder for what it leaves behind.</param>
/// <param name="folder">What the folder is for that it leaves behind.</param>
/// <param name="results">The file of its results.</param>
/// <param name="runsOnRanks">Whether several processes can carry it out together.</param>
internal sealed class ExperimentOptions(
    bool takesFolder = true, string folder = "New folder for the results of the experiment.", string results = "results.json",
        bool runsOnRanks = false)
{
    private const int DefaultPatience = 600;

    private readonly Option<string?> _patience = new("--rank-timeout")
    {
        Description = "Where mpirun or srun started several processes: seconds after which one that does not answer ends all. "
            + $"[default: {DefaultPatience}]",
        HelpName = "seconds",
    };

    private readonly Option<string?> _out = new("--out") { Description = $"{folder} [default: runs/NAME-DATE-TIME]", HelpName = "folder" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Show no progress." };
    private readonly Option<string?> _checkpointEvery = new("--checkpoint-every")
    {
        Description = "Write a checkpoint of each run every N examples. After a power cut `fa resume` continues from the newest one. "
            + "Results do not change. [default: only when you stop the command]",
        HelpName = "N",
    };

    private readonly Option<bool> _live = new("--live") { Description = "Show the runs in the browser while they go on." };
    private readonly LiveOptions _page = new();
    private readonly Option<bool> _json = new("--json") { Description = $"Print only {results} to standard output." };

    public void AddTo(Command command)
    {
        command.Options.Add(DataFolderOption.New());
        if (takesFolder)
        {
            command.Options.Add(_out);
        }

        command.Options.Add(_checkpointEvery);
        command.Options.Add(
            takesFolder ? ArithmeticOption.New() : ArithmeticOption.New("that of what is continued, the only one possible"));
        command.Options.Add(_quiet);
        command.Options.Add(_json);
        command.Options.Add(_live);
        _page.AddTo(command);
        if (runsOnRanks)
        {
            command.Options.Add(_patience);
        }
    }

    public ExperimentSettings Read(ParseResult parsed, string name)
        => new(
            name,
            DataFolderOption.Of(parsed),
            takesFolder ? parsed.GetValue(_out) : null,
            parsed.GetValue(_quiet),
            parsed.GetValue(_json),
            CheckpointEvery(parsed.GetValue(_checkpointEvery)),
            Page: _page.Read(parsed, parsed.GetValue(_live)))
        {
            Patience = TimeSpan.FromSeconds(runsOnRanks ? Seconds(parsed.GetValue(_patience)) : DefaultPatience),
        };

    private static int Seconds(string? text)
        => text is null ? DefaultPatience
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 1_000_000 ? seconds
        : throw new BadInputException($"--rank-timeout: must be a number of seconds from 1 to 1000000, was \"{text}\"");

    public static long? CheckpointEvery(string? text)
        => text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var examples) && examples >= 1 ? examples
        : throw new BadInputException($"--checkpoint-every: must be a number of examples ≥ 1, was \"{text}\"");
}

/// <summary><c>--data-dir</c>, which several commands have.</summary>
internal static class DataFolderOption
{
    private const string Name = "--data-dir";

    /// <summary>A new one: an option keeps all commands that it was ever added to.</summary>
    public static Option<string?> New() => new(Name)
    {
        Description = $"Folder that contains the data, e.g. MNIST in its subfolder `mnist`. [default: ${DataDirectory.Variable}, "
            + "else ./data]",
        HelpName = "folder",
    };

    /// <summary>What was typed; null: nothing.</summary>
    public static string? Of(ParseResult parsed) => parsed.GetValue<string?>(Name);
}
