using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Testing.Forms;

namespace FeedbackAlignment.Experiments.Tests.Data;

/// <summary>What a user's tables and arrays are read as.</summary>
public sealed class OwnTablesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheTrainingFileDecidesTheTask()
    {
        Write("train.csv", "x,y\n" + Lines(24, row => $"{row},{row + 0.5}"));
        Write("test.csv", "x,y\n0,7\n0,7\n");

        var loaded = Load(new DataSpec { Standardize = "none" });

        Assert.False(loaded.Record.Classification);
        Assert.Equal([7f, 7f], Column(loaded.Split.Test.Targets, 0));
    }

    [Theory]
    [InlineData("label,p0,p1", "{0},{1},5")]
    [InlineData("p0,label,p1", "{1},{0},5")]
    [InlineData("p0,p1,label", "{1},5,{0}")]
    public void TheHeaderSaysWhichColumnIsTheLabel(string header, string line)
    {
        Write("train.csv", header + "\n" + Lines(24, row => Line(line, row % 2, row)));
        Write("test.csv", header + "\n" + Line(line, 1, 7) + "\n" + Line(line, 0, 8) + "\n");

        var loaded = Load(new DataSpec { Standardize = "none" });

        Assert.Equal([1, 0], loaded.Split.Test.Labels!);
        Assert.Equal([7f, 8f], Column(loaded.Split.Test.Inputs, 0));
        Assert.Contains("target label (by its name)", loaded.Remarks[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsAndClassesAreMatchedByName()
    {
        Write("train.csv", "a,b,label\n" + Lines(24, row => $"{row},{-row},{(row % 2 == 0 ? "1" : "0")}"));
        Write("test.csv", "label,b,a\n1.0,5,6\n");

        var split = Load(new DataSpec { Standardize = "none" }).Split;

        Assert.Equal([6f, 5f], split.Test.Inputs.Row(0).ToArray());
        Assert.Equal([1], split.Test.Labels!);
    }

    [Fact]
    public void AFirstLineOfTruthValuesIsAnExample()
    {
        Write("train.csv", Lines(24, row => $"{(row % 2 == 0 ? "x" : "y")},{(row % 3 == 0 ? "true" : "false")}"));
        Write("test.csv", "x,true\ny,false\ny,false\n");

        Assert.Equal([0, 1, 1], Load(new DataSpec { Target = ["1"], Header = false }).Split.Test.Labels!);
    }

    [Fact]
    public void LabelsThatAreOneFloatStayTwoClasses()
    {
        Write("train.csv", "a,label\n" + Lines(24, row => $"{row},{(row % 2 == 0 ? 16777216 : 16777217)}"));

        Assert.Equal(["16777216", "16777217"], Load(new DataSpec()).Record.Schema!.Classes!);
    }

    [Fact]
    public void TheSameBytesGiveTheSameNumbersWhateverTheirType()
    {
        double[][] Inputs(int rows) => [.. Enumerable.Range(0, rows).Select(row => (double[])[row, 255 - row])];
        double[][] Answers(int rows) => [.. Enumerable.Range(0, rows).Select(row => (double[])[row % 2])];
        _folder.Write("train-inputs.npy", Npy.Write("|u1", false, Inputs(24)));
        _folder.Write("train-labels.npy", Npy.Write("|u1", false, Answers(24), []));
        _folder.Write("test-labels.npy", Npy.Write("<f8", false, Answers(3), []));
        foreach (var type in (string[])["|u1", "<i2", ">f4"])
        {
            _folder.Write("test-inputs.npy", Npy.Write(type, true, Inputs(3)));
            Assert.Equal([0, 1], Load(new DataSpec()).Split.Test.Inputs.Row(0).ToArray());
        }

        _folder.Write("test-inputs.npy", Npy.Write("<f4", false, [[0, 1], [0.5, 1], [0, 0]]));
        Assert.Contains("bring all files to the same scale", Assert.Throws<DataSourceException>(() => Load(new DataSpec())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TablesAreStandardizedByTheTrainingExamplesAlone()
    {
        Write("train.csv", "a,big,c,label\n" + Lines(48, row => $"{row % 5},{1000 * (row % 7)},4,{row % 2}"));
        Write("test.csv", "a,big,c,label\n1000,0,9,1\n");

        var loaded = Load(new DataSpec());

        foreach (var column in (int[])[0, 1])
        {
            var numbers = Column(loaded.Split.Train.Inputs, column);
            Assert.Equal(0, numbers.Average(), 1e-5);
            Assert.Equal(1, numbers.Average(number => number * number), 1e-4);
        }

        Assert.True(loaded.Split.Test.Inputs[0, 0] > 500);
        Assert.Equal(0, loaded.Split.Test.Inputs[0, 2]);
        Assert.Contains(loaded.Remarks, remark => remark.Contains("constant columns become 0: c", StringComparison.Ordinal));
    }

    [Fact]
    public void CategoriesKeepZeroAndOneUnderARange()
    {
        Write("train.csv", "c,a,label\n" + Lines(24, row => $"{(row % 3 == 0 ? "r" : "g")},{row},{row % 2}"));
        Write("test.csv", "c,a,label\nr,51,1\n");

        Assert.Equal([0, 1, 0.2f], Load(new DataSpec { Scale = [0, 255] }).Split.Test.Inputs.Row(0).ToArray());
    }

    [Fact]
    public void MissingNumbersAreDroppedOrGetTheTrainingMean()
    {
        Write("train.csv", "a,label\n" + Lines(24, row => $"{(row == 0 ? "" : "4")},{row % 2}"));
        Write("test.csv", "a,label\nNA,1\n9,0\n");

        Assert.Equal(1, Load(new DataSpec { Missing = "drop" }).Split.Test.Count);
        var filled = Load(new DataSpec { Missing = "mean", Standardize = "none" });
        Assert.Equal([4f, 9f], Column(filled.Split.Test.Inputs, 0));
        Assert.Contains("train.csv: the training mean takes the place of 1 missing number", filled.Remarks);
        Assert.Contains("test.csv: the training mean takes the place of 1 missing number", filled.Remarks);
    }

    [Theory]
    [InlineData("train.csv", "a,note,label\n", "line 26, column 2 (note)")]
    [InlineData("test.csv", "note,label,a\n", "line 2, column 1 (note)")]
    public void ALineBreakInATextThatIsIgnoredIsSaid(string broken, string header, string place)
    {
        // The quote of line 26 (or 2) is closed by the one that opens two lines later, so that a line is lost.
        var whole = "a,note,label\n" + Lines(24, row => $"{row},fine,{row % 2}");
        Write("train.csv",
            broken == "train.csv"
            ? whole + "1,\"open,0\n2,lost,1\n3,\"closed\",1\n".Replace(",\"closed\"", ",closed\"", StringComparison.Ordinal) : whole);
        Write("test.csv", broken == "test.csv" ? header + "\"open,1,3\nlost\",0,4\n" : "a,note,label\n3,fine,1\n");

        Assert.Contains($"{broken}, {place}: the quoted field contains a line break; if its closing quote is missing, examples were lost",
            Load(new DataSpec { Ignore = ["note"] }).Remarks);
    }

    [Fact]
    public void ALineBreakInACategoryOfAnotherFileIsRefused()
    {
        Write("train.csv", "c,a,label\n" + Lines(24, row => $"{(row % 3 == 0 ? "r" : "g")},{row},{row % 2}"));
        Write("test.csv", "c,a,label\n\"r\n,5,1\ng\",6,0\n");

        var refusal = Assert.Throws<DataFormatException>(() => Load(new DataSpec { Unseen = "zeros" }));
        Assert.EndsWith("test.csv, line 2, column 1: the quoted field contains a line break; close the quote in the same line",
            refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AValueWithALineBreakIsQuotedInOneLine()
    {
        Write("train.csv", "a,b,label\n" + Lines(24, row => $"{row},{row * 7 % 5},{row % 2}") + "\"1\n2\",3,1\n");

        Assert.Contains("'1\uFFFD2' is not a finite number", Assert.Throws<DataFormatException>(() => Load(new DataSpec())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void UnseenCategoriesAreZerosWhereThatIsSaid()
    {
        Write("train.csv", "c,a,label\n" + Lines(24, row => $"{(row % 3 == 0 ? "r" : "g")},{row},{row % 2}"));
        Write("test.csv", "c,a,label\nb,5,1\n");

        Assert.Equal([0, 0, 5], Load(new DataSpec { Unseen = "zeros", Standardize = "none" }).Split.Test.Inputs.Row(0).ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ASingleFileIsDividedWithTheSameShareOfEveryClass(int seed)
    {
        Write("train.csv", "a,label\n" + Lines(120, row => $"{row},{(row % 4 == 0 ? "rare" : "often")}"));

        var split = Load(new DataSpec { Seed = (ulong)seed, Standardize = "none" }).Split;

        Assert.Equal((24, 6), (split.Test.Count, split.Test.Labels!.Count(label => label == 1)));
        Assert.Equal((8, 2), (split.Validation.Count, split.Validation.Labels!.Count(label => label == 1)));
        Assert.Equal(120, Column(split.Train.Inputs, 0).Concat(Column(split.Validation.Inputs, 0)).Concat(Column(split.Test.Inputs, 0)).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void GroupsAreNeverSplit(int seed)
    {
        // The group stands in the input too, to be seen here; 1 and 1.0 are one group.
        Write("train.csv", "p,a,label\n" + Lines(90, row => $"{row % 10}{(row % 3 == 0 ? ".0" : "")},{row % 10},{row / 2 % 2}"));

        var split = Load(new DataSpec { Seed = (ulong)seed, Group = "p", Standardize = "none" }).Split;

        float[][] groups = [.. new[] { split.Train, split.Validation, split.Test }.Select(part => Column(part.Inputs, 0).Distinct().ToArray())];
        Assert.Equal(10, groups.Sum(part => part.Length));
        Assert.All(groups, part => Assert.NotEmpty(part));
    }

    [Fact]
    public void GroupsThatTheTestFileSharesWithTheTrainingFileAreSaid()
    {
        Write("train.csv", "person,a,label\n" + Lines(40, row => $"p{row % 10},{row},{row / 2 % 2}"));
        Write("test.csv", "a,label,person\n3,1,p4\n5,0,new\n6,1,p4\n");

        Assert.Contains("test.csv: 2 of 3 examples belong to a person that the training file has too; they are not new to the network",
            Load(new DataSpec { Group = "person" }).Remarks);

        Write("test.csv", "a,label,person\n3,1,x\n5,0,y\n");
        Assert.DoesNotContain(Load(new DataSpec { Group = "person" }).Remarks,
            remark => remark.Contains("belong to", StringComparison.Ordinal));
    }

    [Fact]
    public void AValidationFileIsTheValidation()
    {
        var iris = "a,label\n" + Lines(24, row => $"{row},{row % 2}");
        Write("train.csv", iris);
        Write("val.csv", "a,label\n7,1\n");

        var split = Load(new DataSpec { Standardize = "none" }).Split;

        Assert.Equal([7f], Column(split.Validation.Inputs, 0));
        Assert.Equal(24, split.Train.Count + split.Test.Count);
    }

    [Fact]
    public void ASpecOfVersion1IsReadAsThatVersionDid()
    {
        Write("train.csv", "300,1,0\n" + Lines(24, row => $"{row},2,{row % 2}"));
        Write("test.csv", "300,1,1\n");

        var loaded = new DataSources("/nowhere").Load(new DataSpec { Source = _folder.Path }, format: 1);

        Assert.Equal([300, 1], loaded.Split.Test.Inputs.Row(0).ToArray());
        Assert.Equal([1], loaded.Split.Test.Labels!);
        Assert.Contains("the last column, as version 0.1 read it", loaded.Remarks[0], StringComparison.Ordinal);
        Assert.Contains("whole numbers, as version 0.1 read them", loaded.Remarks[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ASpecOfVersion1CountsClassesAndScalesBytesAsThatVersionDid()
    {
        double[][] Inputs(int rows) => [.. Enumerable.Range(0, rows).Select(row => (double[])[row, 13])];
        _folder.Write("train-inputs.npy", Npy.Write("|u1", false, Inputs(24)));
        _folder.Write("train-labels.npy", Npy.Write("|u1", false, [.. Enumerable.Range(0, 24).Select(row => (double[])[2 * (row % 2)])], []));
        _folder.Write("test-inputs.npy", Npy.Write("|u1", false, Inputs(2)));
        _folder.Write("test-labels.npy", Npy.Write("|u1", false, [[1], [3]], []));

        var split = new DataSources("/nowhere").Load(new DataSpec { Source = _folder.Path }, format: 1).Split;

        Assert.Equal(4, split.Test.Targets.Columns);
        Assert.Equal(13 * (1 / 255f), split.Test.Inputs[0, 1]);
        Assert.Contains("which is not a class of the training examples",
            Assert.Throws<DataFormatException>(() => Load(new DataSpec())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyQuoteThatIsMissingIsRefused()
    {
        var whole = "\"a\",\"b\",\"label\"\n" + Lines(4, row => $"\"{row + 3}\",\"{row}\",\"{(row % 2 == 0 ? "x" : "y")}\"");
        foreach (var place in Enumerable.Range(0, whole.Length).Where(place => whole[place] == '"'))
        {
            Write("train.csv", whole.Remove(place, 1));
            Assert.Contains("quote", Assert.Throws<DataFormatException>(() => Load(new DataSpec())).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ExamplesThatAreInBothPartsAreCounted()
    {
        Write("train.csv", "a,label\n" + Lines(24, row => $"{row},{row % 2}"));
        Write("test.csv", "a,label\n" + Lines(4, row => $"{20 + row + (row % 2 == 0 ? 0 : 100)},{row % 2}"));
        Write("val.csv", "a,label\n50,1\n");

        Assert.Contains("2 of 4 test examples have the inputs of a training example", Load(new DataSpec()).Remarks);
    }

    [Fact]
    public void AHeaderOfNumbersIsKnownAgain()
    {
        Write("train.csv", "0,1,2,label\n" + Lines(24, row => $"{row},7,8,{row % 2}"));
        Write("test.csv", "0,1,2,label\n5,6,7,1\n");
        Assert.Equal(1, Load(new DataSpec { Ignore = [] }).Split.Test.Count);

        // A line of data whose numbers are names of columns by chance is no header.
        Write("test.csv", "0,2,1,1\n0,1,2,0\n");
        Assert.Equal(2, Load(new DataSpec { Ignore = [] }).Split.Test.Count);
    }

    [Fact]
    public void BytesThatAreYesAndNoAreNoGrayValues()
    {
        WriteArrays(24, "train", row => row % 3 == 0 ? 1 : 0);
        WriteArrays(4, "test", row => row % 2);

        var loaded = Load(new DataSpec { Standardize = "none" });

        Assert.Equal([0f, 1f, 0f, 1f], Column(loaded.Split.Test.Inputs, 0));
        Assert.Null(loaded.Spec.Scale);
    }

    [Fact]
    public void WhatIsSaidOfColumnsIsRefusedWhereThereAreNone()
    {
        WriteArrays(24, "train", row => row);
        Assert.StartsWith("data.decimalSeparator (--decimal): only",
            Assert.Throws<DataSourceException>(() => Load(new DataSpec { DecimalSeparator = "," })).Message, StringComparison.Ordinal);
        Assert.Equal("data.target (--target): only CSV files have columns, but these data are NPY; leave it out", Assert.Throws<DataSourceException>(() => Load(new DataSpec { Target = ["a"] })).Message);

        Write("train.csv", "a,label\n1,0\n2,1\n");
        Assert.Contains("there are NPY and CSV files", Assert.Throws<DataSourceException>(() => Load(new DataSpec())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImagesOfUnknownRangeAreRefused()
    {
        _folder.Write("train-inputs.npy", Npy.Write("<f4", false, [.. Enumerable.Range(0, 24).Select(row => (double[])[row, 2, 3, 200])], [2, 2]));
        _folder.Write("train-labels.npy", Npy.Write("|u1", false, [.. Enumerable.Range(0, 24).Select(row => (double[])[row % 2])], []));
        Assert.Contains("their type does not say which value is white",
            Assert.Throws<DataSourceException>(() => Load(new DataSpec())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasReadIsReadAgainWithoutAGuess()
    {
        Write("train.csv", "label;a\n" + Lines(24, row => $"{(row % 2 == 0 ? "x" : "y")};{row},5"));
        var first = Load(new DataSpec());
        var again = Load(first.Spec);

        Assert.DoesNotContain("seen from the data", again.Remarks[0], StringComparison.Ordinal);
        Assert.Null(FormsCheck.Difference("inputs", first.Split.Train.Inputs, again.Split.Train.Inputs));
    }

    private void WriteArrays(int count, string part, Func<int, double> input)
    {
        _folder.Write($"{part}-inputs.npy", Npy.Write("|u1", false, [.. Enumerable.Range(0, count).Select(row => (double[])[input(row), 0])]));
        _folder.Write($"{part}-labels.npy", Npy.Write("|u1", false, [.. Enumerable.Range(0, count).Select(row => (double[])[row % 2])], []));
    }

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(row => FormattableString.Invariant($"{line(row)}\n")));

    private static string Line(string form, int label, int pixel)
        => form.Replace("{0}", $"{label}", StringComparison.Ordinal).Replace("{1}", $"{pixel}", StringComparison.Ordinal);

    private static float[] Column(FeedbackAlignment.Numerics.Matrix matrix, int column) => [.. Enumerable.Range(0, matrix.Rows).Select(row => matrix[row, column])];

    private void Write(string name, string text) => _folder.Write(name, Encoding.UTF8.GetBytes(text));

    private LoadedData Load(DataSpec spec) => new DataSources("/nowhere").Load(spec with { Source = _folder.Path });
}
