using System.CommandLine;
using System.Globalization;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>How to work on a study, apart from what it is.</summary>
/// <param name="DataFolder">Where data files lie; null: where the study or the environment says.</param>
/// <param name="CheckpointEvery">Examples from one checkpoint to the next; null: what the study says.</param>
/// <param name="Quiet">Whether to show no progress.</param>
/// <param name="Most">The most runs to claim; null: all.</param>
/// <param name="Time">The time after which to stop; null: none.</param>
/// <param name="Threads">Threads for each run; null: what the study says.</param>
internal sealed record WorkerSettings(
    string? DataFolder, long? CheckpointEvery, bool Quiet, int? Most = null, TimeSpan? Time = null, int? Threads = null)
{
    /// <summary>How to show the live page; null: there is none.</summary>
    public LiveSettings? Page { get; init; }

    /// <summary>Where other workers are to do it; null: it is done here.</summary>
    public ClusterSettings? Cluster { get; init; }
}

/// <summary>The options of <c>fa study</c> and <c>fa work</c>.</summary>
internal sealed class WorkerOptions
{
    private readonly Option<string?> _checkpointEvery = new("--checkpoint-every")
    {
        Description = "Write a checkpoint of each run every N examples, from which another worker goes on if this one is killed. "
            + "[default: only when you stop the command]",
        HelpName = "N",
    };

    private readonly Option<bool> _quiet = new("--quiet") { Description = "Show no progress." };
    private readonly Option<int?> _most = new("--most") { Description = "Claim at most N runs, then stop.", HelpName = "N" };
    private readonly Option<string?> _minutes = new("--minutes")
    {
        Description = "Stop after M minutes, with a checkpoint of what is going on; the next worker continues from it.",
        HelpName = "M",
    };

    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "Threads for each run. They change the speed, not the results. [default: 1]",
        HelpName = "N",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(DataFolderOption.New());
        command.Options.Add(_checkpointEvery);
        command.Options.Add(_most);
        command.Options.Add(_minutes);
        command.Options.Add(_threads);
        command.Options.Add(ArithmeticOption.New("that of the study, the only one possible; fused for a new one"));
        command.Options.Add(_quiet);
    }

    public WorkerSettings Read(ParseResult parsed) => new(
        DataFolderOption.Of(parsed),
        ExperimentOptions.CheckpointEvery(parsed.GetValue(_checkpointEvery)),
        parsed.GetValue(_quiet),
        AtLeastOne(parsed.GetValue(_most), "--most"),
        parsed.GetValue(_minutes) is { } minutes ? Time(minutes, "--minutes", TimeSpan.FromMinutes) : null,
        AtLeastOne(parsed.GetValue(_threads), "--threads"));

    /// <summary>A time that was typed.</summary>
    public static TimeSpan Time(string text, string option, Func<double, TimeSpan> unit)
    {
        const double most = 1e6;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= most
            ? unit(number) : throw new BadInputException($"{option}: must be a number > 0 and ≤ {most:0}, was \"{text}\"");
    }

    private static int? AtLeastOne(int? number, string option)
        => number is < 1 ? throw new BadInputException($"{option}: must be at least 1, was {number}") : number;
}
