using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Training;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>Checkpoints know a rule by its id and settings, whoever made it and whatever its class is called.</summary>
public sealed class RuleIdentityTests
{
    public static TheoryData<string> Ids() => [.. RuleCatalog.Standard.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void ARuleKnowsItsIdHoweverItIsMade(string id)
    {
        var (entry, setup) = (RuleCatalog.Standard.Get(id), Some.Setup(Network.Mlp("6-5-4-3", seed: 1)));
        Assert.Equal(id, entry.Create(setup).Id);
        var plan = new Plan { Rule = id };
        if (ReferenceEquals(entry.Make(setup).GetType().GetProperty("Entry")?.GetValue(null), entry))
        {
            Assert.Equal(id, entry.Make(setup).Id);
            Assert.Null((plan with { MakeRule = entry.Make }).Refusal(plan.Saved()));
        }
        else
        {
            // A rule with weights or a signal of its own is told apart from the plain rule, unless its entry made it.
            Assert.NotEqual(id, entry.Make(setup).Id);
            Assert.NotNull((plan with { MakeRule = entry.Make }).Refusal(plan.Saved()));
        }
    }

    [Fact]
    public void AMixtureIsItsPartsHoweverItIsMade()
    {
        const string Id = "feedback-alignment+direct-feedback-alignment";
        var plan = new Plan { Rule = Id };
        var made = plan with
        {
            MakeRule = setup
            => new MixtureRule(setup, [own => new FeedbackAlignmentRule(own), own => new DirectFeedbackAlignmentRule(own)])
        };
        Assert.Null(made.Refusal(plan.Saved()));
        Assert.Contains($"rule.kind was {Id}, is now direct-feedback-alignment+feedback-alignment",
            (plan with { Rule = "direct-feedback-alignment+feedback-alignment" }).Refusal(plan.Saved()), StringComparison.Ordinal);
        Assert.Contains(
            "rule.hidden2.feedback.share was none, is now 0.5; make",
            (plan with
            {
                MakeRule = setup => new MixtureRule(setup,
                [own => new FeedbackAlignmentRule(own), own => new DirectFeedbackAlignmentRule(Sparse(own))])
            }).Refusal(plan.Saved()),
                StringComparison.Ordinal);

        static RuleSetup Sparse(RuleSetup setup) => new(setup.Network, setup.Loss, setup.MaxBatch, setup.Streams, new() { Share = 0.5 });
    }

    [Fact]
    public void AClassThatIsRenamedBreaksNoCheckpointIfItSaysItsId()
    {
        var saved = new Plan { MakeRule = setup => new Before(setup, 1) }.Saved();
        Assert.Null(new Plan { MakeRule = setup => new After(setup, 1) }.Refusal(saved));
        Assert.Contains("rule.settings.strength was 1, is now 2; make",
            new Plan { MakeRule = setup => new After(setup, 2) }.Refusal(saved), StringComparison.Ordinal);
    }

    [Fact]
    public void ARuleWithAnEntryOfItsOwnHasItsId()
    {
        var entry = new RuleEntry("my-own", "my own", "A test.", "2026", setup => new RememberingRule(setup))
        {
            Notes = BackpropagationRule.Entry.Notes,
        };
        Assert.Equal("my-own", entry.Create(Some.Setup(Network.Mlp("6-5-4-3", seed: 1))).Id);
        Assert.Equal(nameof(RememberingRule), new RememberingRule(Some.Setup(Network.Mlp("6-5-4-3", seed: 1))).Id);
    }

    [Fact]
    public void OptionsOfARuleWithoutAnEntryAreNamed()
    {
        var plan = new Plan { MakeRule = setup => new Asking(setup), RuleOptions = new() { ["strength"] = 2 } };
        Assert.Contains("rule.options.strength was 2, is now 3; make",
            (plan with { RuleOptions = new() { ["strength"] = 3 } }).Refusal(plan.Saved()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feedback-alignment")]
    [InlineData("direct-feedback-alignment")]
    [InlineData("sign-symmetry-fixed-random")]
    [InlineData("pepita")]
    public void GivenFeedbackWeightsAreTold(string id)
    {
        var drawn = new Plan { Rule = id };
        var (one, other) = (Given(1), Given(2));
        Assert.Null(Given(1).Refusal(one.Saved()));
        Assert.Matches("rule.feedback.given was none, is now [0-9a-f]{32}; make", one.Refusal(drawn.Saved()));
        Assert.Matches("rule.feedback.given was [0-9a-f]{32}, is now [0-9a-f]{32}; make", other.Refusal(one.Saved()));

        Plan Given(ulong seed) => drawn with
        {
            MakeRule = setup => id switch
            {
                "pepita" => new PepitaRule(setup, Some.Matrix(3, 6, seed)),
                "direct-feedback-alignment" => new DirectFeedbackAlignmentRule(setup,
                    Some.Fixed(Some.Matrix(3, 5, seed), Some.Matrix(3, 4, seed))),
                "feedback-alignment" => new FeedbackAlignmentRule(setup, Layered(seed)),
                _ => new SignSymmetryRule(setup, Layered(seed)),
            },
        };

        static WeightSource[] Layered(ulong seed) => Some.Fixed(default, Some.Matrix(4, 5, seed), Some.Matrix(3, 4, seed));
    }

    private abstract class Mine(RuleSetup setup, double strength) : ErrorFeedbackRule(setup)
    {
        public override string Id => "mine";

        public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double> { ["strength"] = strength };

        protected override void PropagateError(in Crossing at, Matrix below) => at.Layer.Backward(at.Error, at.Layer.Weights, below);
    }

    private sealed class Before(RuleSetup setup, double strength) : Mine(setup, strength);

    private sealed class After(RuleSetup setup, double strength) : Mine(setup, strength);

    private sealed class Asking(RuleSetup setup) : ErrorFeedbackRule(setup)
    {
        private readonly double _strength = setup.Option(new RuleOption("strength", 1, ""));

        protected override void PropagateError(in Crossing at, Matrix below)
        {
            at.Layer.Backward(at.Error, at.Layer.Weights, below);
            Elementwise.Map(below, new Scale((float)_strength));
        }
    }
}
