using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Comparisons;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Testing;
using MathNet.Numerics.Distributions;

namespace FeedbackAlignment.Experiments.Tests.Comparisons;

/// <summary>What SciPy computed (tests/fixtures/statistics). Math.NET Numerics has the distributions; this is their test too.</summary>
public sealed class ScipyTests
{
    private static readonly JsonNode _scipy = JsonNode.Parse(File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "fixtures", "statistics", "scipy.json")))!;

    public static TheoryData<int> Pairs => [.. Enumerable.Range(0, _scipy["pairs"]!.AsArray().Count)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void PairedTestsAgree(int index)
    {
        var recorded = _scipy["pairs"]![index]!;
        double[] first = recorded["first"]!.Deserialize<double[]>()!, second = recorded["second"]!.Deserialize<double[]>()!;
        double[] differences = [.. second.Zip(first, (b, a) => b - a)];
        var (t, p) = PairedT.Test(differences, 0.05)!.Value;
        var interval = Summary.Of(differences.Select(value => (double?)value))!;

        Near((double)recorded["t"]!, t);
        Near((double)recorded["p"]!, p);
        Near((double)recorded["low"]!, interval.Low!.Value, 1e-7);
        Near((double)recorded["high"]!, interval.High!.Value, 1e-7);
        if ((recorded["wilcoxonP"] ?? recorded["tiedP"]) is { } exact)
        {
            var ranks = WilcoxonSignedRank.Test([.. differences.Select(difference => Math.Round(difference, 15))], 0.05)!;
            Near((double)exact, ranks.P, 1e-12);
            if (recorded["wilcoxonStatistic"] is { } smaller)
            {
                Assert.Equal((double)smaller, Math.Min(ranks.RankSum, (ranks.Ranked * (ranks.Ranked + 1) / 2.0) - ranks.RankSum));
            }
        }
    }

    [Fact]
    public void McNemarIsTheBinomialTest()
        => Assert.All(_scipy["mcNemar"]!.AsArray(), recorded => Near(
            (double)recorded!["p"]!, McNemar.P((int)recorded["only"]!, (int)recorded["other"]!), 1e-10));

    [Fact]
    public void TailsOfStudentsDistribution()
        => Assert.All(_scipy["t"]!.AsArray(), recorded => Near(
            (double)recorded!["p"]!, 2 * StudentT.CDF(0, 1, (double)recorded["freedom"]!, -(double)recorded["t"]!)));

    private static void Near(double expected, double value, double share = 1e-9)
        => Assert.True(Math.Abs(value - expected) <= share * Math.Abs(expected), $"{value:R} is not near {expected:R}");
}
