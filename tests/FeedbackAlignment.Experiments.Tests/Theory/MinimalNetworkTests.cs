using FeedbackAlignment.Experiments.Theory;

namespace FeedbackAlignment.Experiments.Tests.Theory;

/// <summary>Row 18 of the claims: the flow of Fig. 3.</summary>
public sealed class MinimalNetworkTests(MinimalNetworkTests.Examined examined) : IClassFixture<MinimalNetworkTests.Examined>
{
    private readonly MinimalNetworkResult _result = examined.Result;

    public sealed class Examined
    {
        public MinimalNetworkResult Result { get; } = MinimalNetwork.Examine();
    }

    [Fact]
    public void ThePathFromZeroEndsAtTheCubeRoots()
    {
        Assert.Equal(new PhasePoint(0, 0), _result.Paths[0].Outcome.Start);
        Assert.Equal(1.260, _result.EndFromZero.W0, 1e-3);
        Assert.Equal(0.794, _result.EndFromZero.W, 1e-3);
        Assert.Equal(MinimalNetwork.EndFromZero.W0, _result.EndFromZero.W0, 1e-7);
        Assert.Equal(MinimalNetwork.EndFromZero.W, _result.EndFromZero.W, 1e-7);
    }

    /// <summary>The arrow as drawn in the paper, digitized.</summary>
    [Fact]
    public void ThePathFromWhereThePaperDrawsItEndsWhereThePaperDrawsIt()
    {
        var end = _result.Paths[1].Outcome.End;
        Assert.Equal(1.37, end.W0, 0.03);
        Assert.Equal(0.72, end.W, 0.03);
    }

    [Fact]
    public void TheInvariantIsConstantAlongEveryPath() => Assert.InRange(_result.LargestInvariantDrift, 0, 1e-6);

    [Fact]
    public void EveryPathEndsOnTheBranchThatTheorySays() => Assert.Equal(0, _result.Surprises);

    [Fact]
    public void EveryPathEndsAtTheRootOfItsParabola() => Assert.InRange(_result.LargestEndDeviation, 0, 1e-5);

    [Fact]
    public void TheSeparatrixSeparates()
    {
        Assert.Equal(20, _result.BesideSeparatrix.Count);
        Assert.All(_result.BesideSeparatrix, path => Assert.Equal(
            path.Start.W > MinimalNetwork.Separatrix(path.Start.W0) ? SolutionBranch.Good : SolutionBranch.Bad, path.Branch));
        Assert.Equal(0.5, MinimalNetwork.Separatrix(-2));
        Assert.Equal(-1, MinimalNetwork.Separatrix(-1));
    }

    [Fact]
    public void TheShareOfBadStartsIsTheShareOfTheArea() => Assert.Equal(MinimalNetworkResult.BadShareOfArea, _result.BadShare, 3e-3);

    /// <summary>By the shoelace formula.</summary>
    [Fact]
    public void TheBorderOfTheBadRegionEnclosesThatArea()
    {
        var border = _result.BadRegion;
        var twice = border.Select((from, index) => (From: from, To: border[(index + 1) % border.Count])).Sum(side => side.From.W0 * side.To.W - side.To.W0 * side.From.W);
        Assert.Equal(MinimalNetworkResult.BadShareOfArea, Math.Abs(twice) / 2 / 16, 1e-4);
    }

    [Fact]
    public void SolutionsAttractAsTheirStabilitySays()
    {
        Assert.All(_result.GoodSolutions.Concat(_result.BadSolutions.SkipLast(1)), at => Assert.True(MinimalNetwork.IsStable(at.W0)));
        Assert.All(_result.UnstableSolutions.Skip(1), at => Assert.False(MinimalNetwork.IsStable(at.W0)));
        foreach (var w0 in new[] { -1.9, -1.3, -0.8, -0.5, 0.5, 1, 1.7 })
        {
            // Beside the solution and on its parabola, does the velocity point back to it?
            const double Aside = 1e-4;
            var beside = new PhasePoint(w0 + Aside, 1 / w0 + ((w0 + Aside) * (w0 + Aside) - w0 * w0) / 2);
            Assert.Equal(MinimalNetwork.IsStable(w0), MinimalNetwork.Velocity(beside).W0 < 0);
        }
    }

    [Fact]
    public void TheFlowIsTheDescentOfFeedbackAlignment()
    {
        Assert.Equal(17 * 17, _result.Flow.Count);
        Assert.All(_result.Flow, arrow =>
        {
            var error = 1 - arrow.At.W * arrow.At.W0;
            Assert.Equal(new PhasePoint(error, error * arrow.At.W0), arrow.Velocity);
        });
        Assert.Equal(new FlowArrow(new PhasePoint(-2, -2), new PhasePoint(-3, 6)), _result.Flow[0]);
    }

    [Fact]
    public void PathsGoFromTheirStartToTheirEnd() => Assert.All(_result.Paths, path =>
    {
        Assert.Equal(path.Outcome.Start, path.Points[0]);
        Assert.Equal(path.Outcome.End, path.Points[^1]);
    });

    [Fact]
    public void StartsOfBothKindsAreShown()
        => Assert.Equal([SolutionBranch.Good, SolutionBranch.Bad], _result.Paths.Select(path => path.Outcome.Branch).Distinct());
}
