using System.Text.RegularExpressions;
using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>A state is of one training: another one refuses it and names what differs. What changes no bit may differ.</summary>
public sealed partial class TrainingIdentityTests
{
    private const string Begin = "a checkpoint of another training: ", End = "; make the training as it was then";

    public static TheoryData<int, string> Refused() => Cases(variation => variation.Difference is not null);

    public static TheoryData<int, string> Accepted() => Cases(variation => variation.Difference is null);

    [Theory]
    [MemberData(nameof(Refused))]
    public void ASettingThatDiffersIsNamedWithBothValues(int index, string setting)
    {
        var (_, saved, present, difference) = SettingVariations.All[index];
        var refusal = present.Refusal(saved.Saved());
        Assert.NotNull(refusal);
        Assert.DoesNotContain('\n', refusal);
        Assert.Matches($"^state, byte [0-9]+: {Pattern($"{Begin}{difference}{End}")}$", refusal);
        Assert.True(present.Refusal(present.Saved()) is null, setting);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void WhatChangesNoBitMayDiffer(int index, string setting)
    {
        var (_, saved, present, _) = SettingVariations.All[index];
        var never = saved with { Options = saved.Options with { Examples = present.Options.Examples }, Phases = present.Phases };
        Some.AssertSameBits(never.Weights(), present.Weights(saved.Saved()));
        Assert.NotEmpty(setting);
    }

    /// <summary>A new option, or a new argument of an optimizer or a schedule, cannot be forgotten.</summary>
    [Fact]
    public void EverySettingThatCanBeSetIsVaried()
    {
        Type[] options = [typeof(MlpOptions), typeof(SpikingDynamics), typeof(FeedbackOptions), typeof(TrainingOptions),
            typeof(TrainingPhase), typeof(DataSplit), typeof(DataSet)];
        Type[] made = [typeof(RuleSetup), typeof(Trainer),
            .. typeof(Optimizer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Optimizer)))];
        options = [.. options, typeof(ParameterGroup), typeof(Augmentation)];
        var settable = options.SelectMany(
            type => type.GetProperties().Where(property => property.SetMethod?.IsPublic == true).Select(
            property => $"{type.Name}.{property.Name}"))
            .Concat(made.SelectMany(type => type.GetConstructors().SelectMany(made => made.GetParameters()).Select(
                parameter => $"{type.Name}({parameter.Name})")))
            .Concat(typeof(LearningRateSchedule).GetMethods().Where(method => method.ReturnType == typeof(LearningRateSchedule))
                .SelectMany(method => method.GetParameters().Select(
                    parameter => $"{nameof(LearningRateSchedule)}.{method.Name}({parameter.Name})")));
        Assert.Empty(settable.Except(SettingVariations.All.Select(variation => variation.Of)));
    }

    [Fact]
    public void EveryOptionOfEveryRuleIsNamed()
    {
        var named = 0;
        foreach (var (entry, option) in RuleCatalog.Standard.Entries.SelectMany(entry => entry.Options.Select(option => (entry, option))))
        {
            var plan = new Plan { Rule = entry.Id };
            var other = new[] { 1, 0, option.Default / 2 }.First(value => value != option.Default && option.Objection(value) is null);
            var present = plan with { RuleOptions = new() { [option.Id] = other } };
            Assert.Contains(FormattableString.Invariant($"{Begin}rule.options.{option.Id} was {option.Default}, is now {other}{End}"),
                present.Refusal(plan.Saved()), StringComparison.Ordinal);
            named++;
        }

        Assert.InRange(named, 10, 1000);
    }

    [Fact]
    public void EveryTwoRulesAreTold()
    {
        foreach (var (rule, next) in RuleCatalog.Standard.Ids.Zip(RuleCatalog.Standard.Ids.Skip(1)))
        {
            Assert.Contains($"rule.kind was {rule}, is now {next}", new Plan { Rule = next }.Refusal(new Plan { Rule = rule }.Saved()),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryDistributionOfFeedbackWeightsIsTold()
    {
        var made = typeof(WeightDistribution).GetMethods().Where(
            method => method.IsStatic && method.ReturnType == typeof(WeightDistribution) && method.GetParameters().Length == 1)
            .Select(method => (WeightDistribution)method.Invoke(null, [0.5])!).ToArray();
        Assert.InRange(made.Length, 8, 100);
        foreach (var (first, second) in made.Zip(made.Skip(1)))
        {
            var saved = new Plan { Feedback = new() { Distribution = first } }.Saved();
            Assert.Contains("rule.feedback.distribution.kind was ",
                new Plan { Feedback = new() { Distribution = second } }.Refusal(saved), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AllDifferencesAreNamedAtOnce()
    {
        var saved = new Plan().Saved();
        var other = new Plan
        {
            Optimizer = parameters
            => new Sgd(parameters, 0.5f),
            Options = new Plan().Options with { LearningRate = LearningRateSchedule.Constant(0.1f) },
            Loss = Loss.SquaredError
        };
        Assert.EndsWith(
            $"{Begin}rule.loss was softmax-cross-entropy, is now squared-error; optimizer.momentum was 0.9, is now 0.5; "
                + $"training.learningRate.rate was 0.05, is now 0.1{End}",
            other.Refusal(saved), StringComparison.Ordinal);
    }

    [Fact]
    public void SoManyDifferencesThatALineCannotHoldThemAreCounted()
        => Assert.Matches(@"; and \d+ more; make the training",
            new Plan { Sizes = "6-5-5-5-5-5-5-5-3" }.Refusal(new Plan { Sizes = "6-4-4-4-4-4-4-4-3" }.Saved()));

    /// <summary>After a refusal nothing of the trainer has changed.</summary>
    [Fact]
    public void ATrainerThatHasRefusedAStateTakesItsOwn()
    {
        var plan = new Plan();
        var trainer = plan.Begin(out var network);
        Assert.Throws<DataFormatException>(() => trainer.Restore(new MemoryStream((plan with { Seed = 2 }).Saved()), "state"));
        trainer.Restore(new MemoryStream(plan.Saved()), "state");
        trainer.Run();
        Some.AssertSameBits(plan.Weights(), Some.Copies(network.Parameters));
    }

    [Fact]
    public void AMeasureThatIsAskedForAfterTheStopComesAtItsMoments()
    {
        var measured = new List<long>();
        var plan = new Plan();
        var trainer = (plan with { Options = plan.Options with { Measure = Moments.Every(30) } }).Begin();
        trainer.Restore(new MemoryStream(plan.Saved()), "state");
        trainer.Run(new TrainingCallbacks { Measure = measured.Add });
        Assert.Equal([61, 90, 100], measured);
    }

    /// <summary>Ids and names stand in files: who changes one makes all checkpoints those of other trainings.</summary>
    [Fact]
    public void IdsNamesAndFingerprintsAreTheSameAsEver()
    {
        var phases = new Plan
        {
            Network = new() { Connectivity = new Dictionary<string, Connectivity> { ["hidden1"] = Connectivity.InputsPerUnit(3) } },
            MakeRule = setup => RuleCatalog.Standard.Get("feedback-alignment+kolen-pollack").Create(setup),
            Feedback = new() { Normalization = FeedbackNormalization.FanOut(0.1) },
            Optimizer = parameters => new Adam(parameters, weightDecay: 0.01f),
            Options = new Plan().Options with { LearningRate = LearningRateSchedule.Cosine(0.05f, 0.1, 100).WithWarmUp(9) },
            Phases = (rule, setup) => [new(60, new PepitaRule(setup)) { Learns = [.. rule.Network.Layers[^1].Parameters] }, new(40, rule)],
        };
        var spiking = new Plan
        {
            Network = new() { Hidden = Activation.Logistic, Dynamics = new SpikingDynamics { Steps = 3, Settle = 1 } },
            Options = new Plan().Options with { Patience = 40 },
        };
        Approved.Matches("tests/FeedbackAlignment.Tests/Approved/TrainingIdentity.txt",
            $"{StateParts.Identity(phases.Saved())}\n{StateParts.Identity(spiking.Saved())}");
    }

    [Fact]
    public void NoClassIsNamed()
    {
        var classes = typeof(Trainer).Assembly.GetTypes().Select(type => type.Name).ToHashSet();
        foreach (var plan in SettingVariations.All.Select(
            variation => variation.Saved).Concat(RuleCatalog.Standard.Ids.Select(rule => new Plan { Rule = rule })))
        {
            Assert.DoesNotContain(Words().Matches(StateParts.Identity(plan.Saved())).Select(word => word.Value), classes.Contains);
        }
    }

    private static TheoryData<int, string> Cases(Func<SettingVariation, bool> which)
    {
        var cases = new TheoryData<int, string>();
        foreach (var (index, variation) in SettingVariations.All.Index().Where(indexed => which(indexed.Item)))
        {
            cases.Add(index, variation.Of);
        }

        return cases;
    }

    private static string Pattern(string text) => Regex.Escape(text).Replace(@"\*", ".+", StringComparison.Ordinal);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
