using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Reproduction;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Tests.Reproduction;

/// <summary>Checks of single claims on evidence made up so that one of them fails at a time.</summary>
public sealed class ClaimJudgmentTests
{
    private const string Bp = PaperRules.Backpropagation, Fa = PaperRules.FeedbackAlignment;

    /// <summary>Three layers: FA over BP at the end. Four: BP over FA at 2,000 and at 50,000, FA over BP at the end.</summary>
    [Theory]
    [InlineData(1.6, 4.5, 1.5, 0.8, Verdict.ReproducedWithReading, true)]
    [InlineData(1.6, 4.5, 1.5, 2.4, Verdict.PartlyReproduced, false)]
    [InlineData(2.6, 4.5, 1.5, 2.4, Verdict.NotReproduced, true)]
    [InlineData(1.6, 1.7, 1.5, 2.4, Verdict.NotReproduced, true)]
    [InlineData(1.6, 4.5, 0.9, 2.4, Verdict.NotReproduced, true)]
    public void TheEndWithFourLayersIsAFurtherPartOfDeepEqual(double three, double early, double middle, double end, Verdict verdict, bool surprise)
    {
        var evidence = new Evidence();
        Add(evidence, PaperExperiments.Deep3, Run(Bp, 1, []), Run(Fa, three, []));
        Add(evidence, PaperExperiments.Deep4, Run(Bp, 1, [(2_000, early), (50_000, middle)]), Run(Fa, end, [(2_000, 1), (50_000, 1)]));

        var record = Examine("deep-equal", evidence);

        Assert.Equal(verdict, record.Verdict);
        Assert.Equal(surprise, record.IsSurprise);
        Assert.Equal("final FA4/BP4 ≤ 1", Assert.Single(record.Checks, check => check.IsFurther).Text);
    }

    [Theory]
    [InlineData(1e-12, 0.02, 1e-4, true)]
    [InlineData(1e-12, 9e-12, 1e-13, false)]
    [InlineData(1e-12, 0.02, 0.003, false)]
    public void TheSwitchNeedsAPeakAndItsEnd(double before, double peak, double end, bool holds)
    {
        var evidence = new Evidence();
        Add(evidence, PaperExperiments.Switch, Run(Fa, end, [(4_000, before), (8_000, peak), (24_000, end)]));

        Assert.Equal(holds, Examine("switch", evidence).Checks.All(check => check.Holds));
    }

    /// <summary>At the end backpropagation is lower here and higher in the paper; the check says so whichever way it goes.</summary>
    [Theory]
    [InlineData(1e-11, 1e-12, "minus BP's it is +1.0, in the paper −0.8")]
    [InlineData(1e-12, 1e-11, "minus BP's it is −1.0, in the paper −0.8")]
    public void TheOrderAtTheEndOfTheLinearTaskIsSaid(double fa, double bp, string said)
    {
        var evidence = new Evidence();
        Add(evidence, PaperExperiments.Linear, Run(Bp, bp, [(200, 1), (500, 1e-2), (2_000, bp)]), Run(Fa, fa, [(200, 1e-1), (500, 1e-3), (2_000, fa)]));

        var record = Examine("linear-speed", evidence);

        Assert.Equal(Verdict.ReproducedWithReading, record.Verdict);
        Assert.Contains(said, record.Checks[0].Text, StringComparison.Ordinal);
        Assert.Contains("reported, not asserted", record.Tolerance, StringComparison.Ordinal);
    }

    private static ClaimRecord Examine(string id, Evidence evidence) => ClaimCatalog.All.Single(claim => claim.Id == id).Examine(evidence);

    private static void Add(Evidence evidence, string id, params RunRecord[] runs)
    {
        var record = new ExperimentRecord
        {
            Spec = new ExperimentSpec(),
            Data = new DataRecord { Description = "none", Train = 1, Validation = 1, Test = 1, Inputs = 1, Outputs = 1, Classification = false },
            Environment = new EnvironmentRecord { Version = "0", Runtime = "", System = "", Architecture = "", Processors = 1, VectorBits = 512, Started = default },
            Runs = runs,
        };
        evidence.Add(id, new ExperimentEvidence(record, (_, _) => new Matrix(1, 1), (_, _) => new Matrix(1, 1)));
    }

    private static RunRecord Run(string rule, double testError, (long Examples, double Error)[] curve) => new()
    {
        Rule = rule,
        Seed = 1,
        Status = RunStatus.Completed,
        TestError = testError,
        Curve = [.. curve.Select(point => new CurveRecord(point.Examples, 0, null, null, point.Error, 0.1))],
        Alignment = [],
    };
}
