using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Optimizers;
using FeedbackAlignment.Tests.Reference.Rules;

namespace FeedbackAlignment.Tests.Reference;

/// <summary>
/// Every rule against its second writing, through the library's trainer: shuffled batches, a short one at the end of each pass, decay.
/// </summary>
public sealed class RulesAgainstTheEngineTests
{
    private const string Pooled = "2x6x5, conv 3x3 3 tanh, max-pool 2, conv 2x2 4 padding 0, batch-norm, tanh, dense 5 tanh, dense 3",
        Strided = "2x4x5, conv 2x3 4 padding 0 relu, conv 3x3 4 stride 2 groups 2 tanh, flatten, dense 4, layer-norm, tanh, dense 3";

    /// <summary>Numbers at which noise and second passes leave enough digits in a float: the formulas hold at any.</summary>
    internal static Dictionary<string, Dictionary<string, double>> Options { get; } = new()
    {
        ["node-perturbation"] = new() { ["noise"] = 0.5 },
        ["weight-perturbation"] = new() { ["noise"] = 0.2 },
        ["weight-mirror"] = new() { ["noise"] = 0.5, ["mirrorRate"] = 0.7, ["mirrorDecay"] = 0.3, ["mirrorChance"] = 0.8 },
        ["pepita"] = new() { ["inputScale"] = 1.2 },
        ["forward-forward"] = new() { ["threshold"] = 0.3, ["labelStrength"] = 1.5 },
    };

    public static TheoryData<string> Rules() => [.. PlainRules.All.Keys];

    public static TheoryData<string, string> RulesAndOptimizers()
    {
        var cases = new TheoryData<string, string>();
        foreach (var rule in PlainRules.All.Keys)
        {
            foreach (var optimizer in EveryOptimizer.Names)
            {
                cases.Add(rule, optimizer);
            }
        }

        return cases;
    }

    [Fact]
    public void EveryRuleOfTheCatalogIsWrittenTwiceOrSaysWhyNot()
        => Assert.Equal(RuleCatalog.Standard.Ids.Order(), PlainRules.All.Keys.Concat(PlainRules.WithoutReference.Keys).Order());

    [Theory]
    [MemberData(nameof(Rules))]
    public void TwentyStepsAgreeForEveryActivationAndLoss(string rule)
    {
        foreach (var hidden in Activation.Standard.Entries)
        {
            foreach (var loss in Loss.Standard.Entries)
            {
                // Every function below a linear output layer under every loss, and as an output layer above itself.
                foreach (var output in Activation.Standard.Entries.Where(output => loss.Objection(output) is null
                    && (output == Activation.Linear || (output == hidden && loss == Loss.SquaredError))))
                {
                    Course.AssertAgree(Of(rule) with { Hidden = hidden.Id, Output = output.Id, Loss = loss.Id, Rate = 0.002f });
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void TwentyStepsAgreeForEveryDepthWithoutBiasesAndOneExampleAtATime(string rule)
    {
        foreach (var sizes in (string[])["7-3", "7-6-3", "7-5-5-3", "7-6-5-4-3"])
        {
            Course.AssertAgree(Of(rule) with { Sizes = sizes, Bias = false, Hidden = "logistic" });
            Course.AssertAgree(Of(rule) with { Sizes = sizes, Batch = 1, Examples = 20, Output = "logistic", Loss = "squared-error" });
        }
    }

    [Theory]
    [MemberData(nameof(RulesAndOptimizers))]
    public void TwentyStepsAgreeUnderEveryOptimizer(string rule, string optimizer)
    {
        Course.AssertAgree(Of(rule, optimizer) with { Decay = 0 });
        Course.AssertAgree(Of(rule, optimizer));
        Course.AssertAgree(Of(rule, optimizer) with { Decay = 0.02f, Mode = WeightDecayMode.PerStep });
    }

    /// <summary>Decay in the gradient, of forward weights and of feedback that learns.</summary>
    [Theory]
    [InlineData("backpropagation", "adam")]
    [InlineData("kolen-pollack", "sgd")]
    [InlineData("kolen-pollack", "nesterov")]
    [InlineData("weight-mirror", "momentum")]
    [InlineData("direct-kolen-pollack", "rmsprop")]
    public void TwentyStepsAgreeUnderCoupledDecay(string rule, string optimizer)
    {
        var lesson = Of(rule, optimizer) with { Mode = WeightDecayMode.Coupled };
        Course.AssertAgree(lesson);
        Course.AssertAgree(lesson with { Batch = 1, Examples = 20 });
        if (RuleCatalog.Standard.Get(rule) is { LearnsFeedback: true, TiesFeedback: false })
        {
            Course.AssertAgree(lesson with { FeedbackFactor = 0.3f, FeedbackDecay = 0.4f });
        }
    }

    /// <summary>What a rule learns itself, at a rate and with a decay of its own.</summary>
    [Theory]
    [MemberData(nameof(RulesAndOptimizers))]
    public void TwentyStepsAgreeWhereFeedbackHasARateAndADecayOfItsOwn(string rule, string optimizer)
    {
        if (RuleCatalog.Standard.Get(rule) is { LearnsFeedback: true, TiesFeedback: false })
        {
            Course.AssertAgree(Of(rule, optimizer) with { FeedbackFactor = 0.3f, FeedbackDecay = 0.4f });
            Course.AssertAgree(Of(rule, optimizer) with
            {
                FeedbackFactor = 3,
                FeedbackDecay = 0.01f,
                Mode = WeightDecayMode.PerStep,
                Batch = 1,
                Examples = 20,
            });
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void TwentyStepsAgreeUnderClipping(string rule)
    {
        foreach (var optimizer in (string[])["sgd", "momentum", "adam"])
        {
            Course.AssertAgree(Of(rule, optimizer) with { ClipNorm = 0.3f });
            Course.AssertAgree(Of(rule, optimizer) with { ClipNorm = 0.3f, Batch = 1, Examples = 20 });
        }
    }

    /// <summary>
    /// Kernels, strides, groups, pooling and norms. A residual block is one stage of the engine, so its layers get no noise there.
    /// </summary>
    [Theory]
    [InlineData("node-perturbation", Pooled)]
    [InlineData("node-perturbation", Strided)]
    [InlineData("node-perturbation", "7, dense 6, batch-norm, relu, dense 5 tanh, dense 3")]
    [InlineData("weight-perturbation", Pooled)]
    [InlineData("weight-perturbation", Strided)]
    [InlineData("weight-perturbation", "1x4x4, conv 3x3 2 tanh, residual(conv 3x3 2 tanh, conv 3x3 2), tanh, global-average-pool, dense 3")]
    public void TwentyStepsAgreeOnNetworksOfModules(string rule, string plan)
    {
        foreach (var optimizer in (string[])["sgd", "adam"])
        {
            Course.AssertAgree(Of(rule, optimizer) with { Plan = plan, Rate = 0.01f });
        }
    }

    private static Lesson Of(string rule, string optimizer = "sgd") => new(rule, optimizer) { Options = Options.GetValueOrDefault(rule) };
}
