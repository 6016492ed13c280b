using System.Security.Cryptography;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Experiments.Tests.Data;
using FeedbackAlignment.Experiments.Tests.Runs;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Studies;

/// <summary>
/// A setting is no part of a run's identity only where this test changes it, for each rule of the library, and finds equal weights and
/// metrics; and where it has an effect, it is a part.
/// </summary>
public sealed class SettingsWithoutEffectTests : IDisposable
{
    private static readonly ExperimentSpec _tiny = new()
    {
        Rules = ["feedback-alignment"],
        Seeds = [1],
        Data = new() { Train = 16, Validation = 10, Test = 10 },
        Network = new() { Layers = "784-6-5-10" },
        Feedback = new() { Seed = 3 },
        Optimizer = new() { Momentum = 0.5f, LearningRate = 0.05f, WeightDecay = 0.01f },
        Training = new() { Examples = 32, BatchSize = 8, MeasureExamples = 5 },
    };

    private static readonly LoadedData _data = TinyExperiment.Load(_tiny);

    private static readonly string _file = Path.Combine(Repository.Root, "tests/fixtures/pytorch/feedback.safetensors");

    /// <summary>All keys but for those that exclude each other, at once.</summary>
    private static readonly FeedbackSpec[] _feedback =
    [
        new()
        {
            Scheme = "normal", Scale = 7, Normalization = FeedbackNormalizationIds.FanIn, Share = 0.5, Sites = FeedbackSiteIds.Block,
                Seed = 4,
        },
        new() { ErrorsPerUnit = 2 }, new() { Rank = 2 }, new() { Regenerate = true },

        // Of another network, which only a rule without feedback weights passes over.
        new() { From = _file, Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_file))) },
    ];

    private static readonly LearnedFeedbackSpec[] _rates = [new() { LearningRateFactor = 3, WeightDecay = 0.5f }];

    private readonly TemporaryFolder _place = new();
    private int _count;

    public static TheoryData<string> Rules
        => [.. RuleCatalog.Standard.Ids, "backpropagation+backpropagation", "backpropagation+kolen-pollack"];

    public void Dispose() => _place.Dispose();

    [Fact]
    public void EveryKeyOfFeedbackIsChanged() => Assert.All(
        SpecContract.Of(typeof(FeedbackSpec)).Properties.Concat(SpecContract.Of(typeof(LearnedFeedbackSpec)).Properties), key
            => Assert.True(
            _feedback.Cast<object>().Concat(_rates).Where(changed => changed.GetType() == key.DeclaringType)
                .Any(changed => !Equals(key.Get!(changed),
                    key.Get(key.DeclaringType == typeof(FeedbackSpec) ? _tiny.Feedback : _tiny.Optimizer.Feedback))),
            key.Name));

    [Theory]
    [MemberData(nameof(Rules))]
    public void WhatIsNoPartOfTheIdentityChangesNoBit(string rule)
    {
        var spec = Spec(rule);
        string? before = null;
        foreach (var changed in (ExperimentSpec[])
            [
                .. _feedback.Select(feedback => spec with { Feedback = feedback }),
                .. _rates.Select(rate => spec with { Optimizer = spec.Optimizer with { Feedback = rate } }),
            ])
        {
            if (Name(changed, rule) == Name(spec, rule))
            {
                Assert.Equal(before ??= Left(spec, rule), Left(changed, rule));
            }
        }

        // A rule without feedback weights has them all, and one that learns none the last two.
        Assert.Equal(SettingsWithoutEffect.IsFeedback([rule], Components.Standard)
            || SettingsWithoutEffect.IsFeedbackRate([rule], Components.Standard),
            before is not null);
    }

    [Theory]
    [InlineData("feedback-alignment")]
    [InlineData("direct-kolen-pollack")]
    public void WhatHasAnEffectIsAPart(string rule)
    {
        var spec = Spec(rule);
        foreach (var changed in (ExperimentSpec[])
            [
                spec with { Feedback = new() { Scale = 7 } },
                .. rule == "feedback-alignment" ? []
                    : _rates.Select(rate => spec with { Optimizer = spec.Optimizer with { Feedback = rate } }),
            ])
        {
            Assert.NotEqual(Left(spec, rule), Left(changed, rule));
            Assert.NotEqual(Name(spec, rule), Name(changed, rule));
        }
    }

    /// <summary>Where several rules take turns, all of them count.</summary>
    [Fact]
    public void ThePhasesOfARunCountToo()
    {
        var phased = Spec("backpropagation") with
        {
            Training = _tiny.Training with
            {
                Examples = null,
                Phases = [new() { Examples = 8 }, new() { Examples = 8, Rule = "feedback-alignment" }]
            },
        };
        Assert.NotEqual(Name(phased, "backpropagation"), Name(phased with { Feedback = new() { Scale = 7 } }, "backpropagation"));
    }

    /// <summary>What completes a spec for all rules at once leaves a run's as it would be alone.</summary>
    [Fact]
    public void ARunOfManyRulesIsTheRunOfOne()
    {
        var many = SpecCompletion.Complete(_tiny with { Rules = ["backpropagation", "feedback-alignment"] }, _data.Record,
            Components.Standard);
        var one = SpecCompletion.Complete(_tiny, _data.Record, Components.Standard);
        Assert.Equal(Name(one, "feedback-alignment"), Name(many, "feedback-alignment"));
        Assert.Equal(Left(one, "feedback-alignment"), Left(many, "feedback-alignment"));
    }

    /// <summary>What one rule of an experiment needs, another refuses; a run's own spec has what its rule has, and is right by
    /// itself.</summary>
    [Fact]
    public void TheSpecOfARunIsRightAlone()
    {
        var many = SpecCompletion.Complete(
            _tiny with
            {
                Rules = ["backpropagation", "direct-kolen-pollack"],
                Optimizer = _tiny.Optimizer with { Feedback = new() { LearningRateFactor = 2 } },
                RuleSettings = new Dictionary<string, RuleSettings> { ["direct-kolen-pollack"] = new() { FeedbackScale = 2 } },
            },
            _data.Record, Components.Standard);
        Assert.All(many.Rules, rule =>
        {
            var alone = RunIdentity.Alone(many, new(rule, 1), Components.Standard);
            Assert.Empty(SpecValidator.Validate(alone, Components.Standard));
            Assert.Equal(Name(many, rule), Name(alone, rule));
            Assert.Equal(Left(many, rule), Left(alone, rule));
        });
    }

    private static ExperimentSpec Spec(string rule)
        => RuleCatalog.Standard.Get(rule) is { NeedsConvolution: true }
            ? Complete(_tiny with
            {
                Rules = [rule],
                Network = new() { Layers = "1x28x28, conv 5x5 2 relu, max-pool 4, dense 5 relu, dense 10" }
            })
            : Complete(_tiny with { Rules = [rule] });

    private static ExperimentSpec Complete(ExperimentSpec spec) => SpecCompletion.Complete(spec, _data.Record, Components.Standard);

    private static string Name(ExperimentSpec spec, string rule) => RunIdentity.Name(spec, new(rule, 1), "DATA", Components.Standard);

    /// <summary>All that a run leaves behind, but for the seconds and its spec.</summary>
    private string Left(ExperimentSpec spec, string rule)
    {
        var place = Place.Named(Path.Combine(_place.Path, $"{++_count}"));
        place.Make().Dispose();
        var record = TrainingRun.Train(spec, new(rule, 1), _data.Split, new RunFolder(place), Components.Standard, 1, TimeProvider.System,
            new(), new Nobody(), tests: true, TestContext.Current.CancellationToken);
        return string.Join('\n', TinyExperiment.Outcome(record),
            Convert.ToHexString(File.ReadAllBytes(Path.Combine(place.FullPath, "weights.npz"))),
            File.ReadAllText(Path.Combine(place.FullPath, "metrics.jsonl")));
    }

    private sealed class Nobody : ExperimentObserver;
}
