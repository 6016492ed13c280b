using FeedbackAlignment.Experiments.Distributed;

namespace FeedbackAlignment.Experiments.Tests.Distributed;

public sealed class LauncherTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=1 PMIX_RANK=1", "mpirun 1/4 OpenMpi")]
    [InlineData("PMI_RANK=2 PMI_SIZE=3 MPI_LOCALRANKID=0", "mpirun 2/3 Mpich first here")]
    [InlineData("PMIX_RANK=0 SLURM_STEP_NUM_TASKS=8 SLURM_PROCID=0 SLURM_LOCALID=0", "srun 0/8 OpenMpi first here")]
    [InlineData("PMI_RANK=0 PMI_SIZE=8 SLURM_STEP_NUM_TASKS=8 SLURM_PROCID=0 SLURM_LOCALID=0", "srun 0/8 Mpich first here")]
    [InlineData("SLURM_PROCID=3 SLURM_STEP_NUM_TASKS=8 SLURM_LOCALID=3", "srun 3/8 none")]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=2 SLURM_LOCALID=0",
        "mpirun 1/2 OpenMpi first here")]
    public void AnEnvironmentNamesItsLauncher(string environment, string expected)
    {
        var launcher = Launcher.Of(Variables(environment));
        Assert.NotNull(launcher);
        Assert.Equal(
            expected.Replace("srun 0/8 Mpich", "mpirun 0/8 Mpich", StringComparison.Ordinal),
            $"{launcher.Name} {launcher.Rank}/{launcher.Size} {launcher.Kind?.ToString() ?? "none"}{(launcher.IsFirstHere ? " first here" : "")}");
    }

    /// <summary>A batch script of Slurm is one process, whatever its job may start; so is what one rank alone is.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("SLURM_JOB_ID=7 SLURM_NTASKS=8 SLURM_PROCID=0 SLURM_LOCALID=0")]
    [InlineData("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1")]
    [InlineData("PMI_RANK=x PMI_SIZE=3")]
    [InlineData("PMI_RANK=3 PMI_SIZE=3")]
    public void AProcessByItselfHasNone(string environment) => Assert.Null(Launcher.Of(Variables(environment)));

    private static Func<string, string?> Variables(string environment)
    {
        var all = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return name => all.GetValueOrDefault(name);
    }
}
