using AngleSharp.Html.Parser;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Tests;

/// <summary>Paired tests in words: what few seeds, equal runs and diverged ones are called.</summary>
public sealed class TestTableTests
{
    private static readonly double[] _base = [0.020, 0.022, 0.021, 0.019, 0.023, 0.020, 0.024];

    [Theory]
    [InlineData(1, "One seed cannot decide this; at least 2.", null)]
    [InlineData(2, "it needs at least 7 seeds that differ. The t-test stands alone", "worse")]
    [InlineData(3, "it needs at least 7 seeds that differ. The t-test stands alone", "worse")]
    [InlineData(7, null, "worse")]
    public void SoManySeedsSaySoMuch(int seeds, string? note, string? finding)
    {
        var tests = Of(Errors(seeds, (_, seed) => 0.01 + (0.0001 * seed)));

        Assert.Equal(note is not null, Notes(tests).Contains(note ?? "seed cannot", StringComparison.Ordinal));
        Assert.All(tests.Rows, row => Assert.Equal(finding ?? "one seed cannot decide this; at least 2", row.Finding));
        Assert.Equal((seeds > 1, false, "backpropagation", "3 comparisons, p after Holm’s correction"),
            (tests.HasTests, tests.HasAnswers, tests.Reference, tests.Family));
        Assert.All(tests.Rows, row => Assert.Equal(seeds > 1, row.T != NumberText.None));
        Assert.All(tests.Rows, row => Assert.Equal(seeds > 2, row.EffectSize != NumberText.None));
        Assert.All(tests.Rows, row => Assert.Equal(seeds == 7 ? "0.047" : NumberText.None, row.Wilcoxon));
        Assert.DoesNotContain("no difference", Everything(tests), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("NaN", Everything(tests), StringComparison.Ordinal);
    }

    /// <summary>One pair of rules needs no correction, and six seeds are then enough for the ranks.</summary>
    [Fact]
    public void OnePairNeedsNoCorrection()
    {
        var tests = Of(Errors(6, (_, seed) => 0.01 + (0.0001 * seed), ["backpropagation", "shallow"]));
        Assert.Equal(("one comparison, no correction", "0.031", "worse"), (tests.Family, tests.Rows[0].Wilcoxon, tests.Rows[0].Finding));
        Assert.Equal("+1.03 [+1.01, +1.04]", tests.Rows[0].Difference);
    }

    [Fact]
    public void ANotShownDifferenceIsNeverCalledNone()
    {
        double[] noise = [0.001, -0.002, 0.001, 0.001, -0.002, 0.002, -0.001];
        var tests = Of(Errors(7, (_, seed) => noise[seed]));

        Assert.All(tests.Rows, row => Assert.Equal("not shown by 7 seeds", row.Finding));
        Assert.DoesNotContain("no difference", Everything(tests), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void EqualRunsAreIdenticalAndNeedNoTest()
    {
        var tests = Of(Errors(3, (rule, seed) => rule == "shallow" ? 0.01 + (0.001 * seed) : 0));

        Assert.Equal(["identical with 3 seeds", "identical with 3 seeds", "worse"], tests.Rows.Select(row => row.Finding));
        Assert.Equal(("one comparison, no correction", "0.00 [0.00, 0.00]"), (tests.Family, tests.Rows[0].Difference));
        Assert.Equal([NumberText.None, NumberText.None], tests.Rows.Take(2).Select(row => row.T));
        Assert.Equal("no comparison that needs a test", Of(Errors(3, (_, _) => 0)).Family);
    }

    [Fact]
    public void ADivergedSeedIsNamedWithWhatItDoes()
    {
        var tests = Of(Errors(3, (_, seed) => -0.005 - (0.0001 * seed))
            .With(run => run is { Rule: "shallow", Seed: 2 }, SampleExperiment.Diverge));
        var shallow = tests.Rows.Single(row => row.Name == "shallow");

        Assert.Equal(("3 seeds cannot decide this; at least 7", NumberText.None), (shallow.Finding, shallow.T));
        Assert.Contains(
            "shallow diverged with seed 2: there is no t-test, and the interval has only the seeds that survived, which flatters what "
            + "diverged.", Notes(tests), StringComparison.Ordinal);
        Assert.Contains("3 seeds cannot decide this; at least 7: shallow.", Notes(tests), StringComparison.Ordinal);
        Assert.DoesNotContain(tests.Rows.Where(row => row != shallow), row => row.Finding != "better");
    }

    [Fact]
    public void AReferenceThatDivergedIsNamed()
        => Assert.Contains("backpropagation diverged with seeds 1 and 3: there is no t-test",
            Notes(Of(Errors(3, (_, seed) => 0.01 * seed)
                .With(run => run is { Rule: "backpropagation", Seed: not 2 }, SampleExperiment.Diverge))), StringComparison.Ordinal);

    [Fact]
    public void ACancelledSeedMakesNoPair()
        => Assert.Contains("shallow: seed 2 has no result on both sides and makes no pair.",
            Notes(Of(Errors(3, (_, seed) => 0.01 * seed).With(run => run is { Rule: "shallow", Seed: 2 }, SampleExperiment.Cancel))),
                StringComparison.Ordinal);

    [Fact]
    public void AnotherRuleCanBeTheReference()
    {
        var experiment = Errors(3, (_, seed) => 0.01 + (0.0001 * seed));
        var tests = TestTable.Of(experiment, "shallow")!;

        Assert.Equal(("shallow", "better"), (tests.Reference, tests.Rows[0].Finding));
        Assert.Equal(["backpropagation", "feedback-alignment", "direct-feedback-alignment"], tests.Rows.Select(row => row.Name));
        Assert.Equal("backpropagation", TestTable.Of(experiment, "pepita")!.Reference);
        Assert.Equal("shallow", TestTable.Of(Errors(3, (_, _) => 0, ["shallow", "pepita"]))!.Reference);
        Assert.Null(TestTable.Of(Errors(3, (_, _) => 0, ["shallow"])));
        Assert.Null(TestTable.Of(experiment with { Runs = [] }));
    }

    [Fact]
    public void NetworksAreComparedOnSingleTestExamplesWhereTheAnswersAreKnown()
    {
        var experiment = Errors(3, (_, seed) => 0.01 + (0.0001 * seed)).With(_ => true, run => run with
        {
            TestMistakes = [.. Enumerable.Range(0, 40).Select(example => run.Rule == "shallow" && run.Seed > 1 && example < 12)],
        });
        var tests = Of(experiment);

        Assert.Equal(["0/3", "0/3", "2/3"], tests.Rows.Select(row => row.Answers));
        Assert.DoesNotContain("were not compared", Notes(tests), StringComparison.Ordinal);
        Assert.Contains("answers to single test examples were not compared", Notes(Of(Errors(3, (_, _) => 0))), StringComparison.Ordinal);
        var cells = new HtmlParser().ParseDocument(HtmlReport.Render([experiment]))
            .QuerySelectorAll("section:has(#tests) tbody tr:last-child td");
        Assert.Equal("2 of 3", cells[^1].TextContent);
    }

    /// <summary>The page has the numbers of the console and says what they mean.</summary>
    [Fact]
    public void ThePageHasTheSameTests()
    {
        var experiment = Errors(3, (_, seed) => 0.01 + (0.0001 * seed));
        var tests = Of(experiment);
        var section = new HtmlParser().ParseDocument(HtmlReport.Render([experiment])).QuerySelector("section:has(#tests)")!;

        Assert.Equal("Each rule against Backpropagation, paired by seed: 3 comparisons, p after Holm’s correction.",
            section.QuerySelector(".prose")!.TextContent);
        Assert.Equal(
            tests.Rows.Select(row => string.Join('|', row.Difference, row.EffectSize, row.T, row.Wilcoxon, row.Finding, NumberText.None)),
            section.QuerySelectorAll("tbody tr")
                .Select(row => string.Join('|', row.QuerySelectorAll("td").Select(cell => cell.TextContent))));
        Assert.Equal(tests.Notes, section.QuerySelectorAll(".notes li").Select(note => note.TextContent));
        Assert.Contains("say nothing of other training or test examples", section.TextContent, StringComparison.Ordinal);
        Assert.Null(new HtmlParser().ParseDocument(HtmlReport.Render([SampleExperiment.Digits(["shallow"])])).QuerySelector("#tests"));
        Assert.StartsWith("Each rule against Shallow learning,",
            new HtmlParser().ParseDocument(HtmlReport.Render([experiment], against: "shallow"))
                .QuerySelector("section:has(#tests) .prose")!.TextContent, StringComparison.Ordinal);
    }

    /// <summary>An early stop and the choice of the weights use the validation examples; the number says so beside itself.</summary>
    [Theory]
    [InlineData("best-validation", null, "\nchose the weights")]
    [InlineData("best-validation", 3, "\nchose weights and stop")]
    [InlineData("last", 3, "\nchose the stop")]
    [InlineData("last", null, "")]
    public void AValidationErrorSaysWhatItChose(string keep, int? patience, string words)
    {
        var experiment = SampleExperiment.Digits();
        var training = experiment.Spec.Training with { Keep = keep, Patience = patience };
        experiment = experiment with { Spec = experiment.Spec with { Training = training } };
        var row = ComparisonTable.Of([experiment]).Rows[0];

        Assert.Equal(NumberText.Error(row.ValidationError!.Mean, true) + words, row.Cells[3]);
        Assert.Contains("so their error flatters", HtmlReport.Render([experiment]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.00004, "<0.001")]
    [InlineData(0.00123, "0.0012")]
    [InlineData(0.0468, "0.047")]
    [InlineData(0.25, "0.25")]
    [InlineData(1.0, "1.00")]
    [InlineData(null, "–")]
    public void APHasTwoDigits(double? p, string text) => Assert.Equal(text, TestText.P(p));

    private static string Notes(TestTable tests) => string.Join(' ', tests.Notes);

    private static string Everything(TestTable tests)
        => string.Join(' ', tests.Notes.Append(tests.Family)
            .Concat(tests.Rows.SelectMany(row => new[] { row.Difference, row.EffectSize, row.T, row.Wilcoxon, row.Finding, row.Answers })));

    private static TestTable Of(ExperimentRecord experiment) => TestTable.Of(experiment)!;

    /// <summary>
    /// Backpropagation's errors, and those of the others by what they are beyond them, by rule and number of the seed from 0.
    /// </summary>
    private static ExperimentRecord Errors(int seeds, Func<string, int, double> beyond, IReadOnlyList<string>? rules = null)
        => SampleExperiment.Digits(rules, seeds).With(_ => true, run => run with
        {
            TestError = _base[(int)run.Seed - 1]
                + (run.Rule == (rules ?? ["backpropagation"])[0] ? 0 : beyond(run.Rule, (int)run.Seed - 1)),
        });
}
