using System.Net;
using System.Text.RegularExpressions;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Reproduction;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Reproduction;

/// <summary>The table of claims as a whole.</summary>
public sealed class ClaimCatalogTests
{
    private static readonly string _specs = Path.Combine(Repository.Root, "specs", "paper");

    /// <summary>Claims on experiments; those on theory need none, and their tests break the theory instead.</summary>
    public static TheoryData<string> Trained => [.. ClaimCatalog.All.Where(claim => claim.Needs.Count > 0).Select(claim => claim.Id)];

    public static TheoryData<string> ExperimentIds => [.. PaperExperiments.All.Select(experiment => experiment.Id)];

    [Fact]
    public void AllRowsAreThere() => Assert.Equal(Enumerable.Range(1, 28), ClaimCatalog.All.Select(claim => claim.Row).Where(row => row > 0).Order());

    [Fact]
    public void NamesAreUnique()
    {
        string[] names = [.. ClaimCatalog.All.Select(claim => claim.Id), .. ClaimCatalog.Groups.Where(group => ClaimCatalog.All.All(claim => claim.Id != group))];
        Assert.Equal(names.Distinct(), names);
        Assert.Distinct(PaperExperiments.All.Select(experiment => experiment.Id));
    }

    [Fact]
    public void EveryExperimentIsNeededAndEveryNeedIsAnExperiment()
        => Assert.Equal(PaperExperiments.All.Select(experiment => experiment.Id).Order(), ClaimCatalog.All.SelectMany(claim => claim.Needs).Distinct().Order());

    [Fact]
    public void AllClaimsAreSelectedByNoName() => Assert.Equal(ClaimCatalog.All, ClaimCatalog.Select([], out _));

    [Fact]
    public void GroupsAndClaimsAreSelectedTogether()
    {
        var chosen = ClaimCatalog.Select(["linear", "mnist-fa"], out var mistakes);
        Assert.Empty(mistakes);
        Assert.Equal(["linear-speed", "linear-reinforcement", "linear-shallow", "linear-angle", "linear-descent", "mnist-fa"], chosen.Select(claim => claim.Id));
    }

    [Fact]
    public void EveryUnknownNameIsSaidWithItsNearest()
    {
        ClaimCatalog.Select(["lineer", "mnist", "xyzzy"], out var mistakes);
        Assert.Equal(2, mistakes.Count);
        Assert.Contains("linear", mistakes[0], StringComparison.Ordinal);
        Assert.Contains("--list", mistakes[1], StringComparison.Ordinal);
    }

    /// <summary>The specs in the assembly are the files that users copy, and they are right.</summary>
    [Theory]
    [MemberData(nameof(ExperimentIds))]
    public void EveryExperimentHasAValidSpecAtEveryEffort(string id)
    {
        var experiment = PaperExperiments.All.Single(experiment => experiment.Id == id);
        Assert.All(Enum.GetValues<Effort>().Where(experiment.IsPartOf), effort =>
        {
            var spec = experiment.Spec(effort);
            Assert.Empty(SpecValidator.Validate(spec, Components.Standard));
            Assert.NotEmpty(spec.Seeds);
        });
        Assert.True(experiment.Spec(Effort.Paper).Seeds.Count >= experiment.Spec(Effort.Standard).Seeds.Count);
    }

    [Fact]
    public void ThePapersEffortIsThePapers()
    {
        Assert.All(["linear", "deep-3", "deep-4", "mnist", "mnist-sparse"], id => Assert.Equal(20, PaperExperiments.All.Single(experiment => experiment.Id == id).Spec(Effort.Paper).Seeds.Count));
        Assert.All(["mnist", "mnist-sparse"], id => Assert.Equal(1_800_000, PaperExperiments.All.Single(experiment => experiment.Id == id).Spec(Effort.Paper).Training.Examples));
        Assert.All(["deep-3", "deep-4"], id => Assert.Equal(400_000, PaperExperiments.All.Single(experiment => experiment.Id == id).Spec(Effort.Paper).Training.Examples));
    }

    [Fact]
    public void NoSpecOfThePaperIsLeftOut()
    {
        var files = Directory.EnumerateFiles(_specs, "*.json").Select(Path.GetFileNameWithoutExtension).Order();
        var embedded = typeof(PaperExperiment).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("paper/", StringComparison.Ordinal));
        Assert.Equal(files.Select(name => $"paper/{name}.json").Order(), embedded.Order());
    }

    /// <summary>
    /// The page of the recorded run says of every claim what the code says of it, so that a text that is changed here must be changed
    /// there.
    /// </summary>
    [Fact]
    public void ThePageInTheDocsHasTheTextsOfTheClaims()
    {
        var page = WebUtility.HtmlDecode(Regex.Replace(File.ReadAllText(Path.Combine(Repository.Root, "docs", "reproduction.md")), @"\\([^a-zA-Z0-9\s])", "$1"));
        Assert.All(ClaimCatalog.All, claim =>
        {
            var section = page[page.IndexOf($"\n### {claim.Id}\n", StringComparison.Ordinal)..].Split("\n### ")[1];
            Assert.All(new[] { $". {claim.Statement} ({claim.Place})", $"- Setup: {claim.Setup}\n", $"- Expected: {claim.Expected}\n", $"- Tolerance: {claim.Tolerance}\n" }, text => Assert.Contains(text, section, StringComparison.Ordinal));
            Assert.Equal(claim.Reading is not null, section.Contains($"- Reading: {claim.Reading}\n", StringComparison.Ordinal));
            Assert.Equal(claim.Tried is not null, section.Contains($"- Tried: {claim.Tried}\n", StringComparison.Ordinal));
        });
    }

    /// <summary>
    /// A claim that cannot fail claims nothing: with every rule at the same poor error and at right angles, each one that trains must
    /// have a check that fails.
    /// </summary>
    [Theory]
    [MemberData(nameof(Trained))]
    public void EveryClaimFailsWhenNothingIsLearned(string id)
    {
        var claim = ClaimCatalog.All.Single(claim => claim.Id == id);
        var checks = claim.Examine(Unlearned(claim)).Checks;
        Assert.Contains(checks, check => !check.Holds);

        // It fails by what it found, not because it asks for a moment at which its spec does not look.
        Assert.DoesNotContain(checks, check => check.Text == "every run completes and is measured");
    }

    private static Evidence Unlearned(Claim claim)
    {
        var evidence = new Evidence();
        foreach (var id in claim.Needs)
        {
            var spec = PaperExperiments.All.Single(experiment => experiment.Id == id).Spec(Effort.Standard);
            evidence.Add(id, new ExperimentEvidence(Record(spec), (_, _) => Noise(), (_, _) => Noise()));
        }

        return evidence;
    }

    private static Matrix Noise()
    {
        var weights = new Matrix(10, 784);
        var random = new RandomStreams(1).Stream("noise");
        for (var i = 0; i < weights.Rows; i++)
        {
            for (var j = 0; j < weights.Columns; j++)
            {
                weights[i, j] = (float)random.NextNormal();
            }
        }

        return weights;
    }

    private static ExperimentRecord Record(ExperimentSpec spec)
    {
        var length = spec.Training.Examples ?? spec.Training.Phases?.Sum(phase => phase.Examples) ?? 1000;
        var every = spec.Training.EvaluateEvery ?? length;
        long[] moments = [.. Enumerable.Range(0, (int)(length / every) + 1).Select(look => look * every)];
        return new ExperimentRecord
        {
            Spec = spec,
            Data = new DataRecord { Description = "none", Train = 1, Validation = 1, Test = 1, Inputs = 1, Outputs = 1, Classification = true },
            Environment = new EnvironmentRecord { Version = "0", Runtime = "", System = "", Architecture = "", Processors = 1, VectorBits = 512, Started = default },
            Runs =
            [
                .. spec.Rules.SelectMany(rule => spec.Seeds.Select(seed => new RunRecord
                {
                    Rule = rule,
                    Seed = seed,
                    Status = RunStatus.Completed,
                    TestError = 2 + 0.01 * seed,
                    Curve = [.. moments.Select(moment => new CurveRecord(moment, 0, null, null, 2 + 0.01 * seed, 0.1))],
                    Alignment = [.. moments.Select(moment => new AlignmentRecord { Examples = moment, Layer = "hidden1", ErrorAngle = 90, PseudobackpropAngle = 90, PositiveShare = 0.5 })],
                })),
            ],
        };
    }
}
