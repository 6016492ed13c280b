using FeedbackAlignment.Experiments.Records;

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

    [Theory]
    [InlineData(-11.342, "−11.3")]
    [InlineData(2.071, "2.07")]
    [InlineData(0.1312, "0.131")]
    [InlineData(98.96, "99.0")]
    [InlineData(1234.5, "1235")]
    [InlineData(1.2e-6, "1.20e-6")]
    [InlineData(-3.0e7, "−3.00e7")]
    [InlineData(0, "0.00")]
    [InlineData(double.NaN, "–")]
    public void MeasuredNumbersHaveThreeDigits(double value, string text) => Assert.Equal(text, NumberText.Significant(value));

    [Theory]
    [InlineData(-11.342, 0.42, "−11.3 ± 0.4")]
    [InlineData(2.071, 0.048, "2.07 ± 0.05")]
    [InlineData(2.071, 0.004, "2.07 ± 0.004")]
    [InlineData(2.071, 4e-5, "2.07 ± 4e-5")]
    [InlineData(2.071, 0.0, "2.07 ± 0.00")]
    [InlineData(1.2e-6, 3.1e-7, "1.20e-6 ± 3e-7")]
    [InlineData(2.071, null, "2.07")]
    public void DeviationsGoToTheSamePlace(double mean, double? deviation, string text) => Assert.Equal(text, NumberText.Significant(mean, deviation));

    [Theory]
    [InlineData(2.4, "2.4")]
    [InlineData(-11, "−11")]
    [InlineData(3e-12, "3e-12")]
    [InlineData(-1.5e-7, "−1.5e-7")]
    [InlineData(1_800_000, "1\u202f800\u202f000")]
    [InlineData(-400_000, "−400\u202f000")]
    public void ThePapersNumbersHaveTheDigitsTheyWereGivenWith(double value, string text) => Assert.Equal(text, NumberText.AsGiven(value));

    [Theory]
    [InlineData(52.14, "52.1 s")]
    [InlineData(412.3, "412 s (6.9 min)")]
    [InlineData(31_200, "31\u202f200 s (8.7 h)")]
    public void LongTimesAreInMinutesOrHoursToo(double seconds, string text) => Assert.Equal(text, NumberText.Duration(seconds));
}
