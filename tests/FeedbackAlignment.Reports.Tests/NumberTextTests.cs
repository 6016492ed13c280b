namespace FeedbackAlignment.Reports.Tests;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0.0213, true, "2.13 %")]
    [InlineData(0.00213, false, "2.13e-3")]
    [InlineData(0.0, false, "0")]
    [InlineData(double.NaN, true, "–")]
    [InlineData(null, false, "–")]
    public void ErrorsArePercentOrScientific(double? error, bool classification, string text) =>
        Assert.Equal(text, NumberText.Error(error, classification));

    [Fact]
    public void DifferencesCarryTheirSign()
    {
        Assert.Equal("−0.40 points\n[−0.60, −0.20]", NumberText.Difference(new Summary(3, -0.004, 0.001, 0.002), classification: true));
        Assert.Equal("+1.00e-3", NumberText.Difference(new Summary(1, 0.001, null, null), classification: false));
    }

    [Theory]
    [InlineData(64, "64")]
    [InlineData(20_000, "20k")]
    [InlineData(1_500_000, "1.5M")]
    public void AxisCountsAreBrief(double count, string text) => Assert.Equal(text, NumberText.Brief(count));
}
