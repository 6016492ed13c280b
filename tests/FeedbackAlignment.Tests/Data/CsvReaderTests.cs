using System.Text;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Tests.Data;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("5.1,3.5,1\n4.9,3,0\n")]
    [InlineData("length,width,kind\n5.1,3.5,1\n4.9,3,0\n")]
    [InlineData("0,1,label\r\n5.1, 3.5 ,1\r\n\r\n\"4.9\",3,0")]
    public void TheLastColumnIsTheClassAndAHeaderIsOptional(string text)
    {
        var (examples, classes) = Read(text);

        Assert.Equal([5.1f, 3.5f], examples.Inputs.Row(0).ToArray());
        Assert.Equal([4.9f, 3f], examples.Inputs.Row(1).ToArray());
        Assert.Equal([1, 0], examples.Labels!);
        Assert.Equal(["0", "1"], classes!);
    }

    [Fact]
    public void NamesOfClassesAreSortedAndNumbersOrderedBySize()
    {
        Assert.Equal(["setosa", "virginica"], Read("1,virginica\n2,setosa\n").Classes!);
        Assert.Equal(["2", "10"], Read("1,10\n2,2\n").Classes!);
    }

    [Fact]
    public void AnotherFileUsesTheClassesOfTheTrainingFile()
    {
        var (examples, classes) = Read("1,b\n2,b\n", ["a", "b", "c"]);

        Assert.Equal([1, 1], examples.Labels!);
        Assert.Equal(3, examples.Targets.Columns);
        Assert.Equal(3, classes!.Count);
    }

    [Fact]
    public void ColumnsNamedTargetAreNumbersToLearn()
    {
        var (examples, classes) = Read("a,target1,target2\n1,2,3\n4,5,6\n");

        Assert.Null(classes);
        Assert.Null(examples.Labels);
        Assert.Equal([5f, 6f], examples.Targets.Row(1).ToArray());
    }

    [Fact]
    public void FractionsInTheLastColumnAreATarget()
        => Assert.Equal(0.25f, Read("1,0.25\n2,3\n").Examples.Targets[0, 0]);

    [Theory]
    [InlineData("1,2,0\n1,oops,1\n", "own.csv, line 2, column 2: 'oops' is no finite number")]
    [InlineData("a,b,c\n1,NaN,1\n", "own.csv, line 2, column 2: 'NaN' is no finite number")]
    [InlineData("1,2,0\n1,,1\n", "own.csv, line 2, column 2: '' is no finite number")]
    [InlineData("1,2,0\n1,1\n", "own.csv, line 2: the line has 2 columns, the first one 3")]
    [InlineData("a,target\n1,x\n", "own.csv, line 2, column 2: 'x' is no finite number")]
    [InlineData("", "own.csv, line 1: the file has no examples, must have one per line")]
    [InlineData("a,b,c\n", "own.csv, line 2: the file has no examples, must have one per line")]
    [InlineData("header\n1\n2\n", "own.csv, line 2: there are 1 columns of which 1 are the answer, must be at least one more for the input")]
    public void BadFilesAreRefusedWithLineAndColumn(string text, string message)
        => Assert.Equal(message, Assert.Throws<DataFormatException>(() => Read(text)).Message);

    [Fact]
    public void AnUnknownClassIsRefusedWithThoseThereAre()
        => Assert.Equal(
            "own.csv, line 2, column 2: the class 'd' is unknown, must be one of a, b",
            Assert.Throws<DataFormatException>(() => Read("1,a\n2,d\n", ["a", "b"])).Message);

    private static CsvExamples Read(string text, string[]? classes = null)
        => CsvReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "own.csv", classes);
}
