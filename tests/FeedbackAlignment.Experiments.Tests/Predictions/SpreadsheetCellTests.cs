using FeedbackAlignment.Experiments.Predictions;

namespace FeedbackAlignment.Experiments.Tests.Predictions;

public sealed class SpreadsheetCellTests
{
    [Theory]
    [InlineData("=HYPERLINK(\"http://x\";\"y\")", "'=HYPERLINK(\"http://x\";\"y\")")]
    [InlineData("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData(" =1+1", "' =1+1")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("'=1+1", "''=1+1")]
    [InlineData("-1", "-1")]
    [InlineData("+1", "+1")]
    [InlineData("-1.5e-7", "-1.5e-7")]
    [InlineData("-1,5", "-1,5")]
    [InlineData("-", "-")]
    [InlineData("'tis", "'tis")]
    [InlineData("a=b", "a=b")]
    [InlineData("", "")]
    public void AFormulaBecomesATextAndANumberStaysOne(string text, string cell)
    {
        Assert.Equal(cell, SpreadsheetCell.Of(text));
        Assert.Equal(text, SpreadsheetCell.Text(cell));
    }

    [Fact]
    public void NothingInACellControlsATerminal()
    {
        Assert.Equal("a\tb\nc\nd\uFFFDe\uFFFD", SpreadsheetCell.Of("a\tb\nc\r\nd\u001be\r"));
        Assert.Equal("a\uFFFDb", SpreadsheetCell.OfName("a\nb"));
        Assert.Equal("\uFFFD=1", SpreadsheetCell.Of("\r=1"));
    }
}
