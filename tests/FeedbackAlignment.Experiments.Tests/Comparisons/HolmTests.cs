using CsCheck;
using FeedbackAlignment.Experiments.Comparisons;

namespace FeedbackAlignment.Experiments.Tests.Comparisons;

public sealed class HolmTests
{
    /// <summary>The same as R's p.adjust(p, "holm") for these; the second is the example of Wikipedia's page on the method.</summary>
    [Theory]
    [InlineData(new[] { 0.01, 0.02, 0.03, 0.04, 0.05 }, new[] { 0.05, 0.08, 0.09, 0.09, 0.09 })]
    [InlineData(new[] { 0.01, 0.04, 0.03, 0.005 }, new[] { 0.03, 0.06, 0.06, 0.02 })]
    [InlineData(new[] { 0.5, 0.6 }, new[] { 1.0, 1.0 })]
    [InlineData(new[] { 0.02 }, new[] { 0.02 })]
    [InlineData(new double[0], new double[0])]
    public void AsRHasThem(double[] values, double[] adjusted)
        => Assert.Equal(adjusted, Holm.Adjust([.. values.Select(p => (double?)p)]).Select(p => Math.Round(p!.Value, 12)));

    [Fact]
    public void WhatHasNoPCountsAsOneAndKeepsItsPlace()
        => Assert.Equal([0.03, null, 0.08],
            Holm.Adjust([0.01, null, 0.04]).Select(p => p is { } value ? Math.Round(value, 12) : (double?)null));

    /// <summary>It rejects what Bonferroni rejects and perhaps more; order and number of tests stay.</summary>
    [Fact]
    public void NeverBelowItsOwnPNeverAboveBonferroniAndNeverOutOfOrder()
        => Gen.Double[0, 1].Array[1, 12].Sample(values =>
        {
            double[] adjusted = [.. Holm.Adjust([.. values.Select(p => (double?)p)]).Select(p => p!.Value)];
            Assert.All(values.Zip(adjusted), pair => Assert.InRange(pair.Second, pair.First, Math.Min(1, values.Length * pair.First)));
            double[] ordered = [.. values.Zip(adjusted).OrderBy(pair => pair.First).Select(pair => pair.Second)];
            Assert.Equal(ordered.Order(), ordered);
        });

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void OnlyChancesAreTaken(double p) => Assert.Throws<ArgumentException>(() => Holm.Adjust([0.5, p]));
}
