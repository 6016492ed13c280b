using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>
/// A folder in which every text gives the terminal commands, goes on in a new line and turns the direction of writing. It prints as many
/// lines as the same folder with honest texts of the same length, and no control character.
/// </summary>
public sealed class ForeignTextTests : IDisposable
{
    private const string Hostile = "\u001b]0;pwn\u0007\u202e\nx", Honest = "Q]0;pwnQQQx";

    /// <summary>Keys whose texts are free: names, descriptions, reasons. The others are ids, numbers as text, dates and checksums.</summary>
    private static readonly string[] _free =
        ["name", "description", "reason", "classes", "classNames", "targetNames", "inputNames", "names", "system", "runtime", "version",
            "summary", "formula", "paper"];

    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void NoCommandPrintsWhatAFolderWantsToSayToTheTerminal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file names have no control characters there");
        var (hostile, honest) = (Copies(Hostile), Copies(Honest));
        var said = Said(honest, Honest, _free);
        Assert.Equal(said, Said(hostile, Hostile, _free));
        Assert.All(said[..6], command => Assert.StartsWith("0 ", command.Command, StringComparison.Ordinal));
        Assert.Contains(said, command => command.Command.StartsWith("0 predict", StringComparison.Ordinal));
    }

    /// <summary>Every key by itself, ids too: what cannot be read is refused in as many lines.</summary>
    [Fact]
    public void NoKeyOfARecordReachesTheTerminalAsItIs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file names have no control characters there");
        var keys = new HashSet<string>();
        foreach (var file in Records(Trained()))
        {
            Rename(JsonNode.Parse(File.ReadAllText(file))!, "", key => keys.Add(key));
        }

        Assert.InRange(keys.Count, 20, 200);
        Assert.Equal(keys.Select(key => (key, Counted(Honest, key))), keys.Select(key => (key, Counted(Hostile, key))));
    }

    [Fact]
    public void JsonKeepsTheValues()
    {
        var run = Changed(Trained(), "json", Hostile, _free.Contains);
        Assert.Equal(ExitCode.Done, _fa.Run("show", run, "--json"));
        AssertPrintable(_fa.Output);
        Assert.EndsWith(Hostile, (string?)JsonNode.Parse(_fa.Output)!["spec"]!["name"], StringComparison.Ordinal);
        Assert.Contains("\\u202E", _fa.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, _fa.Run("runs", run, "--json"));
        AssertPrintable(_fa.Output);
    }

    [Fact]
    public void ThePageHasNothingOfIt()
    {
        var run = Changed(Trained(), "page", Hostile, _free.Contains);
        Assert.Equal(ExitCode.Done, _fa.Run("report", run, "--out", _fa.Path("page.html")));
        AssertPrintable(File.ReadAllText(_fa.Path("page.html")));
    }

    [Fact]
    public void ErrorsAreShortLinesThatKeepALongPath()
    {
        var path = string.Concat(Enumerable.Repeat("/a-long-name", 330));
        Assert.Equal(ExitCode.BadInput, _fa.Run("show", path));
        Assert.StartsWith($"fa: {path}", _fa.Error, StringComparison.Ordinal);
        Assert.Single(_fa.Error.TrimEnd('\n').Split('\n'));

        Assert.Equal(ExitCode.BadInput, _fa.Run("show", new string('a', 100_000) + Hostile));
        Assert.InRange(_fa.Error.Length, 4_000, 5_010);
        foreach (var command in (string[][])[["show"], ["runs"], ["resume"], ["report"], ["evaluate"], ["train"], ["import"],
            ["data", "show"], [], ["rules"], ["predict", "x"], ["export", "--format"]])
        {
            _fa.Run([.. command, $"./{Hostile}"]);
            AssertPrintable(_fa.Output + _fa.Error);
            Assert.Single(_fa.Error.TrimEnd('\n').Split('\n'));
        }
    }

    /// <summary>Names of layers come out of a file with escapes for what they want to say.</summary>
    [Fact]
    public void LayersOfAnyNameEndInAValueOrALine()
    {
        var file = _fa.Write("layers.safetensors", Layers($"a{Hostile}", $"b{Hostile}"));
        foreach (var args in (string[][])[["import", file, "--activation", "tanh", "--out", _fa.Path("new")],
            ["evaluate", file, "--activation", "tanh", "--data", "digits"],
            ["predict", file, _fa.Write("rows.csv", "1,2,3\n4,5,6\n"), "--activation", "tanh"],
            ["import", file, "--activation", "tanh", "--order", "a,b", "--out", _fa.Path("other")]])
        {
            Assert.InRange(_fa.Run(args), ExitCode.Done, ExitCode.BadInput);
            Assert.DoesNotContain("something went wrong", _fa.Error, StringComparison.Ordinal);
            AssertPrintable(_fa.Output + _fa.Error);
            Assert.InRange(_fa.Error.Split('\n').Length, 1, 3);
        }
    }

    [Fact]
    public void AClassThatIsAFormulaIsATextInTheAnswersAndComesBack()
    {
        const string formula = "=HYPERLINK(\"http://x\")";
        var run = Trained(formula, "-1");
        var file = _fa.Write("new.csv", "note,length,color\n\"=1+1\",9,red\n-5,0.1,red\n");
        Assert.Equal(ExitCode.Done, _fa.Run("predict", run, file, "--out", _fa.Path("answers.csv")));
        var lines = File.ReadAllLines(_fa.Path("answers.csv"));
        Assert.StartsWith("'=1+1,-1,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("-5,\"'=HYPERLINK(\"\"http://x\"\")\",", lines[2], StringComparison.Ordinal);

        _fa.Write("back/test.csv", "length,color,animal\n0.1,red,\"'=HYPERLINK(\"\"http://x\"\")\"\n9,blue,-1\n");
        Assert.Equal(ExitCode.Done, _fa.Run("evaluate", run, "--data", _fa.Path("back")));
        Assert.Contains("error 0.00 % of 2 examples", _fa.Output.Replace('\u202f', ' ').Replace('\u00a0', ' '), StringComparison.Ordinal);
    }

    /// <summary>What no line was told to clean is held back by the writers themselves.</summary>
    [Fact]
    public void TheWritersAreTheLastDefence()
    {
        using var text = new StringWriter { NewLine = "\n" };
        using var writer = PrintableWriter.To(text, () => false);
        writer.Write("a\u001b");
        writer.Write('\u202e');
        writer.WriteLine("b\u0007\tc");
        writer.Write(['d', '\r'], 0, 2);
        writer.WriteLine();
        Assert.Equal("a\uFFFD\uFFFDb\uFFFD\tc\nd\uFFFD\n", text.ToString());
    }

    [Fact]
    public void WhatIsDrawnLiveKeepsOnlyTheConsolesOwnSequences()
    {
        using var drawn = new Fa(terminal: true);
        drawn.DrawRaw("x\u001b]0;pwn\u0007\u202ey");
        Assert.Contains("x\uFFFD]0;pwn\uFFFD\uFFFDy", drawn.Output, StringComparison.Ordinal);
        Assert.Contains("\u001b[", drawn.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0007', drawn.Output);
        Assert.DoesNotContain('\u202e', drawn.Output);
    }

    /// <summary>What each command says on a folder, in numbers of lines.</summary>
    private List<(string Command, int Lines)> Said((string First, string Second, string Data) copies, string suffix, string[] free)
    {
        var (first, second) = (Changed(copies.First, "one" + suffix, suffix, free.Contains),
            Changed(copies.Second, "two" + suffix, suffix, free.Contains));

        // Without a header columns are matched by their positions, whatever they are called.
        var file = _fa.Write("new.csv", "1,9,red,\n2,0.1,blue,\n");
        string[][] commands =
        [
            ["runs", first], ["show", first], ["show", Path.Combine(first, "runs", "backpropagation-1")], ["diff", first, second],
            ["report", first, second, "--out", _fa.Path("both.html")],
            ["data", "show", copies.Data, "--target", "animal", "--ignore", "Id"], ["data", "show", copies.Data], ["evaluate", first],
            ["predict", first, file],
            ["predict", first, file, "--out", _fa.Path("answers.csv")], ["export", first, "--format", "onnx"],
            ["export", first, "--format", "tensorboard"],
            ["resume", first], ["evaluate", first, "--data", copies.Data],
        ];
        List<(string, int)> said = [];
        foreach (var command in commands)
        {
            var code = _fa.Run(command);
            AssertPrintable(_fa.Output + _fa.Error);
            Assert.DoesNotContain("something went wrong", _fa.Error, StringComparison.Ordinal);
            said.Add(($"{code} {string.Join(' ', command)}".Replace(suffix, "", StringComparison.Ordinal)
                .Replace(_fa.Folder, "", StringComparison.Ordinal), (_fa.Output + _fa.Error).Split('\n').Length));
        }

        AssertPrintable(File.ReadAllText(_fa.Path("both.html")));
        return said;
    }

    private int Counted(string suffix, string key)
    {
        var run = Changed(Trained(), $"key{(suffix == Honest ? 1 : 2)}", suffix, other => other == key);
        var lines = 0;
        foreach (var command in (string[][])[["runs", run], ["show", run], ["report", run]])
        {
            _fa.Run(command);
            AssertPrintable(_fa.Output + _fa.Error);
            Assert.True(!_fa.Error.Contains("something went wrong", StringComparison.Ordinal), $"{key}: {_fa.Error}");
            lines += (_fa.Output + _fa.Error).Split('\n').Length;
        }

        return lines;
    }

    /// <summary>Two copies of a trained run, and its data in a folder of a name with the suffix.</summary>
    private (string First, string Second, string Data) Copies(string suffix)
    {
        var run = Trained();
        var data = _fa.Path($"data{suffix}");
        Directory.CreateDirectory(data);
        File.WriteAllText(Path.Combine(data, "train.csv"), File.ReadAllText(_fa.Path("pets/train.csv"))
            .Replace("cat", $"cat{suffix.Replace('\n', 'Q')}", StringComparison.Ordinal)
            .Replace("length", $"length{(suffix == Hostile ? '\u202e' : 'Q')}", StringComparison.Ordinal));
        return (run, run, data);
    }

    private string Trained(string cat = "cat", string dog = "dog")
    {
        if (!Directory.Exists(_fa.Path("run")))
        {
            var rows = Enumerable.Range(0, 60)
                .Select(row => row % 2 == 0 ? $"{row + 1},{(row % 10) * 0.1:0.0},red,{Quoted(cat)}"
                : $"{row + 1},{8 + ((row % 10) * 0.2):0.0},blue,{Quoted(dog)}");
            _fa.Write("pets/train.csv", $"Id,length,color,animal\n{string.Join('\n', rows)}\n");
            Assert.Equal(ExitCode.Done, _fa.Run(
                "compare", "--data", _fa.Path("pets"), "--target", "animal", "--task", "classify", "--ignore", "Id", "--rules",
                    "backpropagation", "--seeds", "1",
                "--network", "3-8-2", "--epochs", "20", "--batch", "4", "--quiet", "--out", _fa.Path("run")));
        }

        return _fa.Path("run");

        static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A copy of a folder whose texts of some keys all end in a suffix.</summary>
    private string Changed(string folder, string name, string suffix, Predicate<string> keys)
    {
        var copy = _fa.Path(name);
        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        foreach (var file in Records(copy))
        {
            var record = JsonNode.Parse(File.ReadAllText(file))!;

            // A spec is refused for its name alone; then nothing else would be seen.
            Rename(record, suffix, key => keys(key) && !(key == "name" && Path.GetFileName(file) == "spec.json"));
            File.WriteAllText(file, record.ToJsonString());
        }

        return copy;
    }

    private static string[] Records(string folder) => Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories);

    private static void Rename(JsonNode? node, string suffix, Predicate<string> keys, string key = "")
    {
        switch (node)
        {
            case JsonObject section:
                foreach (var (name, value) in section.ToList())
                {
                    if (value is JsonValue text && text.TryGetValue<string>(out var written))
                    {
                        section[name] = keys(name) ? written + suffix : written;
                    }
                    else
                    {
                        Rename(value, suffix, keys, name);
                    }
                }

                break;
            case JsonArray list:
                for (var index = 0; index < list.Count; index++)
                {
                    if (list[index] is JsonValue text && text.TryGetValue<string>(out var written))
                    {
                        list[index] = keys(key) ? written + suffix : written;
                    }
                    else
                    {
                        Rename(list[index], suffix, keys, key);
                    }
                }

                break;
        }
    }

    private static void AssertPrintable(string text)
    {
        var place = text.ToList().FindIndex(letter => letter != '\n'
            && (letter is < ' ' or (>= '\u007f' and <= '\u009f') or '\u200e' or '\u200f' or '\u061c' or '\ufeff'
            or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069')));
        Assert.True(place < 0, place < 0 ? "" : $"U+{(int)text[place]:X4} in: …{text[Math.Max(0, place - 60)..place]}");
    }

    /// <summary>Two layers, 3-4-2, under names of one's own.</summary>
    private static byte[] Layers(string first, string second)
    {
        var header = new JsonObject();
        var offset = 0;
        foreach (var (name, shape) in (ReadOnlySpan<(string, int[])>)[($"{first}.weight", [4, 3]), ($"{first}.bias", [4]),
            ($"{second}.weight", [2, 4]), ($"{second}.bias", [2])])
        {
            var bytes = 4 * shape.Aggregate(1, (product, size) => product * size);
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(offset, offset + bytes)
            };
            offset += bytes;
        }

        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        var file = new byte[8 + text.Length + offset];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return file;
    }
}
