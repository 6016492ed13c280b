using System.Globalization;

namespace FeedbackAlignment.Experiments.Distributed;

/// <summary>A library for MPI, of which the numbers and the handles are its own.</summary>
public enum MpiKind
{
    /// <summary>Open MPI: handles are addresses of objects in the library.</summary>
    OpenMpi,

    /// <summary>MPICH, and libraries with its binary interface such as Intel MPI: handles are numbers.</summary>
    Mpich,
}

/// <summary>What the program that started this process has told it by variables: that it is one of several.</summary>
/// <param name="Name">What to call the launcher in messages.</param>
/// <param name="Rank">Which of them, from 0.</param>
/// <param name="Size">How many they are, ≥ 2.</param>
/// <param name="IsFirstHere">Whether it is the first of them on its machine.</param>
/// <param name="Kind">The library that the launcher belongs to; null: none, so the processes know nothing of each other.</param>
public sealed record Launcher(string Name, int Rank, int Size, bool IsFirstHere, MpiKind? Kind)
{
    private const string ByMpirun = "mpirun", BySlurm = "srun";

    /// <summary>The launcher of a process; null: there is none, or it has started one process only, so MPI is not needed.</summary>
    /// <param name="variable">The environment.</param>
    public static Launcher? Of(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);

        // From the most certain: mpirun in a job of Slurm sees Slurm's variables, too.
        return From(ByMpirun, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", MpiKind.OpenMpi)
            ?? From(ByMpirun, "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", MpiKind.Mpich)
            ?? From(BySlurm, "PMIX_RANK", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", MpiKind.OpenMpi)
            ?? From(BySlurm, "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", null);

        Launcher? From(string name, string rank, string size, string local, MpiKind? kind)
            => Number(rank) is { } own && Number(size) is > 1 and { } all && own < all
                ? new Launcher(name, own, all, (Number(local) ?? 0) == 0, kind) : null;

        int? Number(string name)
            => int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
