using CsCheck;
using FeedbackAlignment.Experiments.Comparisons;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Tests.Comparisons;

public sealed class McNemarTests
{
    /// <summary>
    /// M. P. Fay, “Exact McNemar's test and matching confidence intervals” (vignette of R's exact2x2): b = 2, c = 9, p = 0.06543.
    /// </summary>
    [Fact]
    public void TheExampleOfFay()
    {
        Assert.Equal(0.06543, McNemar.P(2, 9), 1e-5);
        Assert.Equal(134 / 2048.0, McNemar.P(9, 2), 1e-9);
    }

    [Fact]
    public void ItIsTheSignTestCountedOut()
        => Gen.Select(Gen.Int[0, 25], Gen.Int[0, 25]).Sample((b, c) =>
        {
            var (chance, sum) = (Math.Pow(2, -(b + c)), 0.0);
            for (var k = 0; k <= Math.Min(b, c); k++)
            {
                sum += chance;
                chance *= (double)(b + c - k) / (k + 1);
            }

            Assert.Equal(Math.Min(1, 2 * sum), McNemar.P(b, c), 1e-9);
            Assert.Equal(McNemar.P(b, c), McNemar.P(c, b));
        });

    [Fact]
    public void WithoutADifferenceNothingIsShown()
    {
        Assert.Equal(1, McNemar.P(0, 0));
        Assert.Equal(1, McNemar.P(7, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => McNemar.P(-1, 0));
    }

    [Fact]
    public void RunsOfOneSeedAreComparedExampleByExampleOverTheWholeFamily()
    {
        RunRecord[] runs =
        [
            Run("b", 1, "0000000000111"), Run("b", 2, "0000000000000"), Run("b", 3, "1111111111111", RunStatus.Diverged),
            Run("a", 1, "1111111111000"), Run("a", 2, "1111111110000"), Run("a", 3, "0000000000000"), Run("a", 4, "0000000000000"),
            Run("c", 1, "0000000000111"), Run("c", 2, "00"),
        ];
        var pairs = AnswerComparison.Of(runs, "b");

        Assert.Equal([("a", 1UL, 10, 3), ("a", 2, 9, 0), ("c", 1, 0, 0)],
            pairs.Select(pair => (pair.Group, pair.Seed, pair.OnlyGroup, pair.OnlyReference)));
        Assert.Equal([McNemar.P(10, 3), McNemar.P(9, 0), 1], pairs.Select(pair => pair.P));
        Assert.Equal([2 * McNemar.P(10, 3), 3 * McNemar.P(9, 0), 1], pairs.Select(pair => pair.AdjustedP));
        Assert.Equal([false, true, false], pairs.Select(pair => pair.Shows));
        Assert.Empty(AnswerComparison.Of([.. runs.Select(run => run with { TestMistakes = null })], "b"));
    }

    private static RunRecord Run(string rule, ulong seed, string mistakes, RunStatus status = RunStatus.Completed)
        => new() { Rule = rule, Seed = seed, Status = status, TestMistakes = [.. mistakes.Select(mistake => mistake == '1')] };
}
