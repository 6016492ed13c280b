using System.Globalization;
using System.Text;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using StbImageWriteSharp;

namespace FeedbackAlignment.Testing.Forms;

/// <summary>A form of the real digits.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Write">Writes the training and the test digits into a folder.</param>
/// <param name="Spec">How it is read; the source is left open.</param>
internal sealed record DigitForm(string Name, Action<string, Digits, Digits> Write, DataSpec Spec);

/// <summary>Digits as bytes.</summary>
/// <param name="Pixels">784 of each digit, one after the other.</param>
/// <param name="Labels">One of each digit.</param>
internal sealed record Digits(byte[] Pixels, byte[] Labels)
{
    public const int Side = 28, Size = Side * Side;

    /// <summary>The first digits of MNIST's unpacked or packed files.</summary>
    public static Digits Read(string folder, string part, int count)
    {
        var images = Bytes($"{part}-images-idx3-ubyte");
        var labels = Bytes($"{part}-labels-idx1-ubyte");
        return new Digits(images[16..(16 + (count * Size))], labels[8..(8 + count)]);

        byte[] Bytes(string name)
        {
            var path = Path.Combine(folder, name);
            using var stream = File.Exists(path) ? File.OpenRead(path) : (Stream)new System.IO.Compression.GZipStream(File.OpenRead(path + ".gz"), System.IO.Compression.CompressionMode.Decompress);
            using var all = new MemoryStream();
            stream.CopyTo(all);
            return all.ToArray();
        }
    }
}

/// <summary>The real digits in every form that is read, and a training on each.</summary>
internal static class DigitForms
{
    private static readonly float[] _bytes = [0, 255];

    /// <summary>All forms; the first is the one that the others are held against.</summary>
    public static IReadOnlyList<DigitForm> All { get; } =
    [
        new("IDX", (folder, train, test) => Both(folder, train, test, WriteIdx), new DataSpec()),
        new("CSV", (folder, train, test) => Both(folder, train, test, WriteCsv), new DataSpec { Scale = _bytes }),
        new("NPY u1", (folder, train, test) => Both(folder, train, test, (path, part, digits) => WriteNpy(path, part, digits, "|u1")), new DataSpec()),
        new("NPY f4", (folder, train, test) => Both(folder, train, test, (path, part, digits) => WriteNpy(path, part, digits, "<f4")), new DataSpec { Scale = _bytes }),
        new("NPY i2, test u1", (folder, train, test) =>
        {
            WriteNpy(folder, "train", train, ">i2");
            WriteNpy(folder, "test", test, "|u1");
        }, new DataSpec { Scale = _bytes }),
        new("PNG", (folder, train, test) => Both(folder, train, test, WritePng), new DataSpec()),
    ];

    /// <summary>Trains on a form for a pass.</summary>
    /// <param name="form">The form, written.</param>
    /// <param name="folder">Where it is.</param>
    /// <param name="runs">A folder that is not there yet, for the run.</param>
    /// <returns>The data, and the test error.</returns>
    public static (LoadedData Data, double Error) Train(DigitForm form, string folder, string runs)
    {
        var asked = new ExperimentSpec
        {
            Rules = ["feedback-alignment"],
            Seeds = [1],
            Data = form.Spec with { Source = folder },
            Network = new() { Layers = "784-32-10" },
            Training = new() { Epochs = 1, BatchSize = 16, MeasureEvery = null, Threads = 1 },
        };
        var data = new DataSources("nowhere").Load(asked.Data);
        var runner = new ExperimentRunner(SpecCompletion.Complete(asked with { Data = data.Spec }, data.Record, Components.Standard),
            data.Split, data.Record, ExperimentFolder.Create(runs), Components.Standard, TimeProvider.System);
        return (data, runner.Run(new Nobody(), default).Runs[0].TestError!.Value);
    }

    private static void Both(string folder, Digits train, Digits test, Action<string, string, Digits> write)
    {
        write(folder, "train", train);
        write(folder, "test", test);
    }

    private static void WriteIdx(string folder, string part, Digits digits)
    {
        var name = part == "test" ? "t10k" : part;
        File.WriteAllBytes(Path.Combine(folder, $"{name}-images-idx3-ubyte"), [0, 0, 8, 3, .. Number(digits.Labels.Length), .. Number(Digits.Side), .. Number(Digits.Side), .. digits.Pixels]);
        File.WriteAllBytes(Path.Combine(folder, $"{name}-labels-idx1-ubyte"), [0, 0, 8, 1, .. Number(digits.Labels.Length), .. digits.Labels]);

        static byte[] Number(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
    }

    /// <summary>As Kaggle has it: a header, the label in front, pixels from 0 to 255.</summary>
    private static void WriteCsv(string folder, string part, Digits digits)
    {
        using var text = new StreamWriter(Path.Combine(folder, $"{part}.csv"), append: false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        text.WriteLine($"label,{string.Join(',', Enumerable.Range(0, Digits.Size).Select(pixel => $"pixel{pixel}"))}");
        for (var digit = 0; digit < digits.Labels.Length; digit++)
        {
            text.Write(digits.Labels[digit]);
            foreach (var pixel in digits.Pixels.AsSpan(digit * Digits.Size, Digits.Size))
            {
                text.Write(',');
                text.Write(((int)pixel).ToString(CultureInfo.InvariantCulture));
            }

            text.WriteLine();
        }
    }

    /// <summary>A folder for each class; the names of the files count the digits across all classes.</summary>
    private static void WritePng(string folder, string part, Digits digits)
    {
        var writer = new ImageWriter();
        for (var digit = 0; digit < digits.Labels.Length; digit++)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, part, $"{digits.Labels[digit]}")).FullName;
            using var file = File.Create(Path.Combine(place, $"{digit:00000}.png"));
            writer.WritePng(digits.Pixels[(digit * Digits.Size)..((digit + 1) * Digits.Size)], Digits.Side, Digits.Side,
                ColorComponents.Grey, file);
        }
    }

    private static void WriteNpy(string folder, string part, Digits digits, string type)
    {
        var count = digits.Labels.Length;
        double[][] pixels = [.. Enumerable.Range(0, count).Select(digit => digits.Pixels.AsSpan(digit * Digits.Size, Digits.Size).ToArray().Select(pixel => (double)pixel).ToArray())];
        File.WriteAllBytes(Path.Combine(folder, $"{part}-inputs.npy"), Npy.Write(type, isFortran: false, pixels, [Digits.Side, Digits.Side]));
        File.WriteAllBytes(Path.Combine(folder, $"{part}-labels.npy"), Npy.Write("<i8", isFortran: false, [.. digits.Labels.Select(label => (double[])[label])], []));
    }

    private sealed class Nobody : ExperimentObserver;
}
