using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Reproduction;

namespace FeedbackAlignment.Experiments.Tests.Reproduction;

/// <summary>A verdict follows from checks and from nothing else.</summary>
public sealed class ClaimTests
{
    private static readonly CheckRecord _holds = new("1 ≤ 2", "1", Holds: true), _fails = new("3 ≤ 2", "3", Holds: false);

    [Fact]
    public void AllChecksHoldingIsReproduced() => Assert.Equal(Verdict.Reproduced, VerdictOf(Claim(_holds, _holds)));

    [Fact]
    public void OneFailingCheckIsNotReproduced() => Assert.Equal(Verdict.NotReproduced, VerdictOf(Claim(_holds, _fails, _holds)));

    [Fact]
    public void AReadingIsSaid() => Assert.Equal(Verdict.ReproducedWithReading, VerdictOf(Claim(_holds) with { Reading = "η" }));

    [Fact]
    public void AReadingSavesNoFailingCheck() => Assert.Equal(Verdict.NotReproduced, VerdictOf(Claim(_fails) with { Reading = "η" }));

    [Fact]
    public void WhatThePaperDoesNotHaveIsNeitherForNorAgainstIt()
    {
        Assert.Equal(Verdict.NotOfThePaper, VerdictOf(Claim(_holds) with { IsOfThePaper = false }));
        Assert.Equal(Verdict.NotOfThePaper, VerdictOf(Claim(_fails) with { IsOfThePaper = false }));
        Assert.Equal(Verdict.NotOfThePaper, VerdictOf(Claim(_holds, Check.Further(_fails)) with { IsOfThePaper = false }));
    }

    [Fact]
    public void AFurtherPartThatFailsIsPartlyReproduced()
    {
        Assert.Equal(Verdict.PartlyReproduced, VerdictOf(Claim(_holds, Check.Further(_fails))));
        Assert.Equal(Verdict.PartlyReproduced, VerdictOf(Claim(_holds, Check.Further(_fails)) with { Reading = "η" }));
        Assert.Equal(Verdict.NotReproduced, VerdictOf(Claim(_fails, Check.Further(_holds))));
        Assert.Equal(Verdict.NotReproduced, VerdictOf(Claim(_fails, Check.Further(_fails))));
        Assert.Equal(Verdict.Reproduced, VerdictOf(Claim(_holds, Check.Further(_holds))));
    }

    [Fact]
    public void WithoutItsExperimentAClaimIsNotRun()
    {
        var evidence = new Evidence();
        evidence.AddMissing("linear", "no data");
        var record = (Claim(_holds) with { Needs = ["linear"] }).Examine(evidence);
        Assert.Equal(Verdict.NotRun, record.Verdict);
        Assert.Equal("no data", record.Missing);
        Assert.Null(record.Measured);
    }

    [Fact]
    public void AClaimAboutTheEndIsNotJudgedOnTheBeginning()
    {
        var claim = Claim(_holds) with { LeastEffort = Effort.Standard };
        Assert.Equal(Verdict.NotRun, claim.Examine(new Evidence(Effort.Quick)).Verdict);
        Assert.Equal(Verdict.Reproduced, claim.Examine(new Evidence(Effort.Standard)).Verdict);
        Assert.Equal(Verdict.Reproduced, claim.Examine(new Evidence(Effort.Paper)).Verdict);
    }

    [Fact]
    public void ARunThatBrokeOffIsNoEvidenceForAClaim()
    {
        var record = (Claim() with { Judge = _ => throw new EvidenceException("shallow, seed 3: the loss was NaN") }).Examine(new Evidence());
        Assert.Equal(Verdict.NotReproduced, record.Verdict);
        Assert.Equal("shallow, seed 3: the loss was NaN", Assert.Single(record.Checks).Found);
    }

    /// <summary>What <c>--strict</c> goes by: a claim that is known to fail must fail, and the others must hold.</summary>
    [Fact]
    public void WhatIsKnownToFailSurprisesByHolding()
    {
        Assert.False(Claim(_holds).Examine(new Evidence()).IsSurprise);
        Assert.True(Claim(_fails).Examine(new Evidence()).IsSurprise);
        Assert.False((Claim(_fails) with { Tried = "this and that" }).Examine(new Evidence()).IsSurprise);
        Assert.True((Claim(_holds) with { Tried = "this and that" }).Examine(new Evidence()).IsSurprise);
        Assert.False((Claim(_fails) with { Needs = ["linear"] }).Examine(new Evidence()).IsSurprise);
    }

    /// <summary>Known to come out in part: the further part must fail, and the main part must still hold.</summary>
    [Fact]
    public void WhatIsKnownToComeOutInPartSurprisesByAnythingElse()
    {
        bool Surprises(params CheckRecord[] checks) => (Claim(checks) with { Tried = "this and that" }).Examine(new Evidence()).IsSurprise;

        Assert.False(Surprises(_holds, Check.Further(_fails)));
        Assert.True(Surprises(_holds, Check.Further(_holds)));
        Assert.True(Surprises(_fails, Check.Further(_fails)));
        Assert.True(Surprises(_fails, Check.Further(_holds)));
        Assert.True(Claim(_holds, Check.Further(_fails)).Examine(new Evidence()).IsSurprise);
    }

    [Fact]
    public void MeanSpreadAndNumberAreOfTheRuns()
    {
        var record = (Claim() with { Judge = _ => new(new Sample([1, 2, 6]), _holds) }).Examine(new Evidence());
        Assert.Equal(3, record.Measured);
        Assert.Equal(Math.Sqrt(7), record.Sd!.Value, 1e-12);
        Assert.Equal(3, record.N);
    }

    [Fact]
    public void ChecksHoldJustInsideTheirBounds()
    {
        Assert.True(Check.AtMost("x", 2, 2).Holds);
        Assert.False(Check.AtMost("x", Math.BitIncrement(2.0), 2).Holds);
        Assert.True(Check.AtLeast("x", 2, 2).Holds);
        Assert.False(Check.AtLeast("x", Math.BitDecrement(2.0), 2).Holds);
        Assert.True(Check.Within("x", 1, 1, 2).Holds && Check.Within("x", 2, 1, 2).Holds);
        Assert.False(Check.Within("x", 0.9, 1, 2).Holds || Check.Within("x", 2.1, 1, 2).Holds);
        Assert.False(Check.AllWithin("x", [1, 5, 2], 0, 3).Holds);
        Assert.True(Check.Rising("x", [1, 1, 2]).Holds);
        Assert.False(Check.Rising("x", [1, 3, 2.5]).Holds);
        Assert.True(Check.Rising("x", [1, 3, 2.5], slack: 0.5).Holds);
    }

    [Fact]
    public void WhatIsNoNumberHoldsNothing()
    {
        Assert.False(Check.AtMost("x", double.NaN, 2).Holds);
        Assert.False(Check.AtLeast("x", double.NaN, 2).Holds);
        Assert.False(Check.Within("x", double.NaN, 1, 2).Holds);
        Assert.False(Check.AllWithin("x", [1, double.NaN], 0, 3).Holds);
        Assert.False(Check.Rising("x", [1, double.NaN, 2]).Holds);
    }

    private static Verdict VerdictOf(Claim claim) => claim.Examine(new Evidence()).Verdict;

    private static Claim Claim(params CheckRecord[] checks) => new()
    {
        Row = 1,
        Id = "claim",
        Group = "group",
        Statement = "statement",
        Place = "place",
        Setup = "setup",
        Expected = "expected",
        Tolerance = "tolerance",
        Quantity = "quantity",
        Judge = _ => new(Sample.Of(1), checks),
    };
}
