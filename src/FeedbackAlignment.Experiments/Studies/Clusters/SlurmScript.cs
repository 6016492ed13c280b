using System.Globalization;
using System.Text;

namespace FeedbackAlignment.Experiments.Studies.Clusters;

/// <summary>
/// A batch script of Slurm: an array of workers. Tasks do not divide the runs among themselves; each claims one after another. So any
/// number of tasks is right, a task that is requeued goes on, and more can be submitted at any time.
/// </summary>
public static class SlurmScript
{
    /// <summary>Seconds before the end of a task's time at which Slurm tells it to stop.</summary>
    public const int Warning = 120;

    /// <summary>The folder of a study in which scripts and outputs of its tasks lie.</summary>
    public const string FolderName = "slurm";

    /// <summary>The script.</summary>
    /// <param name="request">What is asked for; without mistakes.</param>
    /// <exception cref="ArgumentException">The request has mistakes.</exception>
    public static string Write(ClusterRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Mistakes() is [var first, ..])
        {
            throw new ArgumentException(first, nameof(request));
        }

        var script = new StringBuilder("#!/bin/bash\n");
        Set("job-name", request.Name);
        Set("array", Array(request));
        Set("time", request.Time);
        Set("cpus-per-task", request.Processors.ToString(CultureInfo.InvariantCulture));
        Set("mem", request.Memory);
        Set("partition", request.Partition);
        Set("account", request.Account);
        Set("qos", request.Qos);
        Set("constraint", request.Constraint is { } constraint ? $"\"{constraint}\"" : null);
        Set("output", $"\"{request.Command.Study.Replace("%", "%%", StringComparison.Ordinal)}/{FolderName}/%A_%a.log\"");
        Set("open-mode", "append");
        script.Append("#SBATCH --requeue\n");
        Set("signal", string.Create(CultureInfo.InvariantCulture, $"B:USR1@{Warning}"));
        script.Append(CultureInfo.InvariantCulture, $"""

            # Slurm sends SIGUSR1 to this shell {Warning} seconds before the end. By exec the shell becomes the worker, which then writes its
            # checkpoints and leaves its runs to others.
            exec {request.Command.Line("--threads", "\"${SLURM_CPUS_PER_TASK:-1}\"")}

            """);
        return script.ToString();

        void Set(string option, string? value)
        {
            if (value is not null)
            {
                script.Append(CultureInfo.InvariantCulture, $"#SBATCH --{option}={value}\n");
            }
        }
    }

    private static string Array(ClusterRequest request) => string.Create(
        CultureInfo.InvariantCulture, $"0-{request.Tasks - 1}{(request.Throttle is { } most ? $"%{most}" : "")}");
}
