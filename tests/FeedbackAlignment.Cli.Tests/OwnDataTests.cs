using System.Globalization;
using System.Text.Json.Nodes;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>From a user's own table to answers: train, show, predict, evaluate.</summary>
public sealed class OwnDataTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void EveryRowIsAnsweredInItsOrderAndIdsAreCarriedOver()
    {
        var run = Pets();
        var file = _fa.Write("new.csv", "color,note,Id,length\nred,\"a, b\",7,9.1\nblue,,3,0.2\nred,x,5,0.4\n");

        Assert.Equal(ExitCode.Done, _fa.Run("predict", run, file));

        string[] lines = _fa.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("note,Id,prediction,p(cat),p(dog)", lines[0]);
        Assert.StartsWith("\"a, b\",7,dog,", lines[1]);
        Assert.StartsWith(",3,cat,", lines[2]);
        Assert.StartsWith("x,5,cat,", lines[3]);
        Assert.Equal(4, lines.Length);
        Assert.All(lines.Skip(1), line => Assert.Equal(1, line.Split(',')[^2..].Sum(share => double.Parse(share, CultureInfo.InvariantCulture)), 1e-6));
    }

    [Fact]
    public void TheOrderOfColumnsTheSeparatorAndTheDecimalSignOfANewFileAreItsOwn()
    {
        var run = Pets();
        _fa.Run("predict", run, _fa.Write("one.csv", "Id,length,color\n1,9.5,red\n2,0.25,blue\n"));
        var expected = _fa.Output;

        Assert.Equal(ExitCode.Done, _fa.Run("predict", run, _fa.Write("two.csv", "color;Id;length\nred;1;9,5\nblue;2;0,25\n")));
        Assert.Equal(expected, _fa.Output);
    }

    [Fact]
    public void StandardInputIsAFileAndTheTargetMayBeThere()
    {
        var run = Pets();
        _fa.Input = "animal,length,color,Id\ncat,9.5,red,1\n";

        Assert.Equal(ExitCode.Done, _fa.Run("predict", run, "-"));
        Assert.StartsWith("animal,Id,prediction,p(cat),p(dog)\ncat,1,dog,", _fa.Output);
    }

    [Theory]
    [InlineData("Id,length,color\n1,9,red\n2,oops,red\n", "line 3, column 2: 'oops' is not a finite number")]
    [InlineData("Id,length,color\n1,9,red\n2,,red\n", "line 3, column 2: '' is a missing value; use --missing drop")]
    [InlineData("Id,length,color\n1,9,green\n", "line 2, column 3: 'green' is not a category of color in the training file (blue, red)")]
    [InlineData("Id,size,color\n1,9,red\n", "line 1: there is no column \"length\", which the training file has; the columns here are Id, size, color")]
    public void WhatDoesNotFitRefusesTheFile(string text, string message)
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run("predict", Pets(), _fa.Write("new.csv", text), "--out", _fa.Path("answers.csv")));
        Assert.Contains($"fa: TEMP/new.csv, {message}", _fa.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_fa.Path("answers.csv")));
    }

    [Theory]
    [InlineData("digits")]
    [InlineData("mnist.csv")]
    public void NumbersOnAnotherScaleThanTheTrainingExamplesAreRefused(string source)
    {
        var pixels = string.Join(',', Enumerable.Range(0, 16).Select(pixel => $"p{pixel}"));
        string Picture(int row, double scale)
            => string.Join(',',
                Enumerable.Range(0, 16).Select(pixel => FormattableString.Invariant($"{(row * 37 + pixel * 91) % 256 * scale}")));
        _fa.Write("mnist.csv",
            $"label,{pixels}\n{string.Join('\n', Enumerable.Range(0, 48).Select(row => $"{row % 2},{Picture(row, 1)}"))}\n");
        string[] own = source == "digits" ? ["--train", "60", "--network", "784-4-10"]
            : ["--data", _fa.Path(source), "--scale", "0..255", "--network", "16-4-2"];
        Assert.Equal(ExitCode.Done,
            _fa.Run([.. "compare --rules shallow --seeds 1 --epochs 1 --quiet --out".Split(' '), _fa.Path("run"), .. own]));

        // Already divided by 255; or, for the digits, not yet.
        var file = source == "digits" ? _fa.Write("new.csv", $"{string.Join(',', Enumerable.Repeat("200", 784))}\n")
            : _fa.Write("new.csv", $"{pixels}\n{Picture(1, 1 / 255.0)}\n");
        Assert.Equal(ExitCode.BadInput, _fa.Run("predict", _fa.Path("run"), file));
        Assert.Matches(
            @"fa: TEMP/new\.csv: the inputs go up to [\d.]+, but those of the training file to [\d.]+; bring all files to the same scale",
            _fa.Error);
    }

    [Fact]
    public void WhatAPredictionFileHidesIsSaid()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("predict", Pets(), _fa.Write("new.csv", "Id,length,color\n\"1\nb\",9,red\n")));
        Assert.Contains("fa: note: new.csv, line 2, column 1 (Id): the quoted field contains a line break", _fa.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhoKeepsGoingGetsAnEmptyAnswerForARowThatCannotBeRead()
    {
        var file = _fa.Write("new.csv", "Id,length,color\n1,9,red\n2,oops,red\n3,0.1,red\n");

        Assert.Equal(ExitCode.Done, _fa.Run("predict", Pets(), file, "--keep-going", "--out", _fa.Path("answers.csv")));

        string[] lines = File.ReadAllLines(_fa.Path("answers.csv"));
        Assert.StartsWith("1,dog,", lines[1]);
        Assert.Equal("2,,,", lines[2]);
        Assert.StartsWith("3,cat,", lines[3]);
        Assert.Contains("1 of 3 rows could not be read and have no answer", _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AmountsAreAnsweredInTheUnitsOfTheFile()
    {
        var run = Houses();

        Assert.Equal(ExitCode.Done, _fa.Run("predict", run, _fa.Write("new.csv", "area\n20\n60\n")));
        double[] answers = [.. _fa.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        Assert.InRange(answers[0], 240_000, 260_000);
        Assert.InRange(answers[1], 640_000, 660_000);

        Assert.Equal(ExitCode.Done, _fa.Run("evaluate", run, "--data", _fa.Path("houses")));
        Assert.Matches(@"price +[\d.,  ]+(e\d)? +0\.99\d\d +", _fa.Output);
    }

    [Fact]
    public void ClassesOfOtherDataAreMatchedByName()
    {
        var run = Pets();
        _fa.Write("other/test.csv", "animal,length,color,Id\ndog,9.1,red,1\ndog,8.7,blue,2\ncat,0.2,red,3\n");

        Assert.Equal(ExitCode.Done, _fa.Run("evaluate", run, "--data", _fa.Path("other")));
        Assert.Contains("error 0.00 % of 3 examples", _fa.Output, StringComparison.Ordinal);
        Assert.Matches(@"dog +0 +2 +100\.0 %", _fa.Output);

        _fa.Write("other/test.csv", "animal,length,color,Id\nfox,9.1,red,1\n");
        Assert.Equal(ExitCode.BadInput, _fa.Run("evaluate", run, "--data", _fa.Path("other")));
        Assert.Contains("'fox' is not a class of the training file; it must be one of cat, dog", _fa.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnExportedModelAnswersAsTheRunDoes()
    {
        var run = Pets();
        var file = _fa.Write("new.csv", "Id,length,color\n1,9,red\n2,0.3,blue\n");
        _fa.Run("predict", run, file);
        var expected = _fa.Output;

        Assert.Equal(ExitCode.Done, _fa.Run("export", run, "--format", "safetensors", "--out", _fa.Path("model.safetensors")));
        Assert.Equal(ExitCode.Done, _fa.Run("predict", _fa.Path("model.safetensors"), file));
        Assert.Equal(expected, _fa.Output);
    }

    [Fact]
    public void ARunWithoutASchemaSaysWhatItAssumes()
    {
        var run = Pets();
        var record = _fa.Path("run/data.json");
        var json = JsonNode.Parse(File.ReadAllText(record))!.AsObject();
        json.Remove("schema");
        File.WriteAllText(record, json.ToJsonString());

        Assert.Equal(ExitCode.Done, _fa.Run("predict", run, _fa.Write("new.csv", "1.5,2,3\n4,5,6\n")));
        Assert.Contains("does not say how its inputs were read and scaled; numbers are used unchanged", _fa.Error,
            StringComparison.Ordinal);
        Assert.StartsWith("line,output1,output2\n1,", _fa.Output);
    }

    [Fact]
    public void DataShowSaysHowATableIsRead()
    {
        Pets();
        Assert.Equal(ExitCode.Done, _fa.Run("data", "show", _fa.Path("pets"), "--ignore", "Id", "--target", "animal"));
        Approved.Matches("tests/FeedbackAlignment.Cli.Tests/Approved/DataShow.txt", _fa.Output);
    }

    [Fact]
    public void WhatWasSeenFromTheFilesIsRecordedAndNeverGuessedAgain()
    {
        Pets();
        var spec = JsonNode.Parse(File.ReadAllText(_fa.Path("run/spec.json")))!["data"]!;
        Assert.Equal("animal", (string?)spec["target"]![0]);
        Assert.Equal("classify", (string?)spec["task"]);
        Assert.Equal((true, ",", ".", "inputs"), ((bool)spec["header"]!, (string?)spec["separator"], (string?)spec["decimalSeparator"], (string?)spec["standardize"]));

        Assert.Equal(ExitCode.Done, _fa.Run("train", _fa.Path("run/spec.json"), "--out", _fa.Path("again"), "--quiet"));
        Assert.Equal(File.ReadAllText(_fa.Path("run/spec.json")), File.ReadAllText(_fa.Path("again/spec.json")));
        Assert.Equal(File.ReadAllBytes(_fa.Path("run/runs/backpropagation-1/weights.npz")), File.ReadAllBytes(_fa.Path("again/runs/backpropagation-1/weights.npz")));
    }

    /// <summary>A run that has learned to tell short cats from long dogs.</summary>
    private string Pets()
    {
        var rows = Enumerable.Range(0, 60).Select(row => row % 2 == 0 ? $"{row + 1},{(row % 10) * 0.1:0.0},{Color(row)},cat" : $"{row + 1},{8 + (row % 10) * 0.2:0.0},{Color(row)},dog");
        _fa.Write("pets/train.csv", $"Id,length,color,animal\n{string.Join('\n', rows)}\n");
        _fa.Write("pets/test.csv", "Id,length,color,animal\n1,0.3,red,cat\n2,9,blue,dog\n");
        Assert.Equal(ExitCode.Done, _fa.Run(
            "compare", "--data", _fa.Path("pets"), "--target", "animal", "--ignore", "Id", "--rules", "backpropagation", "--seeds", "1",
            "--network", "3-8-2", "--epochs", "20", "--batch", "4", "--quiet", "--out", _fa.Path("run")));
        return _fa.Path("run");

        static string Color(int row) => row % 3 == 0 ? "red" : "blue";
    }

    /// <summary>A run that has learned what an area costs.</summary>
    private string Houses()
    {
        _fa.Write("houses/train.csv", $"area,price\n{string.Join('\n', Enumerable.Range(1, 100).Select(area => $"{area},{50_000 + 10_000 * area}"))}\n");
        _fa.Write("houses/test.csv", $"area,price\n{string.Join('\n', Enumerable.Range(1, 20).Select(area => $"{area * 4.5},{50_000 + 45_000 * area}"))}\n");
        Assert.Equal(ExitCode.Done, _fa.Run(
            "compare", "--data", _fa.Path("houses"), "--target", "price", "--task", "regress", "--rules", "backpropagation", "--seeds", "1",
            "--network", "1-10-1", "--epochs", "60", "--batch", "4", "--quiet", "--out", _fa.Path("priced")));
        return _fa.Path("priced");
    }
}
