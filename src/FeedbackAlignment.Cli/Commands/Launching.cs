using System.Globalization;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Studies.Clusters;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>Leaves the work on a study to workers elsewhere.</summary>
/// <param name="terminal">Where to print.</param>
/// <param name="asked">What was asked for.</param>
/// <param name="worker">What every worker is told besides.</param>
internal sealed class Launching(Terminal terminal, ClusterSettings asked, WorkerSettings worker)
{
    /// <summary>Prints or submits what starts the workers.</summary>
    /// <param name="study">The study's folder, planned.</param>
    /// <param name="name">The study's name.</param>
    /// <param name="left">Runs that are not finished.</param>
    /// <exception cref="BadInputException">What was asked for is wrong; all mistakes are told.</exception>
    /// <exception cref="FolderException">Slurm refuses it.</exception>
    public int Launch(string study, string name, int left)
    {
        var command = new WorkerCommand(terminal.Program, study);
        if (left == 0)
        {
            terminal.Notice($"{study}: all runs are finished; there is nothing to start workers for");
            return ExitCode.Done;
        }

        if (asked.Kind == ClusterKind.Commands)
        {
            var each = command with { More = [.. asked.Tasks is null ? ["--most", "1"] : (string[])[], .. More(withThreads: true)] };
            for (var task = 0; task < (asked.Tasks ?? left); task++)
            {
                terminal.PlainOutput.WriteLine(each.Line());
            }

            return ExitCode.Done;
        }

        var slurm = asked is { Kind: ClusterKind.Slurm, PrintsOnly: false } ? terminal.Slurm : null;
        var tasks = Fewer(asked.Tasks!.Value, left, $"only {Some(left, "run")} {(left == 1 ? "is" : "are")} left");
        if (slurm?.MostTasks() is { } most)
        {
            tasks = Fewer(tasks, most,
                $"an array of this cluster has at most {most} tasks (MaxArraySize); submit more when these have begun");
        }

        var request = asked.Request(command with { More = More(withThreads: false) }, ShortName(name), tasks);
        if (request.Mistakes() is { Count: > 0 } mistakes)
        {
            throw new BadInputException(string.Join("; ", mistakes));
        }

        if (asked.Kind == ClusterKind.Kubernetes)
        {
            terminal.PlainOutput.Write(KubernetesJob.Write(request, asked.Image, asked.VolumeClaim, asked.MountPath));
        }
        else if (slurm is null)
        {
            terminal.PlainOutput.Write(SlurmScript.Write(request));
        }
        else
        {
            var array = new SlurmArrays(study).Submit(request, asked.SbatchArguments, slurm, terminal.Clock);
            terminal.Output.WritePlain(string.Create(
                CultureInfo.InvariantCulture,
                $"slurm    job {array.Job}: {Some(array.Tasks, "worker")}, by {Path.Combine(study, SlurmScript.FolderName, array.Script)}"));
            terminal.Output.WritePlain($"status   fa study {Path.GetRelativePath(".", study)} --status");
        }

        return ExitCode.Done;
    }

    /// <summary>What Slurm says of the arrays of a study, a line for each.</summary>
    public static IEnumerable<string> Status(Terminal terminal, string study)
    {
        var arrays = new SlurmArrays(study).All();
        if (arrays.Count == 0)
        {
            yield break;
        }

        string[] jobs = [.. arrays.Select(array => array.Job)];
        IReadOnlyList<SlurmTask>? queue = null;
        string? trouble = null;
        try
        {
            queue = terminal.Slurm.Tasks(jobs);
        }
        catch (FolderException refused)
        {
            trouble = refused.Message;
        }

        if (queue is null)
        {
            yield return $"{Some(arrays.Count, "array")} submitted; {trouble}";
            yield break;
        }

        var ended = terminal.Slurm.Ended(jobs)?.Where(task => !queue.Any(known => known.Job == task.Job && known.Task == task.Task))
            .ToList();
        foreach (var array in arrays)
        {
            string[] states =
            [
                .. InWords(queue.Where(task => task.Job == array.Job)),
                .. ended is null ? [] : InWords(ended.Where(task => task.Job == array.Job && task.State is not ("PENDING" or "RUNNING"))),
            ];
            yield return $"job {array.Job}: "
                + (states.Length > 0 ? string.Join(", ", states) : "no task is waiting or running")
                + $"; {Some(array.Tasks, "task")} asked for";
        }

        if (ended is null)
        {
            yield return "this cluster keeps no accounting (sacct), so how ended tasks ended is only in their logs";
        }

        static IEnumerable<string> InWords(IEnumerable<SlurmTask> tasks) => tasks.GroupBy(task => (task.State, task.Reason)).Select(
            state => ForeignText.Line(
                $"{state.Sum(task => task.Count)} {state.Key.State.ToLowerInvariant()}{(state.Key.Reason.Length > 0 ? $" ({state.Key.Reason})" : "")}"));
    }

    private int Fewer(int tasks, int most, string why)
    {
        if (tasks > most)
        {
            terminal.Notice($"--tasks: {most} instead of {tasks}, for {why}");
        }

        return Math.Min(tasks, most);
    }

    /// <summary>What every worker is told as it was told here. On a cluster the threads are the processors of the task.</summary>
    private string[] More(bool withThreads)
    {
        List<string> more = [];
        Add("--data-dir", worker.DataFolder is { } data ? Path.GetFullPath(data) : null);
        Add("--checkpoint-every", worker.CheckpointEvery?.ToString(CultureInfo.InvariantCulture));
        Add("--minutes", worker.Time?.TotalMinutes.ToString("R", CultureInfo.InvariantCulture));
        Add("--threads", withThreads ? worker.Threads?.ToString(CultureInfo.InvariantCulture) : null);
        return [.. more];

        void Add(string option, string? value)
        {
            if (value is not null)
            {
                more.AddRange([option, value]);
            }
        }
    }

    private static string ShortName(string name)
    {
        var plain = string.Concat(name.Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '-')).Trim('-');
        return plain.Length == 0 ? "fa-study" : plain[..Math.Min(40, plain.Length)];
    }

    private static string Some(int number, string what)
        => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");
}
