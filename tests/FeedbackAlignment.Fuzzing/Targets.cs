using System.IO.Compression;
using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Fuzzing;

/// <summary>Everything that reads a file.</summary>
/// <param name="folder">A folder of our own, for readers that want a path.</param>
internal sealed class Targets(string folder)
{
    private readonly Checkpoints _checkpoints = new();

    /// <summary>A folder for what this thread reads.</summary>
    private string Place => Directory.CreateDirectory(Path.Combine(folder, $"thread-{Environment.CurrentManagedThreadId}")).FullName;

    public IReadOnlyList<Target> All() =>
    [
        new("idx-images", Packed(IdxImages()), bytes => IdxReader.ReadImages(new MemoryStream(bytes), "fuzz"), typeof(DataFormatException)),
        new("idx-labels", Packed(IdxLabels()), bytes => IdxReader.ReadLabels(new MemoryStream(bytes), "fuzz", classes: 10), typeof(DataFormatException)),
        new("npy", Packed(Npy("<f4", 4, "6, 3"), Npy("<f8", 8, "6, 3"), Npy("|u1", 1, "3, 2, 3")), bytes => NpyReader.Read(new MemoryStream(bytes), "fuzz"), typeof(DataFormatException)),
        new("npy-labels", Packed(Npy("|u1", 1, "18,"), Npy("<i8", 8, "18,")), bytes => NpyReader.ReadLabels(new MemoryStream(bytes), "fuzz"), typeof(DataFormatException)),
        new("csv", [.. Csv.Select(Encoding.UTF8.GetBytes)], bytes => CsvTable.Read(new MemoryStream(bytes), "fuzz"), typeof(DataFormatException)),
        new("png", [.. Pictures.Png()], Pictures.Read, typeof(DataFormatException)),
        new("png-sealed", [.. Pictures.Png()], Pictures.ReadSealed, typeof(DataFormatException)),
        new("jpeg", [.. Pictures.Jpeg()], Pictures.Read, typeof(DataFormatException)),
        new("cifar", Packed([Pictures.Archive()]), bytes => Pictures.ReadArchive(bytes, Place), typeof(DataFormatException), typeof(DataSourceException)),
        new("spec", [.. Specs().Select(Encoding.UTF8.GetBytes)], bytes
            => SpecReader.Read(new MemoryStream(bytes), Components.Standard), typeof(SpecException)),
        new("results", [Results()], ReadResults, typeof(FolderException)),
        new("run-folder", [.. RunFiles()], ReadRunFolder, typeof(FolderException)),
        new("checkpoint", [Checkpoints.Valid()], _checkpoints.Restore, typeof(DataFormatException)),
        new("checkpoint-sealed", [Checkpoints.Valid()], _checkpoints.RestoreSealed, typeof(DataFormatException)),
        new("safetensors", [.. Models.Tensors()], bytes => SafetensorsFile.Read(new MemoryStream(bytes), "fuzz"), typeof(DataFormatException)),
        new("network", [.. Models.Networks()], bytes => Network.Load(new MemoryStream(bytes), "fuzz", Activation.Tanh), typeof(DataFormatException)),
        new("state-dict", [.. Models.State()], bytes
            => Network.Load(new MemoryStream(bytes), "fuzz", plan: Models.Planned), typeof(DataFormatException)),
        new("import", [.. Models.Networks()], bytes => Models.Import(bytes, Place), typeof(DataFormatException), typeof(DataSourceException)),
        new("model", [Models.Imported(folder)], bytes => Models.Open(bytes, Place), typeof(DataFormatException)),
        new("weights", [Finished("runs/feedback-alignment-1/weights.npz")], bytes => ReadFinished(bytes, "runs/feedback-alignment-1/weights.npz"), typeof(DataFormatException), typeof(FolderException)),
        new("test-mistakes", [Finished($"runs/feedback-alignment-1/{MistakesFile.Name}")], ReadMistakes),
        new("finished-run", [.. RunFiles()], bytes => ReadFinished(bytes, FinishedFiles[bytes.Length % FinishedFiles.Length]), typeof(DataFormatException), typeof(FolderException)),
        new("tuning", [Tunings.Valid(folder)], bytes => Tunings.Read(bytes, Place), typeof(FolderException)),
    ];

    private static string[] Csv { get; } =
        ["a,b,class\n1,2,x\n3,4,y\n", "a;b;target\r\n1.5;-2e3;0.25\r\n", "\"a\",\"b \"\"q\"\"\",class\n1,2,\"long, name\"\n", "1,2,0\n3,4,1\n5,6,0\n"];

    private static byte[][] Packed(params byte[][] files) => [.. files, .. files.Select(Gzip)];

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] IdxImages() => [0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 4, .. Enumerable.Range(0, 60).Select(i => (byte)(4 * i))];

    private static byte[] IdxLabels() => [0, 0, 8, 1, 0, 0, 0, 20, .. Enumerable.Range(0, 20).Select(i => (byte)(i % 10))];

    private static byte[] Npy(string type, int bytes, string shape)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. Enumerable.Range(0, 18 * bytes).Select(i => (byte)(i % bytes == 0 ? i % 7 : 0))];
    }

    private static IEnumerable<string> Specs()
    {
        yield return SpecWriter.Write(new ExperimentSpec());
        yield return SpecWriter.Write(new ExperimentSpec
        {
            Network = new() { Layers = "1x28x28, conv 3x3 2 stride 2 padding 1x2, max-pool 3 stride 2 padding 1, dense 10" },
        });
        yield return SpecWriter.Write(new ExperimentSpec { Network = new() { Layers = "conv 3x3 4, batch-norm, relu, flatten, dense 10" } });
        yield return SpecWriter.Write(new ExperimentSpec { Network = new() { Layers = "lenet5" } });
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "specs"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            yield return File.ReadAllText(file);
        }
    }

    /// <summary>A small experiment, run to have real records.</summary>
    private string Experiment()
    {
        var path = Path.Combine(folder, "experiment");
        if (!Directory.Exists(path))
        {
            var asked = new ExperimentSpec
            {
                Rules = ["feedback-alignment"],
                Seeds = [1],
                Data = new() { Train = 60, Validation = 40, Test = 50 },
                Network = new() { Layers = "784-4-10" },
                Training = new() { Epochs = 1, BatchSize = 16, MeasureExamples = 20 },
            };
            var data = new DataSources("nowhere").Load(asked.Data, asked.Format);
            new ExperimentRunner(SpecCompletion.Complete(asked, data.Record, Components.Standard), data.Split, data.Record,
                ExperimentFolder.Create(path), Components.Standard, TimeProvider.System).Run(new Nobody(), default);
        }

        return path;
    }

    private byte[] Results() => File.ReadAllBytes(Path.Combine(Experiment(), "results.json"));

    private void ReadResults(byte[] bytes)
    {
        var file = Path.Combine(Place, "results.json");
        File.WriteAllBytes(file, bytes);
        ArchivedExperiment.Read(file, RuleCatalog.Standard);
    }

    private IEnumerable<byte[]> RunFiles()
    {
        var experiment = Experiment();
        return ((string[])["spec.json", "data.json", "environment.json", "runs/feedback-alignment-1/run.json"]).Select(name => File.ReadAllBytes(Path.Combine(experiment, name)));
    }

    /// <summary>A folder in which every file is the damaged one: listed whatever it is, and read or refused.</summary>
    private void ReadRunFolder(byte[] bytes)
    {
        var run = Directory.CreateDirectory(Path.Combine(Place, "killed", "runs", "feedback-alignment-1")).FullName;
        var experiment = Path.GetFullPath(Path.Combine(run, "..", ".."));
        foreach (var (name, number) in ((string[])["spec.json", "data.json", "environment.json", "runs/feedback-alignment-1/run.json"]).Index().Select(file => (file.Item, file.Index)))
        {
            // The damaged file takes the place of any of the four: which one, its length says.
            File.WriteAllBytes(Path.Combine(experiment, name), bytes.Length % 4 == number ? bytes : File.ReadAllBytes(Path.Combine(Experiment(), name)));
        }

        if (RunArchive.Find(experiment).Count != 1)
        {
            throw new InvalidOperationException("a run is not in the list");
        }

        ArchivedExperiment.Read(experiment, RuleCatalog.Standard);
    }

    private static string[] FinishedFiles { get; } = ["spec.json", "environment.json", "runs/feedback-alignment-1/run.json"];

    private byte[] Finished(string name) => File.ReadAllBytes(Path.Combine(Experiment(), name));

    /// <summary>A run that has ended, with one damaged file.</summary>
    private void ReadFinished(byte[] bytes, string damaged)
    {
        var experiment = Path.Combine(Place, "finished");
        Directory.CreateDirectory(Path.Combine(experiment, "runs", "feedback-alignment-1"));
        foreach (var name in FinishedFiles.Append("runs/feedback-alignment-1/weights.npz"))
        {
            File.WriteAllBytes(Path.Combine(experiment, name), name == damaged ? bytes : Finished(name));
        }

        FinishedRun.Open(Path.Combine(experiment, "runs", "feedback-alignment-1"), Components.Standard);
    }

    /// <summary>A damaged file is as none, whether or not the number of test examples is known.</summary>
    private void ReadMistakes(byte[] bytes)
    {
        var run = new RunRecord { Rule = "feedback-alignment", Seed = 1, Status = RunStatus.Completed, TestError = 0.5 };
        File.WriteAllBytes(Path.Combine(Place, MistakesFile.Name), bytes);
        MistakesFile.AddTo(Experiments.Files.Place.Named(Place), run, bytes.Length % 2 == 0 ? 50 : null);
    }

    private sealed class Nobody : ExperimentObserver;
}
