using FeedbackAlignment.Experiments.Studies.Clusters;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>Studies whose work is left to workers elsewhere.</summary>
public sealed class ClusterTests : IDisposable
{
    private const string Spec = """
        {
          "name": "Tiny study", "rules": ["feedback-alignment"], "seeds": [1, 2],
          "data": { "train": 60, "validation": 40, "test": 40 }, "network": { "layers": "784-6-10" },
          "training": { "epochs": 1, "batchSize": 20, "measureExamples": 10 }, "study": { "grid": { "feedback.scale": [1, 2] } }
        }
        """;

    private readonly Fa _fa = new();

    private string Study => _fa.Path("study");

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void CommandsAreOneForEachRunThatIsLeft()
    {
        var spec = _fa.Write("s.json", Spec);
        _fa.Done("study", spec, "--out", Study, "--quiet", "--most", "1");

        _fa.Done("study", Study, "--commands", "--checkpoint-every", "20");
        Assert.Equal(Enumerable.Repeat("/opt/dotnet '/opt/fa dir/fa.dll' work TEMP/study --most 1 --checkpoint-every 20", 3), Lines());
        _fa.Done("study", Study, "--commands", "--tasks", "2", "--threads", "4");
        Assert.Equal(Enumerable.Repeat("/opt/dotnet '/opt/fa dir/fa.dll' work TEMP/study --threads 4", 2), Lines());
        Assert.Single(Directory.GetDirectories(Path.Combine(Study, "runs")));

        _fa.Done("study", Study, "--quiet");
        _fa.Done("study", Study, "--commands");
        Assert.Empty(Lines());
        Assert.Contains("all runs are finished", _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnArrayIsSubmittedAndItsStateShown()
    {
        List<string> asked = [];
        _fa.Slurm = new SlurmTools((program, arguments) =>
        {
            asked.Add($"{program} {string.Join(' ', arguments).Replace(_fa.Folder, "TEMP", StringComparison.Ordinal)}");
            return program switch
            {
                "scontrol" => (0, "MaxArraySize = 3\n", ""),
                "sbatch" => (0, "77\n", ""),
                "squeue" => (0, "77|0|RUNNING|None\n77|1|PENDING|Resources\n77|2|PENDING|Resources\n", ""),
                _ => (1, "", "Slurm accounting storage is disabled"),
            };
        });

        _fa.Done("study", _fa.Write("s.json", Spec), "--out", Study, "--slurm", "--tasks", "64", "--time", "2:00:00", "--sbatch-args",
            "--mail-type=END --exclusive");

        Assert.Equal(["scontrol show config", "sbatch --parsable --mail-type=END --exclusive TEMP/study/slurm/submit-1.sh"], asked);
        Assert.Contains("slurm    job 77: 3 workers, by TEMP/study/slurm/submit-1.sh", _fa.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["fa: --tasks: 4 instead of 64, for only 4 runs are left",
                "fa: --tasks: 3 instead of 4, for an array of this cluster has at most 3 tasks (MaxArraySize); submit more when these have begun"],
            _fa.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("#SBATCH --array=0-2\n", File.ReadAllText(_fa.Path("study/slurm/submit-1.sh")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(Study, "runs")));

        _fa.Done("study", Study, "--status");
        Assert.Contains("slurm    job 77: 1 running, 2 pending (Resources); 3 tasks asked for", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("keeps no accounting", _fa.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AScriptOrJobIsPrintedWhereNoClusterIs()
    {
        _fa.Done("study", _fa.Write("s.json", Spec), "--out", Study, "--slurm", "--tasks", "2", "--print", "--data-dir", "my data");
        Assert.StartsWith("#!/bin/bash\n#SBATCH --job-name=Tiny-study\n#SBATCH --array=0-1\n", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("work TEMP/study --data-dir '", _fa.Output, StringComparison.Ordinal);
        _fa.Done("study", Study, "--kubernetes", "--print", "--tasks", "2", "--image", "fa:1", "--volume-claim", "studies", "--mount",
            "/data");
        Assert.Contains("completionMode: Indexed", _fa.Output, StringComparison.Ordinal);
        Assert.Contains("name: \"tiny-study\"", _fa.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--slurm, --commands and --kubernetes: choose one of them", "--slurm", "--commands")]
    [InlineData("--tasks: say how many workers to ask for", "--slurm")]
    [InlineData("--time: is for workers elsewhere; add --slurm, --commands or --kubernetes", "--time", "30")]
    [InlineData("--throttle: does not go with --commands; leave it out", "--commands", "--throttle", "2")]
    [InlineData("--kubernetes: nothing is submitted, the job is only printed; add --print", "--kubernetes", "--tasks", "2")]
    [InlineData("--image: is needed for a job of Kubernetes", "--kubernetes", "--print", "--tasks", "2")]
    [InlineData("--live: the workers are elsewhere; show them with `fa watch STUDY`", "--live", "--commands")]
    [InlineData("--time: must be minutes, H:MM:SS or D-HH:MM:SS, e.g. 2:00:00; was \"soon\"", "--slurm", "--print", "--tasks", "1",
        "--time", "soon")]
    [InlineData("scontrol: cannot be run", "--slurm", "--tasks", "1")]
    public void MistakesAreSaid(string message, params string[] options)
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run(["study", _fa.Write("s.json", Spec), "--out", Study, .. options]));
        Assert.StartsWith($"fa: {message}", _fa.Error, StringComparison.Ordinal);
    }

    private string[] Lines() => _fa.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
