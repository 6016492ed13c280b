using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Studies.Clusters;

/// <summary>Calls Slurm's own commands.</summary>
/// <param name="run">Runs a program with arguments, and returns its exit code, output and errors; null: as a process.</param>
public sealed class SlurmTools(Func<string, IReadOnlyList<string>, (int Code, string Output, string Errors)>? run = null)
{
    private const string ArrayLimit = "MaxArraySize";

    private readonly Func<string, IReadOnlyList<string>, (int Code, string Output, string Errors)> _run = run ?? AsProcess;

    /// <summary>The most tasks that an array may have; null: the cluster does not say.</summary>
    /// <exception cref="FolderException">Slurm is not there or does not answer.</exception>
    public int? MostTasks()
    {
        foreach (var line in Ask("scontrol", "show", "config").Split('\n'))
        {
            if (line.Split('=', 2, StringSplitOptions.TrimEntries) is [ArrayLimit, var value]
                && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var most))
            {
                // The greatest index is one less, and the first is 0.
                return most;
            }
        }

        return null;
    }

    /// <summary>Submits a script.</summary>
    /// <param name="script">Its path.</param>
    /// <param name="more">Further arguments of <c>sbatch</c>.</param>
    /// <returns>The number of the job.</returns>
    /// <exception cref="FolderException">Slurm refuses it; the message has its words.</exception>
    public string Submit(string script, IReadOnlyList<string> more)
    {
        // --parsable: the number, and behind a semicolon the cluster's name where there are several.
        var answer = Ask("sbatch", ["--parsable", .. more, script]).Trim();
        var job = answer.Split('\n')[^1].Split(';')[0].Trim();
        return job.Length > 0 && job.All(char.IsAsciiDigit) ? job
            : throw new FolderException($"sbatch: gave no number of a job, but \"{Display.Message(answer)}\"");
    }

    /// <summary>The states of the tasks of jobs that Slurm still knows, e.g. <c>RUNNING</c>.</summary>
    /// <param name="jobs">The numbers of the jobs.</param>
    /// <exception cref="FolderException">Slurm is not there or does not answer.</exception>
    public IReadOnlyList<SlurmTask> Tasks(IReadOnlyList<string> jobs)
    {
        List<SlurmTask> tasks = [];
        foreach (var job in jobs)
        {
            // Of a job that ended long ago squeue says "Invalid job id specified".
            var (code, output, errors) = _run("squeue", ["--noheader", "--array", $"--jobs={job}", "--format=%F|%K|%T|%r"]);
            if (code == 0)
            {
                tasks.AddRange(SlurmTask.ReadQueue(output));
            }
            else if (!errors.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
            {
                throw Refused("squeue", errors);
            }
        }

        return tasks;
    }

    /// <summary>The states of all tasks of jobs, those that have ended too, from Slurm's accounting; null: this cluster has none.</summary>
    /// <param name="jobs">The numbers of the jobs, at least one.</param>
    public IReadOnlyList<SlurmTask>? Ended(IReadOnlyList<string> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        try
        {
            var (code, output, _) = _run(
                "sacct", ["--noheader", "--parsable2", "--allocations", $"--jobs={string.Join(',', jobs)}",
                    "--format=JobID,State,ExitCode"]);
            return code == 0 ? SlurmTask.ReadAccounting(output) : null;
        }
        catch (FolderException)
        {
            return null;
        }
    }

    private string Ask(string program, params IReadOnlyList<string> arguments)
    {
        var (code, output, errors) = _run(program, arguments);
        return code == 0 ? output : throw Refused(program, errors);
    }

    private static FolderException Refused(string program, string errors)
        => new($"{program}: {Display.Message(string.Join("; ", errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))}");

    private static (int Code, string Output, string Errors) AsProcess(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.GetAwaiter().GetResult());
        }
        catch (Win32Exception trouble)
        {
            throw new FolderException(
                $"{program}: cannot be run ({Display.Message(trouble.Message)}); on a machine without Slurm use --print, and submit the script where it is there", trouble);
        }
    }
}
