using System.IO.Compression;
using System.Text;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Tests.Data;

public sealed class CsvTableTests
{
    [Theory]
    [InlineData("5.1,3.5,1\n4.9,3,0\n")]
    [InlineData("length,width,kind\n5.1,3.5,1\n4.9,3,0\n")]
    [InlineData("0,1,label\r\n5.1, 3.5 ,1\r\n\r\n\"4.9\",3,0")]
    [InlineData("\ufeff5.1;3.5;1\n4.9;3;0")]
    [InlineData("5,1;3,5;1\n4,9;3;0")]
    [InlineData("\"5,1\",\"3,5\",1\n\"4,9\",3,0")]
    [InlineData("5.1\t3.5\t1\r4.9\t3\t0\r")]
    [InlineData("5.1 3.5 1\n4.9 3 0\n")]
    [InlineData("5,1 3,5 1\n4,9 3 0\n")]
    [InlineData("a|b|c\n5.1|3.5|1\n4.9|3|0\n")]
    public void TheSameNumbersInManyForms(string text)
    {
        var table = Read(text);

        Assert.Equal(3, table.Columns.Count);
        var numbers = table.ToMatrix([.. table.Columns.Select(column => column.Name)]);
        Assert.Equal([5.1f, 3.5f, 1], numbers.Row(0).ToArray());
        Assert.Equal([4.9f, 3f, 0], numbers.Row(1).ToArray());
    }

    [Theory]
    [InlineData("big city,x\nNew York,5\nLos Angeles,6\n")]
    [InlineData("town, x\nRome, 5\nOslo, 6\n")]
    public void SpacesInTextsSeparateNothing(string text) => Assert.Equal(2, Read(text).Columns.Count);

    [Fact]
    public void AFileOfOneLineWithNumbersAndTextIsAnExample()
        => Assert.Equal((1, false), (Read("5.5,2,cat\n").Rows, Read("5.5,2,cat\n").Format.Header));

    [Fact]
    public void GzipAndUtf16AreReadByTheirFirstBytes()
    {
        const string text = "name;x\näöü;1,5\nß;2,5\n";
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        foreach (var bytes in (byte[][])[packed.ToArray(), [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)], [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]])
        {
            var table = CsvTable.Read(new MemoryStream(bytes), "own.csv");
            Assert.Equal(["äöü", "ß"], table.ToTexts("name"));
            Assert.Equal(2.5f, table.ToMatrix("x")[1, 0]);
        }
    }

    [Fact]
    public void QuotesAreTakenOffAndLineBreaksWithinThemKept()
    {
        var table = Read("text,x\n\"a \"\"b\"\", c\",1\n\"two\nlines\",2\nplain,3\n");

        Assert.Equal(["a \"b\", c", "two\nlines", "plain"], table.ToTexts("text"));
        Assert.Equal([2, 3, 5], Enumerable.Range(0, 3).Select(table.LineOf));
        Assert.Equal(1, table.Column("text").FirstBroken);
    }

    [Theory]
    [InlineData("x,v\n1,1\n2,2.5\n", CsvKind.Number)]
    [InlineData("x,v\n1,true\n2,FALSE\n", CsvKind.Boolean)]
    [InlineData("x,v\n1,2026-11-26\n2,26.11.2026 17:00\n", CsvKind.Date)]
    [InlineData("x,v\n1,a\n2,b\n", CsvKind.Text)]
    [InlineData("x,v\n1,1\n2,b\n", CsvKind.Mixed)]
    [InlineData("x,v\n1,1\n2,true\n", CsvKind.Mixed)]
    [InlineData("x,v\n1,1\n2,2026-11-26\n", CsvKind.Mixed)]
    [InlineData("x,v\n1,\n2,NA\n", CsvKind.Empty)]
    public void EachColumnSaysWhatItHolds(string text, CsvKind kind) => Assert.Equal(kind, Read(text).Column("v").Kind);

    [Fact]
    public void MissingValuesAreCountedAndTheFirstOneNamed()
    {
        var column = Read("x,v\n1,3\n2,NaN\n3,\n4,?\n5,-1\n").Column("v");

        Assert.Equal((3, 1, -1f, 3f), (column.Missing, column.FirstMissing, column.Least, column.Greatest));
        Assert.True(column.IsWhole);
    }

    [Theory]
    [InlineData("1\n1.0\n10\n2e0\n-0\n0", "0 1 2 10")]
    [InlineData("16777216\n16777217\n0", "0 16777216 16777217")]
    [InlineData("0.1\n0.10000000001", "0.1 0.10000000001")]
    [InlineData("b\na\nB", "B a b")]
    [InlineData("True\nfalse\ntrue", "false true")]
    public void ClassesAreNumbersBySizeOrNamesByAlphabet(string values, string classes)
        => Assert.Equal(classes, string.Join(' ', Read("v;x\n" + string.Join('\n', values.Split('\n').Select(value => value + ";1"))).ToLabels("v").Classes));

    [Theory]
    [InlineData(",a\n0,5\n1,6\n", "1 a")]
    [InlineData("a,,1\n1,2,3\n", "a 2 1")]
    [InlineData("1,,2\nx,y,z\n", "1 column 2 2")]
    public void AColumnWithoutANameIsCalledByItsPosition(string text, string names)
        => Assert.Equal(names, string.Join(' ', CsvTable.Read(Bytes(text), "own.csv", new CsvFormat { Header = true }).Columns.Select(column => column.Name)));

    [Theory]
    [InlineData("1,2,0\n1,oops,1\n", "own.csv, line 2, column 2: 'oops' is not a finite number")]
    [InlineData("1,2,0\n1,1e39,1\n", "own.csv, line 2, column 2: '1e39' is not a finite number")]
    [InlineData("1,2,0\n1,Infinity,1\n", "own.csv, line 2, column 2: 'Infinity' is not a finite number")]
    [InlineData("a,b,c\n1,NaN,1\n", "own.csv, line 2, column 2: 'NaN' is a missing value; fill it in, or leave the line out")]
    [InlineData("1,2,0\n1,,1\n", "own.csv, line 2, column 2: '' is a missing value; fill it in, or leave the line out")]
    [InlineData("1,2,0\n1,1\n",
        "own.csv, line 2: the line has 2 columns, but the first line has 3 (separator ','; if it is wrong, use --separator)")]
    [InlineData("1;2;0\n1;1\n",
        "own.csv, line 2: the line has 2 columns, but the first line has 3 (separator ';'; if it is wrong, use --separator)")]
    [InlineData("1,2,0\n\n\n1,1\n",
        "own.csv, line 4: the line has 2 columns, but the first line has 3 (separator ','; if it is wrong, use --separator)")]
    [InlineData("\n\n1,2,0\n1,x,3\n", "own.csv, line 4, column 2: 'x' is not a finite number")]
    [InlineData("", "own.csv, line 1: the file has no examples; it must have one per line")]
    [InlineData(" \n\t\n", "own.csv, line 1: the file has no examples; it must have one per line")]
    [InlineData("a,b,c\n", "own.csv, line 2: the file has no examples; it must have one per line")]
    [InlineData("a,b,a\n1,2,3\n", "own.csv, line 1, column 3: two columns are called \"a\"; each needs its own name")]
    [InlineData("\"a\nb\",c\n1,2\n", "own.csv, line 1, column 1: the name of the column has a line break or a control character; is a quote not closed?")]
    [InlineData("a,b\u001b\n1,2\n", "own.csv, line 1, column 2: the name of the column has a line break or a control character; is a quote not closed?")]
    [InlineData("1,2,0\n3,\"4,1\n5,6,1\n", "own.csv, line 2, column 2: the quote that opens here is not closed at the end of the field")]
    [InlineData("1,2,0\n3,4\",1\n5,6,1\n", "own.csv, line 2, column 2: there is a quote within the field; put the whole field in quotes and write the quote twice")]
    [InlineData("1,2,0\n3,\"4\"5,1\n", "own.csv, line 2, column 2: the quote that opens here is not closed at the end of the field")]
    [InlineData("\"1,2,0\n3,4,1\n", "own.csv, line 1, column 1: the quote that opens here is not closed at the end of the field")]
    [InlineData("1,2,0\n3,4,\"", "own.csv, line 2, column 3: the quote that opens here is not closed at the end of the field")]
    [InlineData("oops,2,0\n1,2,1\n",
        "own.csv, line 1: the line may contain column names or an example (some of its fields are numbers and some could be names); "
        + "choose --header yes or --header no")]
    [InlineData("oops,1,2\n1,2,1\n",
        "own.csv, line 1: the line may contain column names or an example (some of its fields are numbers and some could be names); "
        + "choose --header yes or --header no")]
    [InlineData("0,1,2\n5,6,7\n",
        "own.csv, line 1: the line may contain column names or an example (its fields count the columns); choose --header yes or "
        + "--header no")]
    [InlineData("red,small\nblue,large\n",
        "own.csv, line 1: the line may contain column names or an example (every column holds text); choose --header yes or --header no")]
    [InlineData("a;b\n1,234;2\n5,678;3\n",
        "own.csv, line 2, column 1: '1,234' may have a decimal comma or a thousands separator; choose --decimal , or, for thousands, "
        + "write the numbers without the comma")]
    [InlineData("a;b\n1.234;2\n5.678;3\n",
        "own.csv, line 2, column 1: '1.234' may have a decimal point or a thousands separator; choose --decimal . or, for thousands, "
        + "write the numbers without the point")]
    [InlineData("a;b\n1,5;2\n5.6;3\n",
        "own.csv, line 2, column 1: '1,5' has a decimal comma, but '5.6' in line 3 has a decimal point; choose --decimal . or --decimal ,")]
    [InlineData("a,b;c,d\ne,f;g,h\n",
        "own.csv, line 1: ',' and ';' both split every line into the same number of fields; choose --separator \",\" or --separator \";\"")]
    [InlineData("0,0 True 80,0\n3,0 false 46,0\n",
        "own.csv, line 1: ',' and a space both split every line into the same number of fields; choose --separator \",\" or "
        + "--separator space")]
    [InlineData("a\0,b\n1,2\n", "own.csv, line 1: the line has a zero byte; this is no text file")]
    public void BadFilesAreRefusedWithLineAndColumn(string text, string message)
        => Assert.Equal(message, Assert.Throws<DataFormatException>(() => AllNumbers(text)).Message);

    [Theory]
    [InlineData("0,1,2\n5,6,7\n", 2)]
    [InlineData("red,small\nblue,large\n", 1)]
    [InlineData("a,b;c,label\n1,2;3,x\n2,3;1,y\n", 2)]
    public void WhatIsOpenIsReadAsVersion1DidWhereThatIsAsked(string text, int rows)
        => Assert.Equal((rows, ','), (CsvTable.Read(Bytes(text), "own.csv", new CsvFormat(), isOld: true).Rows, CsvTable.Read(Bytes(text), "own.csv", new CsvFormat(), isOld: true).Format.Separator));

    [Theory]
    [InlineData("0,1\n5,6\n", 1)]
    [InlineData("1,0\n5,6\n", 2)]
    [InlineData("label,1,0\n5,6,7\n", 1)]
    public void NamesOfTheTrainingFileAreKnownAgain(string text, int rows)
    {
        var format = new CsvFormat { Separator = ',', DecimalSeparator = '.', Header = true };
        Assert.Equal(rows, CsvTable.ReadLike(Bytes(text), "own.csv", format, ["0", "1", "label"]).Rows);
    }

    [Fact]
    public void TextOfAnotherEncodingIsRefusedWithItsLine()
        => Assert.Equal(
            "own.csv, line 2: the line is not UTF-8; save the file as UTF-8 text",
            Assert.Throws<DataFormatException>(() => CsvTable.Read(new MemoryStream([.. "name,x\nM"u8, 0xFC, .. "ller,1\n"u8]), "own.csv")).Message);

    [Fact]
    public void AColumnThatIsNotThereIsAMistakeOfTheCaller()
        => Assert.Throws<ArgumentException>(() => Read("a,b\n1,2\n").Column("c"));

    private static void AllNumbers(string text)
    {
        var table = Read(text);
        table.ToMatrix([.. table.Columns.Select(column => column.Name)]);
    }

    private static CsvTable Read(string text) => CsvTable.Read(Bytes(text), "own.csv");

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
