using System.Buffers.Binary;
using System.Text.RegularExpressions;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Studies.Clusters;
using FeedbackAlignment.Training;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>The command <c>fa</c> in this process, with a folder of its own that is gone after the test.</summary>
internal sealed partial class Fa : IDisposable
{
    private readonly StringWriter _output = new(), _error = new();
    private readonly bool _terminal, _ansi;

    /// <param name="terminal">Whether a person looks at standard output and standard error.</param>
    /// <param name="dumb">Whether that terminal knows no control sequences (<c>TERM=dumb</c>).</param>
    public Fa(bool terminal = false, bool dumb = false) => (_terminal, _ansi) = (terminal, terminal && !dumb);

    public string Folder { get; } = Directory.CreateTempSubdirectory("fa-cli-").FullName;

    /// <summary>An experiment of a fraction of a second: 8 runs.</summary>
    public string[] Tiny => ["compare", "--spec", Write("tiny.json", """{ "data": { "train": 60, "validation": 100, "test": 100 }, "seeds": [1, 2] }"""),
        "--network", "784-8-10", "--epochs", "2", "--batch", "16"];

    /// <summary>The environment's FA_DATA.</summary>
    public string? DataVariable { get; set; }

    /// <summary>What specs, options and commands can name.</summary>
    public Components Components { get; init; } = Components.Standard;

    /// <summary>Other variables of the environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>What it is among other processes, where its variables say that there are some.</summary>
    public IRanks? Ranks { get; set; }

    /// <summary>Slurm's commands.</summary>
    public SlurmTools Slurm { get; set; } = new((program, _) => throw new FolderException($"{program}: cannot be run"));

    /// <summary>What comes from standard input.</summary>
    public string Input { get; set; } = "";

    /// <summary>What is to be typed for <c>fa</c>; null: it is a command.</summary>
    public string? StandsForFa { get; set; }

    /// <summary>What went to standard output, with the names of temporary folders masked.</summary>
    public string Output => Masked(_output);

    /// <summary>What went to standard error.</summary>
    public string Error => Masked(_error);

    public int Run(params IEnumerable<string> args) => Run(args, default);

    public int Run(IEnumerable<string> args, CancellationToken cancellation)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        return new FaCommand(Terminal()).Run([.. args], cancellation);
    }

    /// <summary>Runs a command that must be done.</summary>
    public void Done(params string[] command)
    {
        var code = Run(command);
        Assert.True(code == ExitCode.Done, $"{string.Join(' ', command)}: {Error}");
    }

    /// <summary>
    /// Runs a command that trains one run: once as a whole, once stopped at its beginning and continued by <c>fa resume</c>. The weights of
    /// the run must be the same bits.
    /// </summary>
    /// <param name="command">The command, without <c>--out</c>.</param>
    /// <param name="run">Name of the run's folder.</param>
    /// <param name="whileStopped">What is to be looked at in between, given the experiment's folder.</param>
    public void StopsAndGoesOnToTheSameBits(string[] command, string run, Action<string>? whileStopped = null)
    {
        Done([.. command, "--out", Path("whole")]);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Run([.. command, "--out", Path("stopped")], stop.Token);
        whileStopped?.Invoke(Path("stopped"));
        Done("resume", Path("stopped"));
        Assert.Equal(File.ReadAllBytes(Path($"whole/runs/{run}/weights.npz")), File.ReadAllBytes(Path($"stopped/runs/{run}/weights.npz")));
    }

    /// <summary>A command, before it runs.</summary>
    public FaCommand Command() => new(Terminal());

    /// <summary>Draws a text live, as progress is drawn.</summary>
    public void DrawRaw(string text) => Terminal().Output.Live(new Text(text)).Start(context => context.Refresh());

    /// <summary>What a command writes to; each command holds its own.</summary>
    public Terminal Terminal() => new()
    {
        Components = Components,
        Output = Console(_output),
        Side = Console(_error),
        PlainOutput = _output,
        Error = _error,
        Input = () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Input)),
        StandsForFa = StandsForFa,
        Variable = name => name == DataDirectory.Variable ? DataVariable : Variables.GetValueOrDefault(name),
        Program = ["/opt/dotnet", "/opt/fa dir/fa.dll"],
        Slurm = Slurm,
        JoinRanks = (_, _) => Ranks ?? throw new InvalidOperationException("there are no ranks"),
    };

    public string Path(string name) => System.IO.Path.Combine(Folder, name.Replace('/', System.IO.Path.DirectorySeparatorChar));

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllBytes(Path(name), content);
        return Path(name);
    }

    /// <summary>A folder of pictures of 2 × 2 pixels in 3 classes, named like MNIST's files: 24 to learn from, 9 to be tested on.</summary>
    public string WritePictures(string folder)
    {
        foreach (var (part, count) in (ReadOnlySpan<(string, int)>)[("train", 24), ("t10k", 9)])
        {
            Write($"{folder}/{part}-images-idx3-ubyte", [0, 0, 8, 3, .. Number(count), .. Number(2), .. Number(2), .. Enumerable.Range(0, 4 * count).Select(pixel => (byte)(pixel * 37))]);
            Write($"{folder}/{part}-labels-idx1-ubyte", [0, 0, 8, 1, .. Number(count), .. Enumerable.Range(0, count).Select(example => (byte)(example % 3))]);
        }

        return Path(folder);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private IAnsiConsole Console(StringWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = _ansi ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = _terminal ? InteractionSupport.Yes : InteractionSupport.No,
        Out = new Screen(writer, _terminal),
    });

    /// <summary>Without the temporary folder and the ends of lines that a screen's width fills with spaces.</summary>
    private string Masked(StringWriter text) => LineEnds().Replace(text.ToString().Replace(Folder, "TEMP").Replace(System.IO.Path.DirectorySeparatorChar, '/'), "\n");

    [GeneratedRegex(" *\r?\n")]
    private static partial Regex LineEnds();

    private sealed class Screen(TextWriter writer, bool terminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => terminal;

        public int Width => 80;

        public int Height => 24;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
