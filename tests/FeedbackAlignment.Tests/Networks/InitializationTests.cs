using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Networks;

/// <summary>What holds for every distribution of a catalog, ours and one's own.</summary>
public sealed class InitializationTests
{
    private const int Outputs = 300, Inputs = 200;

    private static readonly Initialization _own = new(
        "own", "Normal, variance scale² ∕ outputs.",
        scale => WeightDistribution.Create("own", scale, isNormal: true, (_, fanOut) => 1.0 / fanOut));

    public static TheoryData<string> Ids() => [.. Initialization.Standard.With(_own).Ids];

    /// <summary>The variance of the numbers that are drawn, by a fourth moment of at most 3 σ⁴, within five standard errors.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void TheWeightsHaveTheDeviationThatItSaysAndTheScaleIsAFactor(string id)
    {
        var entry = Initialization.Standard.With(_own).Get(id);
        var variance = Math.Pow(entry.Create(0.5).Deviation(Outputs, Inputs), 2);
        Assert.Equal(variance, Math.Pow(entry.Create(1).Deviation(Outputs, Inputs), 2) / 4, 1e-12);
        var weights = new Matrix(Outputs, Inputs);
        entry.Create(0.5).Draw(weights, new RandomStreams(1).Stream("x"));
        Assert.Equal(variance, Reductions.Dot(weights, weights) / (Outputs * Inputs), 5 * variance * Math.Sqrt(2.0 / (Outputs * Inputs)));
    }

    [Fact]
    public void WhatItIsIsSeen()
    {
        var all = Initialization.Standard.With(_own).Entries;
        Assert.Equal(["uniform", "normal", "zero"], all.Where(entry => !entry.DependsOnFans).Select(entry => entry.Id));
        Assert.Equal(["zero"], all.Where(entry => entry.IsZero).Select(entry => entry.Id));
    }

    [Fact]
    public void AnOwnOneHasTheBitsOfOursWithTheSameVariance()
    {
        foreach (var (ours, isNormal) in (ReadOnlySpan<(string, bool)>)[("he-normal", true), ("he-uniform", false)])
        {
            var (expected, drawn) = (new Matrix(9, 7), new Matrix(9, 7));
            Initialization.Standard.Get(ours).Create(0.7).Draw(expected, new RandomStreams(2).Stream("x"));
            WeightDistribution.Create("mine", 0.7, isNormal, (fanIn, _) => 2.0 / fanIn).Draw(drawn, new RandomStreams(2).Stream("x"));
            Some.AssertSameBits(expected, drawn);
        }
    }

    /// <summary>Feedback weights may be drawn again when a training goes on: the distribution must be the same.</summary>
    [Fact]
    public void TheIdentityOfATrainingTellsDistributionsOfOneNameApart()
    {
        Assert.Contains("own", Of(_own.Create(1)), StringComparison.Ordinal);
        Assert.NotEqual(Of(_own.Create(1)), Of(_own.Create(2)));
        Assert.NotEqual(Of(_own.Create(1)), Of(WeightDistribution.Create("own", 1, isNormal: true, (fanIn, _) => 1.0 / fanIn)));
        Assert.DoesNotContain("deviation of", Of(WeightDistribution.HeNormal()), StringComparison.Ordinal);

        static string Of(WeightDistribution distribution)
        {
            var identity = new Identity();
            distribution.Identify(identity);
            return identity.ToString();
        }
    }

    [Fact]
    public void WhatCannotBeOneIsRefused()
    {
        Assert.Contains("he-normal is a distribution of the library", Refused(() => Own("he-normal", 1)), StringComparison.Ordinal);
        Assert.Contains("must be a finite number > 0", Refused(() => Own("own", 0)), StringComparison.Ordinal);
        foreach (var bad in (double[])[-1, double.NaN, double.PositiveInfinity])
        {
            Assert.Contains("the variance of own for 3 inputs and 2 outputs must be a finite number ≥ 0",
                Refused(() => WeightDistribution.Create("own", 1, true, (_, _) => bad)
                .Draw(new Matrix(2, 3), new RandomStreams(1).Stream("x"))),
                StringComparison.Ordinal);
        }

        static WeightDistribution Own(string id, double scale) => WeightDistribution.Create(id, scale, isNormal: true, (_, _) => 1);
        static string Refused(Action make) => Assert.ThrowsAny<ArgumentException>(make).Message;
    }
}
