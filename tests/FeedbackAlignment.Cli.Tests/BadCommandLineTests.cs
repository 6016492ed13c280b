using System.Text;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>Everything that a user may get wrong, with what the command says; <c>Approved/BadCommandLines.txt</c> has it all.</summary>
public sealed class BadCommandLineTests : IDisposable
{
    private const string FiveMistakes = """
        {
          "rules": ["backpropagation", "feedback-aligment"],
          "network": { "layers": "784-x-10", "activation": "tahn" },
          "optimizer": { "learningRate": -1, "momentun": 0.9 }
        }
        """;

    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void EachGetsOneClearLine()
    {
        Prepare();
        var catalog = new StringBuilder();
        foreach (var (title, args) in CommandLines())
        {
            var before = Everything();
            var code = _fa.Run(args);
            var lines = _fa.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            catalog.Append($"# {title}\n$ fa {string.Join(' ', args.Select(Quoted)).Replace(_fa.Folder, "TEMP")}\n{_fa.Error}-> {code}\n\n");

            Assert.True(code == ExitCode.BadInput, $"{title}: exit code {code}");
            Assert.Empty(_fa.Output);
            Assert.True(lines.Length == (title.StartsWith("five", StringComparison.Ordinal) ? 5 : title.StartsWith("two", StringComparison.Ordinal) ? 2 : 1), $"{title}: {lines.Length} lines");
            Assert.All(lines, line => Assert.StartsWith("fa: ", line));
            Assert.Equal(before, Everything());
        }

        Approved.Matches("tests/FeedbackAlignment.Cli.Tests/Approved/BadCommandLines.txt", catalog.ToString().Replace('\\', '/'));
    }

    private void Prepare()
    {
        _fa.Write("file", "");
        _fa.Write("full/thesis.txt", "mine");
        _fa.Write("not.json", "hello");
        _fa.Write("five.json", FiveMistakes);
        _fa.Write("good.json", "{ \"training\": { \"epochs\": 1 } }");
        _fa.WritePictures("pictures");
        _fa.WritePictures("set/mnist");
        _fa.WritePictures("truncated");
        Change("truncated/train-images-idx3-ubyte", bytes => bytes[..50]);
        _fa.WritePictures("magic");
        Change("magic/train-images-idx3-ubyte", bytes => [0, 0, 9, 3, .. bytes[4..]]);
        _fa.WritePictures("labels/mnist");
        Change("labels/mnist/train-labels-idx1-ubyte", bytes => [.. bytes[..^1], 11]);
        _fa.WritePictures("half");
        File.Delete(_fa.Path("half/t10k-labels-idx1-ubyte"));
        _fa.Write("csv/train.csv", "a,b,class\n1,2,x\n3,4,y\n5,?,x\n");
        _fa.Write("csv/test.csv", "a,b,class\n1,2,x\n");
        _fa.Write("unknown/train.csv", "a,b,class\n1,2,x\n3,4,y\n");
        _fa.Write("unknown/test.csv", "a,b,class\n1,2,z\n");
        _fa.Write("numbers/train.csv", "a,target\n1,2.5\n3,4.5\n");
        _fa.Write("numbers/test.csv", "a,target\n1,2.5\n");
        _fa.Write("one/train.csv", "a,target\n1,2.5\n");
        _fa.Write("one/test.csv", "a,target\n1,2.5\n");
        Directory.CreateDirectory(_fa.Path("empty"));
        _fa.Write("text.safetensors", "this is no safetensors file");
        _fa.Write("silent.safetensors", Tensors(new Dictionary<string, string>()));
        _fa.Write("small.safetensors", Tensors(new Dictionary<string, string> { ["activations"] = "tanh,linear" }));
        foreach (var run in new[] { "a-1", "b-1" })
        {
            _fa.Write($"two/runs/{run}/run.json", "{}");
            _fa.Write($"two/runs/{run}/weights.npz", "");
        }

        _fa.Write("above/one/spec.json", "{}");
        Directory.CreateDirectory(_fa.Path("above/one/runs"));
        using var square = new MemoryStream();
        new SafetensorsFile(((string[])["hidden", "input", "output"]).Select(name => NamedTensor.Matrix($"{name}.weight", new Matrix(4, 4)))).Write(square);
        _fa.Write("square.safetensors", square.ToArray());

        static byte[] Tensors(Dictionary<string, string> metadata)
        {
            using var stream = new MemoryStream();
            new SafetensorsFile(Network.Mlp("4-3-2", seed: 1).ToTensors(), metadata).Write(stream);
            return stream.ToArray();
        }

        void Change(string name, Func<byte[], byte[]> change) => File.WriteAllBytes(_fa.Path(name), change(File.ReadAllBytes(_fa.Path(name))));
    }

    private IEnumerable<(string Title, string[] Args)> CommandLines()
    {
        var never = _fa.Path("never");
        string[] Compare(params string[] more) => ["compare", "--train", "60", "--epochs", "1", "--out", never, .. more];
        string[] Compared(params string[] more) => ["compare", "--out", never, .. more];

        yield return ("export without a format", ["export", _fa.Path("two")]);
        yield return ("export in an unknown format", ["export", _fa.Path("two"), "--format", "onyx"]);
        yield return ("export of several runs", ["export", _fa.Path("two"), "--format", "onnx"]);
        yield return ("export of no run", ["export", _fa.Path("empty"), "--format", "tensorboard"]);
        yield return ("import of no safetensors file", ["import", _fa.Path("text.safetensors"), "--out", never]);
        yield return ("import of a file that is not there", ["import", _fa.Path("gone.safetensors"), "--out", never]);
        yield return ("import of a file that says no activation", ["import", _fa.Path("silent.safetensors"), "--out", never]);
        yield return ("import with an unknown activation", ["import", _fa.Path("silent.safetensors"), "--activation", "sigmoid", "--out", never]);
        yield return ("import of a network that does not fit", ["import", _fa.Path("small.safetensors"), "--out", never]);
        yield return ("import of one that does not fit what is asked", ["import", _fa.Path("small.safetensors"), "--data", "mnist", "--out", never]);
        yield return ("import for data that are not there", ["import", _fa.Path("small.safetensors"), "--data", "minst", "--out", never]);
        yield return ("import of a folder", ["import", _fa.Path("full"), "--out", never]);
        yield return ("import into a full folder", ["import", _fa.Path("small.safetensors"), "--data", "./pictures", "--out", _fa.Path("full")]);
        yield return ("evaluate without data", ["evaluate", _fa.Path("small.safetensors")]);
        yield return ("evaluate on data that do not fit", ["evaluate", _fa.Path("small.safetensors"), "--data", "digits"]);
        yield return ("evaluate on unknown data", ["evaluate", _fa.Path("small.safetensors"), "--data", "minst"]);
        yield return ("evaluate what is not there", ["evaluate", _fa.Path("gone")]);
        yield return ("evaluate an empty folder", ["evaluate", _fa.Path("empty")]);
        yield return ("initial weights of other layers", Compare("--from", _fa.Path("small.safetensors"), "--network", "784-3-10"));
        yield return ("initial weights of another activation", Compare("--from", _fa.Path("small.safetensors"), "--activation", "relu"));
        yield return ("a command that is not there", ["comapre"]);
        yield return ("a command like no other", ["dance"]);
        yield return ("an option that is not there", Compare("--lerning-rate", "3"));
        yield return ("an option like no other", Compare("--nonsense=3"));
        yield return ("two options that are not there", Compare("--epoch", "3", "--rule", "all"));
        yield return ("an option that is called otherwise elsewhere", Compare("--lr", "0.1"));
        yield return ("an option in the place of an argument", ["train", "--lr", "0.1", "--out", never]);
        yield return ("help as a command", ["help"]);
        yield return ("version as a command", ["version"]);
        yield return ("two rules by their abbreviations", Compare("--rules", "fa,bp"));
        yield return ("a rule by its abbreviation", ["rules", "FA"]);
        yield return ("a rule by its beginning", ["rules", "backprop"]);
        yield return ("an activation by another name", Compare("--activation", "sigmoid"));
        yield return ("a report of a folder above experiments", ["report", _fa.Path("above")]);
        yield return ("a run of a folder above experiments", ["show", _fa.Path("above")]);
        yield return ("a model of a folder above experiments", ["evaluate", _fa.Path("above")]);
        yield return ("a folder above experiments to resume", ["resume", _fa.Path("above")]);
        yield return ("layers without an order", ["import", _fa.Path("square.safetensors"), "--activation", "tanh", "--data", _fa.Path("pictures"), "--out", never]);
        yield return ("layers in an order that does not name them", ["import", _fa.Path("square.safetensors"), "--activation", "tanh", "--order", "a,b", "--out", never]);
        yield return ("an optimizer without a run", ["train", _fa.Path("good.json"), "--with-optimizer", "--out", never]);
        yield return ("a training from no run", ["train", "--from", _fa.Path("empty"), "--out", never]);
        yield return ("an option without its value", Compare("--learning-rate"));
        yield return ("an option given twice", Compare("--seeds", "1", "--seeds", "2"));
        yield return ("a word too many", Compare("digits"));
        yield return ("a word after a switch", Compare("--quiet", "maybe"));

        yield return ("rules that are not there", Compare("--rules", "backprop"));
        yield return ("two rules that are not there", Compare("--rules", "feedback-aligment,hebb"));
        yield return ("no rules", Compare("--rules", ""));
        yield return ("a rule twice", Compare("--rules", "shallow,shallow"));
        yield return ("a network with a letter in it", Compare("--network", "784-x-10"));
        yield return ("a network that does not fit the digits", Compare("--network", "100-50-10"));
        yield return ("a network that does not fit a folder", Compared("--data", _fa.Path("pictures"), "--network", "4-8-10"));
        yield return ("a network with too many weights", Compare("--network", "784-99999999-10"));
        yield return ("a negative rate", Compare("--learning-rate", "-1"));
        yield return ("a rate that is no number", Compare("--learning-rate", "fast"));
        yield return ("a rate that is infinite", Compare("--learning-rate", "1e400"));
        yield return ("no seeds", Compare("--seeds", "0"));
        yield return ("seeds that are no number", Compare("--seeds", "1,2"));
        yield return ("epochs and examples", ["compare", "--epochs", "1", "--examples", "10", "--out", never]);
        yield return ("a batch of nothing", Compare("--batch", "0"));
        yield return ("more threads than can be started", Compare("--threads", "1000"));
        yield return ("half an example", ["compare", "--train", "0.5", "--out", never]);
        yield return ("more examples than memory", ["compare", "--train", "3000000", "--out", never]);
        yield return ("momentum for adam", Compare("--optimizer", "adam", "--momentum", "0.9"));
        yield return ("a schedule that needs a spec", Compare("--schedule", "step"));
        yield return ("zero weights that never learn", Compare("--init", "zero", "--activation", "relu"));
        yield return ("a loss for classes on numbers", Compared("--data", _fa.Path("numbers"), "--loss", "softmax-cross-entropy"));
        yield return ("a change of pictures that there is not", Compare("--augment", "crop 4, turn"));
        yield return ("a change of pictures twice", Compare("--augment", "crop 4, crop 5"));
        yield return ("a crop by no number", Compare("--augment", "flip, crop far"));
        yield return ("a crop out of more zeros than picture", Compare("--augment", "crop 28"));
        yield return ("changed pictures where there are none", Compared("--data", _fa.Path("numbers"), "--augment", "flip"));
        yield return ("label smoothing of another loss", Compare("--loss", "squared-error", "--label-smoothing", "0.1"));
        yield return ("coupled decay under the name of the other", Compare("--optimizer", "adamw", "--weight-decay-mode", "coupled"));
        yield return ("five mistakes on one line", Compare("--activation", "tahn", "--loss", "softmx", "--optimizer", "adm", "--batch", "0", "--momentum", "2"));

        yield return ("data that are not there", ["compare", "--data", "mnist", "--data-dir", _fa.Path("empty"), "--out", never]);
        yield return ("data that are not what they should be", ["compare", "--data", "mnist", "--data-dir", _fa.Path("set"), "--out", never]);
        yield return ("labels out of range", ["compare", "--data", "mnist", "--data-dir", _fa.Path("labels"), "--out", never]);
        yield return ("a source that is not there", Compared("--data", "minst"));
        yield return ("a folder that is not there", Compared("--data", _fa.Path("nowhere")));
        yield return ("a folder without data", Compared("--data", _fa.Path("empty")));
        yield return ("a folder without test labels", Compared("--data", _fa.Path("half")));
        yield return ("a truncated IDX file", Compared("--data", _fa.Path("truncated")));
        yield return ("an IDX file with a wrong magic number", Compared("--data", _fa.Path("magic")));
        yield return ("more examples than the files have", Compared("--data", _fa.Path("pictures"), "--train", "100"));
        yield return ("a CSV field that is no number", Compared("--data", _fa.Path("csv")));
        yield return ("a class that only the test has", Compared("--data", _fa.Path("unknown")));

        yield return ("an output folder that is not empty", ["compare", "--train", "60", "--out", _fa.Path("full")]);
        yield return ("an output folder that is a file", ["compare", "--train", "60", "--out", _fa.Path("file")]);
        yield return ("an output folder below a file", ["compare", "--train", "60", "--out", _fa.Path("file/below")]);
        yield return ("an output folder without a name", ["compare", "--train", "60", "--out", ""]);

        yield return ("five mistakes in a spec", ["train", _fa.Path("five.json"), "--out", never]);
        yield return ("five mistakes in a spec to start from", ["compare", "--spec", _fa.Path("five.json"), "--out", never]);
        yield return ("a mistake on top of a good spec", ["compare", "--spec", _fa.Path("good.json"), "--learning-rate", "0", "--out", never]);
        yield return ("no spec", ["train"]);
        yield return ("a spec that is not there", ["train", _fa.Path("none.json"), "--out", never]);
        yield return ("a spec that is a folder", ["train", _fa.Path("full"), "--out", never]);
        yield return ("a spec that is not JSON", ["train", _fa.Path("not.json"), "--out", never]);
        yield return ("a spec that is empty", ["train", _fa.Path("file"), "--out", never]);

        yield return ("a checkpoint after no example", ["train", _fa.Path("good.json"), "--checkpoint-every", "0", "--out", never]);
        yield return ("a checkpoint after half an example", Compare("--checkpoint-every", "0.5"));
        yield return ("nothing to resume", ["resume"]);
        yield return ("a folder to resume that is not there", ["resume", _fa.Path("nothing")]);
        yield return ("a folder to resume that is no run", ["resume", _fa.Path("full")]);
        yield return ("a file to resume", ["resume", _fa.Path("good.json")]);
        yield return ("a new folder for what is resumed", ["resume", _fa.Path("full"), "--out", never]);

        yield return ("a tuning by a method that is not there", ["tune", "--method", "halving", "--out", never]);
        yield return ("a tuning without trials", ["tune", "--trials", "0", "--out", never]);
        yield return ("a tuning of rules that are not there", ["tune", "--rules", "feedback-aligment", "--out", never]);
        yield return ("a tuning with more rungs than trials", ["tune", "--method", "successive-halving", "--trials", "2", "--out", never]);
        yield return ("a tuning with more rungs than examples", ["tune", "--method", "successive-halving", "--train", "60", "--examples", "5", "--out", never]);
        yield return ("a tuning in a folder that is not its own", ["tune", "--train", "60", "--out", _fa.Path("full")]);
        yield return ("a tuning of data without examples to validate on", ["tune", "--data", _fa.Path("one"), "--out", never]);
        yield return ("a forecast of more machines than layers", ["pipeline", "--network", "784-3x20-10", "--ranks", "5"]);
        yield return ("a forecast with no micro-batch", ["pipeline", "--micro-batches", "4,0"]);
        yield return ("a forecast without a network to send over", ["pipeline", "--bandwidth", "0"]);
        yield return ("a benchmark on no thread", ["bench", "--threads", "0"]);
        yield return ("a folder of runs that is not there", ["runs", _fa.Path("nowhere")]);
        yield return ("a state that is not there", ["runs", _fa.Path("empty"), "--state", "finished"]);
        yield return ("an order that is not there", ["runs", _fa.Path("empty"), "--sort", "accuracy"]);
        yield return ("a list of nothing", ["runs", _fa.Path("empty"), "--limit", "0"]);
        yield return ("no run to show", ["show"]);
        yield return ("a run that is not there", ["show", _fa.Path("nowhere")]);
        yield return ("only one run to compare", ["diff", _fa.Path("full")]);
        yield return ("a folder to compare that is no run", ["diff", _fa.Path("full"), _fa.Path("empty")]);
        yield return ("a run without a name", ["show", ""]);
        yield return ("a model without a name", ["evaluate", ""]);
        yield return ("a folder to resume without a name", ["resume", ""]);
        yield return ("no run to report", ["report"]);
        yield return ("a report of a folder that is no run", ["report", _fa.Path("full")]);
        yield return ("a report of nothing", ["report", _fa.Path("nothing")]);
        yield return ("a report of a file that is no run", ["report", _fa.Path("not.json")]);

        yield return ("no set to get", ["data", "get"]);
        yield return ("a set that nobody has", ["data", "get", "nope"]);
        yield return ("a command of data that is not there", ["data", "gte"]);
        yield return ("a source that cannot be shown", ["data", "show", "minst", "--out", never]);
        yield return ("a negative seed of digits", ["data", "show", "--seed", "-1", "--out", never]);
        yield return ("a picture below a file", ["data", "show", _fa.Path("pictures"), "--out", _fa.Path("file/picture.png")]);
    }

    private static string Quoted(string word) => word.Length == 0 ? "\"\"" : word;

    /// <summary>All files and folders, with the files' sizes.</summary>
    private List<string> Everything()
        => [.. new DirectoryInfo(_fa.Folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => $"{entry.FullName} {(entry as FileInfo)?.Length}").Order(StringComparer.Ordinal)];
}
