using System.CommandLine;
using System.CommandLine.Parsing;
using FeedbackAlignment.Experiments.Studies.Clusters;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>Where the workers of a study are to run, other than here.</summary>
internal enum ClusterKind
{
    /// <summary>Slurm: an array of workers.</summary>
    Slurm,

    /// <summary>Lines for GNU parallel, xargs or a shell.</summary>
    Commands,

    /// <summary>An Indexed Job of Kubernetes.</summary>
    Kubernetes,
}

/// <summary>The options of <c>fa study</c> that leave the work to workers elsewhere.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<bool> _slurm = new("--slurm") { Description = "Submit an array of workers to Slurm, and do not work here." };
    private readonly Option<bool> _commands = new("--commands")
    {
        Description = "Print a command for each run that is left, for GNU parallel or xargs; with --tasks, for each worker.",
    };

    private readonly Option<bool> _kubernetes = new("--kubernetes") { Description = "Print an Indexed Job of Kubernetes; needs --print." };
    private readonly Option<bool> _print = new("--print") { Description = "Print the script or job, and submit nothing." };
    private readonly Option<int?> _tasks = new("--tasks") { Description = "Workers to ask for.", HelpName = "N" };
    private readonly Option<int?> _throttle = new("--throttle")
    {
        Description = "The most workers that run at the same time.",
        HelpName = "N",
    };

    private readonly Option<int?> _processors = new("--cpus") { Description = "Processors for each worker. [default: 1]", HelpName = "N" };
    private readonly Option<string?> _time = Text("--time",
        "Time of a worker, as Slurm writes it: 30 (minutes), 2:00:00, 1-12 (days-hours).", "time");
    private readonly Option<string?> _memory = Text("--mem", "Memory of a worker, e.g. 4G.", "size");
    private readonly Option<string?> _partition = Text("--partition", "Slurm's partition.", "name");
    private readonly Option<string?> _account = Text("--account", "Slurm's account.", "name");
    private readonly Option<string?> _qos = Text("--qos", "Slurm's quality of service.", "name");
    private readonly Option<string?> _constraint = Text("--constraint", "Features that nodes must have, as Slurm writes them.", "features");
    private readonly Option<string?> _more = Text("--sbatch-args", "Further arguments of sbatch, e.g. \"--mail-type=END\".", "arguments");
    private readonly Option<string?> _image = Text("--image", "With --kubernetes: the container image, with fa on its path.", "image");
    private readonly Option<string?> _volume = Text("--volume-claim",
        "With --kubernetes: the claim of the volume with the study and the data.", "name");
    private readonly Option<string?> _mount = Text("--mount", "With --kubernetes: where the volume is; the study's folder lies in it.",
        "path");

    private Option[] All =>
    [
        _slurm, _commands, _kubernetes, _print, _tasks, _throttle, _processors, _time, _memory, _partition, _account, _qos, _constraint,
        _more, _image, _volume, _mount,
    ];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked for; null: the work is to be done here.</summary>
    /// <exception cref="BadInputException">The options do not fit one another.</exception>
    public ClusterSettings? Read(ParseResult parsed)
    {
        ClusterKind[] kinds =
        [
            .. parsed.GetValue(_slurm) ? [ClusterKind.Slurm] : (ClusterKind[])[],
            .. parsed.GetValue(_commands) ? [ClusterKind.Commands] : (ClusterKind[])[],
            .. parsed.GetValue(_kubernetes) ? [ClusterKind.Kubernetes] : (ClusterKind[])[],
        ];
        if (kinds.Length > 1)
        {
            throw new BadInputException("--slurm, --commands and --kubernetes: choose one of them");
        }

        Option[] own = [_slurm, _commands, _kubernetes];
        Option[] fitting = kinds switch
        {
            [ClusterKind.Slurm] => [_print, _tasks, _throttle, _processors, _time, _memory, _partition, _account, _qos, _constraint, _more],
            [ClusterKind.Commands] => [_tasks],
            [ClusterKind.Kubernetes] => [_print, _tasks, _throttle, _processors, _memory, _image, _volume, _mount],
            _ => [],
        };
        if (All.Except(own).Except(fitting)
            .FirstOrDefault(option => parsed.GetResult(option) is OptionResult { Implicit: false }) is { } stray)
        {
            throw new BadInputException(
                $"{stray.Name}: {(kinds.Length == 0 ? "is for workers elsewhere; add --slurm, --commands or --kubernetes" : $"does not go with --{kinds[0].ToString().ToLowerInvariant()}; leave it out")}");
        }

        if (kinds.Length == 0)
        {
            return null;
        }

        var isCommands = kinds[0] == ClusterKind.Commands;
        Require(isCommands || parsed.GetValue(_tasks) is not null, "--tasks", "say how many workers to ask for");
        if (kinds[0] == ClusterKind.Kubernetes)
        {
            Require(parsed.GetValue(_print), "--kubernetes", "nothing is submitted, the job is only printed; add --print");
            foreach (var option in (Option<string?>[])[_image, _volume, _mount])
            {
                Require(!string.IsNullOrWhiteSpace(parsed.GetValue(option)), option.Name, "is needed for a job of Kubernetes");
            }
        }

        return new ClusterSettings
        {
            Kind = kinds[0],
            PrintsOnly = isCommands || parsed.GetValue(_print),
            Tasks = parsed.GetValue(_tasks),
            Throttle = parsed.GetValue(_throttle),
            Processors = parsed.GetValue(_processors) ?? 1,
            Time = parsed.GetValue(_time),
            Memory = parsed.GetValue(_memory),
            Partition = parsed.GetValue(_partition),
            Account = parsed.GetValue(_account),
            Qos = parsed.GetValue(_qos),
            Constraint = parsed.GetValue(_constraint),
            SbatchArguments = [.. CommandLineParser.SplitCommandLine(parsed.GetValue(_more) ?? "")],
            Image = parsed.GetValue(_image) ?? "",
            VolumeClaim = parsed.GetValue(_volume) ?? "",
            MountPath = parsed.GetValue(_mount) ?? "",
        };
    }

    private static void Require(bool isRight, string option, string must)
    {
        if (!isRight)
        {
            throw new BadInputException($"{option}: {must}");
        }
    }

    private static Option<string?> Text(string name, string description, string valueName)
        => new(name) { Description = description, HelpName = valueName };
}

/// <summary>What was asked of a cluster.</summary>
internal sealed record ClusterSettings
{
    public required ClusterKind Kind { get; init; }

    public required bool PrintsOnly { get; init; }

    public int? Tasks { get; init; }

    public int? Throttle { get; init; }

    public required int Processors { get; init; }

    public string? Time { get; init; }

    public string? Memory { get; init; }

    public string? Partition { get; init; }

    public string? Account { get; init; }

    public string? Qos { get; init; }

    public string? Constraint { get; init; }

    public required IReadOnlyList<string> SbatchArguments { get; init; }

    public required string Image { get; init; }

    public required string VolumeClaim { get; init; }

    public required string MountPath { get; init; }

    /// <summary>The request for a study.</summary>
    /// <param name="command">What each worker runs.</param>
    /// <param name="name">The study's name.</param>
    /// <param name="tasks">Workers.</param>
    public ClusterRequest Request(WorkerCommand command, string name, int tasks) => new()
    {
        Command = command,
        Name = name,
        Tasks = tasks,
        Throttle = Throttle,
        Processors = Processors,
        Time = Time,
        Memory = Memory,
        Partition = Partition,
        Account = Account,
        Qos = Qos,
        Constraint = Constraint,
    };
}
