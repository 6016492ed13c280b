using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Studies.Clusters;
using FeedbackAlignment.Experiments.Tests.Data;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Studies.Clusters;

/// <summary>Scripts, and what Slurm prints. The outputs were recorded from Slurm 22.05 on two nodes, but for the accounting, which those
/// did not have.</summary>
public sealed class SlurmTests
{
    private static readonly ClusterRequest _request = new()
    {
        Command = new WorkerCommand(["/usr/bin/dotnet", "/opt/fa/fa.dll"], "/scratch/it's 100 % mine"),
        Name = "fa-scale",
        Tasks = 64,
        Throttle = 8,
        Processors = 4,
        Time = "2:00:00",
        Memory = "4G",
        Partition = "short",
        Account = "lab",
        Qos = "low",
        Constraint = "zen4&ib",
    };

    [Fact]
    public void TheScriptIsAsApproved() => Approved.Matches(
        "tests/FeedbackAlignment.Experiments.Tests/Approved/SlurmScript.txt", SlurmScript.Write(_request));

    [Fact]
    public void WhatIsNotAskedForIsNotInTheScript()
    {
        var script = SlurmScript.Write(new ClusterRequest { Command = new WorkerCommand(["/bin/fa"], "/scratch/study") });

        Assert.Contains("#SBATCH --array=0-0\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain("--time", script, StringComparison.Ordinal);
        Assert.DoesNotContain("--mem", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("study", "study")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("", "''")]
    public void AShellReadsAWordAsItIs(string word, string quoted) => Assert.Equal(quoted, WorkerCommand.Quoted(word));

    [Fact]
    public void AllMistakesAreToldAtOnce()
    {
        var wrong = _request with
        {
            Tasks = 0,
            Throttle = 0,
            Processors = 0,
            Time = "soon",
            Memory = "much",
            Partition = "a b",
            Constraint = "x\ny"
        };

        Assert.Equal(
            ["--tasks", "--throttle", "--cpus", "--time", "--mem", "--partition", "--constraint"],
                wrong.Mistakes().Select(mistake => mistake.Split(':')[0]));
        Assert.Throws<ArgumentException>(() => SlurmScript.Write(wrong));
    }

    [Theory]
    [InlineData("30")]
    [InlineData("30:00")]
    [InlineData("2:00:00")]
    [InlineData("1-12")]
    [InlineData("1-12:30:00")]
    public void TimesAreThoseOfSlurm(string time) => Assert.Empty((_request with { Time = time }).Mistakes());

    [Fact]
    public void AFolderThatAScriptCannotNameIsRefused()
        => Assert.Single((_request with { Command = _request.Command with { Study = "/scratch/a\nb" } }).Mistakes());

    [Fact]
    public void TheQueueIsRead()
    {
        var tasks = SlurmTask.ReadQueue("1|0|RUNNING|None\n1|1|PENDING|Resources\n2|3-9%2|PENDING|JobArrayTaskLimit\n");

        Assert.Equal([new("1", "0", "RUNNING", ""), new("1", "1", "PENDING", "Resources"),
            new("2", "3-9%2", "PENDING", "JobArrayTaskLimit")], tasks);
        Assert.Equal([1, 1, 7], tasks.Select(task => task.Count));
    }

    [Fact]
    public void TheAccountingIsRead()
    {
        var tasks = SlurmTask.ReadAccounting("7_0|COMPLETED|0:0\n7_1|TIMEOUT|0:15\n7_2|CANCELLED by 1000|0:0\n7_[3-5,8]|PENDING|0:0\n");

        Assert.Equal(
            [new("7", "0", "COMPLETED", ""), new("7", "1", "TIMEOUT", "exit 0:15"), new("7", "2", "CANCELLED", ""),
                new("7", "3-5,8", "PENDING", "")], tasks);
        Assert.Equal(4, tasks[^1].Count);
    }

    [Fact]
    public void AnArrayIsSubmittedAndNoted()
    {
        using var folder = new TemporaryFolder();
        var request = _request with { Command = _request.Command with { Study = folder.Path } };
        List<string> asked = [];
        var slurm = new SlurmTools((program, arguments) =>
        {
            asked.Add($"{program} {string.Join(' ', arguments)}");
            return (0, "sbatch: warning of the cluster\n4711;west\n", "");
        });
        var arrays = new SlurmArrays(folder.Path);

        arrays.Submit(request, ["--gres=none"], slurm, TimeProvider.System);
        arrays.Submit(request with { Tasks = 2 }, [], slurm, TimeProvider.System);

        Assert.Equal(
            [$"sbatch --parsable --gres=none {folder.Path}/slurm/submit-1.sh", $"sbatch --parsable {folder.Path}/slurm/submit-2.sh"],
                asked);
        Assert.Equal([("4711", 64), ("4711", 2)], arrays.All().Select(array => (array.Job, array.Tasks)));
        Assert.Equal(SlurmScript.Write(request), File.ReadAllText(Path.Combine(folder.Path, "slurm", "submit-1.sh")));
    }

    [Fact]
    public void WhatSlurmRefusesIsSaidInItsWords()
    {
        using var folder = new TemporaryFolder();
        var slurm = new SlurmTools((_, _)
            => (1, "", "sbatch: error: invalid partition specified: short\nsbatch: error: Batch job submission failed\n"));

        var refused = Assert.Throws<FolderException>(() => new SlurmArrays(folder.Path).Submit(
            _request with { Command = _request.Command with { Study = folder.Path } }, [], slurm, TimeProvider.System));

        Assert.Equal("sbatch: sbatch: error: invalid partition specified: short; sbatch: error: Batch job submission failed",
            refused.Message);
        Assert.Empty(new SlurmArrays(folder.Path).All());
    }

    [Fact]
    public void TheLimitOfArraysIsRead()
        => Assert.Equal(1001,
            new SlurmTools((_, _) => (0, "Configuration data as of 2026\nMaxArraySize            = 1001\nMaxDBDMsgs = 20008\n", ""))
            .MostTasks());

    [Fact]
    public void JobsThatEndedLongAgoAreNoTrouble()
    {
        var slurm = new SlurmTools((_, arguments)
            => arguments.Contains("--jobs=1") ? (1, "", "slurm_load_jobs error: Invalid job id specified\n")
            : (0, "2|0|RUNNING|None\n", ""));

        Assert.Equal([new SlurmTask("2", "0", "RUNNING", "")], slurm.Tasks(["1", "2"]));
    }

    [Fact]
    public void WithoutAccountingNothingIsKnownOfTasksThatHaveEnded()
        => Assert.Null(new SlurmTools((_, _) => (1, "", "Slurm accounting storage is disabled\n")).Ended(["1"]));
}
