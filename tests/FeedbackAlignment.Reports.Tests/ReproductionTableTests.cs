using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Tests;

public sealed class ReproductionTableTests
{
    [Fact]
    public void RowsHaveACellPerHeading()
    {
        var table = ReproductionTable.Of(SampleReproduction.Record());

        Assert.All(table.Rows, row => Assert.Equal(ReproductionTable.Headings.Count, row.Count));
        Assert.Equal(["linear-angle", "29°", "27.4° ± 1.3° (n\u00a0=\u00a020)", "within 1.5 decades", "✓ reproduced"], table.Rows[1]);
        Assert.Equal(["mnist-fa", "2.1\u00a0%", "2.07 ± 0.05\u00a0% (n\u00a0=\u00a03)", "within 1.5 decades", "✓ reproduced"], table.Rows[2]);
        Assert.Equal(["deep-t-test", "3e-12", "–", "within 1.5 decades", "– not run"], table.Rows[5]);
    }

    [Fact]
    public void WhereThePaperHasNoNumberItsWordsStand() =>
        Assert.Equal("The paper gives no number; this is a stand-in.", ReproductionTable.Of(SampleReproduction.Record()).Rows[4][1]);

    [Fact]
    public void ANumberThatIsNoneIsADash()
    {
        var record = SampleReproduction.Record();
        var claim = record.Claims[0] with { Measured = double.NaN };

        Assert.Equal("–", ReproductionTable.Of(record with { Claims = [claim] }).Rows[0][2]);
    }

    [Fact]
    public void TheHeadlineCountsEveryClaimOnce()
    {
        Assert.Equal(
            "3 of 6 claims were reproduced, 1 of them with a stated reading of what the paper leaves open; 1 was not reproduced, 1 is not a claim of the paper, 1 was not run. "
            + "Effort: standard, 92 runs (1 did not complete) in 412 s (6.9 min), on Debian GNU/Linux 12 (X64, 2 processors, vectors of 512 bits).",
            ReproductionTable.Of(SampleReproduction.Record()).Headline);
    }

    [Fact]
    public void TheHeadlineSaysNothingOfWhatDidNotHappen()
    {
        var record = SampleReproduction.Record();
        string Outcome(params Verdict[] verdicts) => ReproductionHeadline.Outcome([.. verdicts.Select(verdict => record.Claims[0] with { Verdict = verdict })]);

        Assert.Equal("1 of 1 claims was reproduced.", Outcome(Verdict.Reproduced));
        Assert.Equal("0 of 2 claims were reproduced; 2 were not run.", Outcome(Verdict.NotRun, Verdict.NotRun));
        Assert.Equal("No claim was looked at.", Outcome());
    }

    [Fact]
    public void WhatIsPartlyReproducedIsNotCountedAsReproduced()
    {
        var record = SampleReproduction.Record();
        var claim = record.Claims[0] with { Verdict = Verdict.PartlyReproduced };

        Assert.Equal("0 of 1 claims were reproduced; 1 was partly reproduced.", ReproductionHeadline.Outcome([claim]));
        Assert.Equal("◐ partly reproduced", ReproductionTable.Of(record with { Claims = [claim] }).Rows[0][^1]);
    }

    [Fact]
    public void AClaimWithoutARowShowsNone()
    {
        var claim = SampleReproduction.Record().Claims[0];

        Assert.Equal(("", "1"), (ClaimText.Row(claim with { Row = 0 }), ClaimText.Row(claim)));
    }
}
