using System.Text.RegularExpressions;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Studies.Clusters;

/// <summary>
/// Workers that a cluster is asked for: an array of equal tasks, each of which works until nothing is left or its time is over.
/// </summary>
public sealed partial record ClusterRequest
{
    /// <summary>The most tasks that are asked for at once.</summary>
    public const int MostTasks = 100_000;

    /// <summary>What each task runs.</summary>
    public required WorkerCommand Command { get; init; }

    /// <summary>The name that the cluster shows.</summary>
    public string Name { get; init; } = "fa-study";

    /// <summary>Workers, ≥ 1.</summary>
    public int Tasks { get; init; } = 1;

    /// <summary>The most that run at the same time; null: the cluster decides.</summary>
    public int? Throttle { get; init; }

    /// <summary>Processors for each worker, which it uses as threads.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>
    /// The time of a task as Slurm writes it: <c>30</c> (minutes), <c>2:00:00</c>, <c>1-12</c> (days and hours); null: the partition's.
    /// </summary>
    public string? Time { get; init; }

    /// <summary>Memory for each task as Slurm writes it: <c>4G</c>; null: the cluster's default.</summary>
    public string? Memory { get; init; }

    /// <summary>Slurm's partition; null: the default one.</summary>
    public string? Partition { get; init; }

    /// <summary>Slurm's account; null: the user's.</summary>
    public string? Account { get; init; }

    /// <summary>Slurm's quality of service; null: the default one.</summary>
    public string? Qos { get; init; }

    /// <summary>Features that nodes must have, as Slurm writes them: <c>zen4&amp;ib</c>; null: any node.</summary>
    public string? Constraint { get; init; }

    /// <summary>What is wrong with it, option by option; empty: nothing.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        List<string> mistakes = [];
        Require(Tasks is >= 1 and <= MostTasks, "--tasks", $"must be from 1 to {MostTasks}", $"{Tasks}");
        Require(Throttle is null or >= 1, "--throttle", "must be at least 1", $"{Throttle}");
        Require(Processors is >= 1 and <= 4096, "--cpus", "must be from 1 to 4096", $"{Processors}");
        Require(Time is null || TimeForm().IsMatch(Time), "--time", "must be minutes, H:MM:SS or D-HH:MM:SS, e.g. 2:00:00", Time);
        Require(Memory is null || MemoryForm().IsMatch(Memory), "--mem", "must be a number and K, M, G or T, e.g. 4G", Memory);
        foreach (var (option, value) in new[] { ("--partition", Partition), ("--account", Account), ("--qos", Qos) })
        {
            Require(value is null || NameForm().IsMatch(value), option, "must be letters, digits and . _ - , @", value);
        }

        Require(Constraint is null || ConstraintForm().IsMatch(Constraint), "--constraint", "must be names joined by & or |", Constraint);
        Require(ForeignText.Line(Command.Study) == Command.Study && !Command.Study.Contains('"'), "the study's folder",
            "must have no quotation mark and no control character in its path", Command.Study);
        return mistakes;

        void Require(bool isRight, string what, string must, string? was)
        {
            if (!isRight)
            {
                mistakes.Add($"{what}: {must}; was \"{Specs.Display.Message(was ?? "")}\"");
            }
        }
    }

    [GeneratedRegex(@"\A(\d{1,7}(:\d{1,2}){0,2}|\d{1,4}-\d{1,2}(:\d{1,2}){0,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimeForm();

    [GeneratedRegex(@"\A\d{1,9}[KMGT]?\z", RegexOptions.CultureInvariant)]
    private static partial Regex MemoryForm();

    [GeneratedRegex(@"\A[A-Za-z0-9._,@-]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\A[A-Za-z0-9._,*&|()\[\]-]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ConstraintForm();
}
