using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FeedbackAlignment.Cli.Tests.Distributed;

/// <summary>
/// Real processes under real launchers, Open MPI and MPICH, where they are installed; few and short. With <c>FA_RANK_KILLS</c> as many
/// kills of ranks as it says (<c>.ci/rank-kills</c>).
/// </summary>
public sealed class MpiTests : IDisposable
{
    private const string Spec = """
        {
          "rules": ["node-perturbation"], "seeds": [1],
          "data": { "train": 90, "validation": 20, "test": 20 },
          "network": { "layers": "784-12-10" },
          "optimizer": { "kind": "adam" },
          "training": { "batchSize": 8, "groups": 3, "epochs": EPOCHS, "evaluateEvery": 400, "measureEvery": 0 }
        }
        """;

    private readonly Fa _fa = new();

    public static TheoryData<string> Launchers => ["mpirun.openmpi", "mpirun.mpich"];

    public void Dispose() => _fa.Dispose();

    [Theory]
    [MemberData(nameof(Launchers))]
    public async Task ProcessesLeaveWhatOneLeaves(string launcher)
    {
        Require(launcher);
        var spec = _fa.Write("spec.json", Spec.Replace("EPOCHS", "2", StringComparison.Ordinal));
        _fa.Done("train", spec, "--out", _fa.Path("one"));
        var (code, output, error) = await FaProcess.RunShell(_fa.Folder, $"{Launch(launcher, 2)} $fa train spec.json --out two");
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("ranks    2 processes share the 3 groups", output, StringComparison.Ordinal);
        Assert.Equal(Weights("one"), Weights("two"));
    }

    [Fact]
    public async Task ProcessesThatShareTheLayersLeaveWhatOneLeaves()
    {
        var launcher = Launchers.Select(row => row.Data).FirstOrDefault(IsThere);
        Assert.SkipWhen(launcher is null, "no MPI is installed (Debian: openmpi-bin, mpich)");
        var spec = _fa.Write("spec.json", Spec.Replace("EPOCHS", "2", StringComparison.Ordinal)
            .Replace("node-perturbation", "direct-feedback-alignment", StringComparison.Ordinal)
            .Replace("784-12-10", "784-40-30-10", StringComparison.Ordinal)
            .Replace("\"groups\"", "\"parallel\": \"layers\", \"groups\"", StringComparison.Ordinal));
        _fa.Done("train", spec, "--out", _fa.Path("one"));
        var (code, output, error) = await FaProcess.RunShell(_fa.Folder, $"{Launch(launcher!, 3)} $fa train spec.json --out three");
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("ranks    3 processes share the layers (layers)", output, StringComparison.Ordinal);
        Assert.Equal(Weights("one", "direct-feedback-alignment-1"), Weights("three", "direct-feedback-alignment-1"));
    }

    /// <summary>Without a launcher, a variable of one says what is not so.</summary>
    [Fact]
    public async Task ALibraryThatKnowsOfOneProcessOnlyIsRefused()
    {
        Require(Launchers.First().Data);
        _fa.Write("spec.json", Spec.Replace("EPOCHS", "2", StringComparison.Ordinal));
        var (code, _, error) = await FaProcess.RunShell(
            _fa.Folder, "OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0 $fa train spec.json --out two");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(
            "fa: mpirun has started 2 processes, but the MPI library says 1, so each would train by itself; start them with the launcher of that library",
            error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_fa.Path("two")));
    }

    [Fact]
    public async Task SlurmWithoutMpiIsRefused()
    {
        _fa.Write("spec.json", Spec.Replace("EPOCHS", "2", StringComparison.Ordinal));
        var (code, _, error) = await FaProcess.RunShell(
            _fa.Folder, "SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=0 SLURM_LOCALID=0 $fa train spec.json --out two");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Equal(
            "fa: srun has started 4 processes without MPI, so each would train by itself; start them with srun --mpi=pmix or srun --mpi=pmi2, or with mpirun",
            error.TrimEnd());
    }

    /// <summary>A killed rank ends all; every file is whole, and any number of ranks goes on to the same weights.</summary>
    [Fact]
    public async Task AKilledRankEndsAllAndTheRunGoesOn()
    {
        var launchers = Launchers.Select(row => row.Data).Where(IsThere).ToArray();
        Assert.SkipWhen(launchers.Length == 0, "no MPI is installed (Debian: openmpi-bin, mpich)");
        var wanted = int.TryParse(Environment.GetEnvironmentVariable("FA_RANK_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills
            : 1;
        var spec = _fa.Write("spec.json", Spec.Replace("EPOCHS", kills > 0 ? "300" : "60", StringComparison.Ordinal));
        _fa.Done("train", spec, "--out", _fa.Path("whole"), "--quiet");
        var random = new Random(1);
        var (killed, resumed) = (0, 0);
        for (var round = 0; killed < wanted; round++)
        {
            var launcher = launchers[round % launchers.Length];
            var (folder, size) = ($"run{round}", 2 + (round % 2));
            using (var process = FaProcess.StartShell(
                _fa.Folder, $"exec {Launch(launcher, size)} $fa train spec.json --out {folder} --quiet --checkpoint-every 40"))
            {
                var error = process.StandardError.ReadToEndAsync();
                _ = process.StandardOutput.ReadToEndAsync();
                FaProcess.WaitUntil(process, () => Ranks(process.Id).Length == size);
                var whileItTrains = wanted == 1 || round % 4 != 3;
                if (whileItTrains)
                {
                    FaProcess.WaitUntil(process, () => File.Exists(_fa.Path($"{folder}/runs/node-perturbation-1/checkpoint.state")));
                }

                Thread.Sleep(wanted == 1 ? 0 : random.Next(whileItTrains ? 500 : 4000));

                if (Ranks(process.Id) is { Length: > 0 } ranks)
                {
                    Kill(ranks[random.Next(ranks.Length)]);
                    killed++;
                    Assert.True(process.WaitForExit(FaProcess.Patience), "it does not end");
                    Assert.NotEqual(ExitCode.Done, process.ExitCode);
                }

                Assert.True(process.WaitForExit(FaProcess.Patience), "it does not end");
                _ = await error;
            }

            AssertReadable(folder);
            var hasBegun = File.Exists(_fa.Path($"{folder}/spec.json"));
            resumed += File.Exists(_fa.Path($"{folder}/runs/node-perturbation-1/checkpoint.state")) ? 1 : 0;
            if (wanted == 1)
            {
                _fa.Done("resume", _fa.Path(folder), "--quiet");
            }
            else
            {
                var command = hasBegun ? $"resume {folder}" : $"train spec.json --out {folder}";
                var (code, _, error) = await FaProcess.RunShell(_fa.Folder, $"{Launch(launcher, 5 - size)} $fa {command} --quiet");
                Assert.True(code == ExitCode.Done, error);
            }

            Assert.Equal(Weights("whole"), Weights(folder));
            Directory.Delete(_fa.Path(folder), recursive: true);
        }

        TestContext.Current.SendDiagnosticMessage($"{killed} kills of a rank, {resumed} of them with a checkpoint to go on from");
    }

    private static bool IsThere(string launcher)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, launcher)));

    private static void Require(string launcher)
        => Assert.SkipUnless(IsThere(launcher), $"{launcher} is not installed (Debian: openmpi-bin, mpich)");

    private static string Launch(string launcher, int size) => launcher.EndsWith("openmpi", StringComparison.Ordinal)
        ? $"env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 {launcher} --oversubscribe -n {size}" : $"{launcher} -n {size}";

    /// <summary>The processes of <c>fa</c> below a launcher; MPICH has one of its own in between.</summary>
    private static int[] Ranks(int launcher)
    {
        List<int> found = [], level = [launcher];
        for (var depth = 0; depth < 4 && level.Count > 0; depth++)
        {
            level = [.. level.SelectMany(Children)];
            found.AddRange(level.Where(IsFa));
        }

        return [.. found];

        static IEnumerable<int> Children(int parent)
            => Text($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture));

        static bool IsFa(int id) => Text($"/proc/{id}/cmdline").Split('\0') is [var program, var first, ..]
            && program.EndsWith("dotnet", StringComparison.Ordinal) && first.EndsWith("fa.dll", StringComparison.Ordinal);

        static string Text(string file)
        {
            try
            {
                return File.ReadAllText(file);
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private void AssertReadable(string folder)
    {
        foreach (var file in Directory.Exists(_fa.Path(folder))
            ? Directory.EnumerateFiles(_fa.Path(folder), "*.json", SearchOption.AllDirectories) : [])
        {
            using var _ = JsonDocument.Parse(File.ReadAllText(file));
        }
    }

    private byte[] Weights(string folder, string run = "node-perturbation-1")
        => File.ReadAllBytes(_fa.Path($"{folder}/runs/{run}/weights.npz"));
}
