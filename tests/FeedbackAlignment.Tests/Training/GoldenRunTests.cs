using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;
using FeedbackAlignment.Tests.Optimizers;
using FeedbackAlignment.Tests.Reference;
using FeedbackAlignment.Tests.Reference.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>
/// Whole trainings whose final weights are known to the bit. They must be the same for every number of threads, every vector width
/// (CI runs the suite again with DOTNET_EnableAVX512=0 and DOTNET_EnableAVX2=0), processor and operating system; so nothing here comes from
/// the platform's libm. Each kind of arithmetic has its own (CI runs these tests again with FA_ARITHMETIC=separate).
/// A change that means to change the arithmetic approves new ones and says so.
/// </summary>
public sealed class GoldenRunTests
{
    private const string Head = "rule, optimizer, SHA-256 of the final weights: ";

    /// <summary>
    /// Bits that are not approved yet are compared with the plain engine first: they may be other roundings, but not another rule.
    /// </summary>
    [Fact]
    public void FinalWeightsOfASmallNetworkAreKnownToTheBit()
    {
        var file = Golden("GoldenRun");
        var text = new StringBuilder(Head).Append("20-16-12-5 tanh, softmax cross-entropy, batch 8, 300 steps\n");
        foreach (var rule in RuleCatalog.Standard.Ids)
        {
            foreach (var optimizer in EveryOptimizer.Names)
            {
                var lesson = Small(rule, optimizer);
                Add(text, file, lesson, Train(lesson, threads: 1));
            }
        }

        Approved.Matches(file, text.ToString());
    }

    /// <summary>Large enough for every product to be shared among threads and to span several blocks of the kernel.</summary>
    [Fact]
    public void FinalWeightsOfAWideNetworkAreKnownToTheBitForOneTwoAndThreeThreads()
    {
        var file = Golden("GoldenRunWide");
        var text = new StringBuilder(Head).Append("132-96-64-70 logistic, logistic cross-entropy, batch 64, 3 steps\n");
        foreach (var rule in RuleCatalog.Standard.Ids)
        {
            foreach (var optimizer in (string[])["sgd", "adam"])
            {
                var lesson = Golden(rule, optimizer, "132-96-64-70", "logistic", "logistic-cross-entropy", batch: 64, batches: 3);
                var weights = ((int[])[1, 2, 3]).Select(threads => Train(lesson, threads)).Distinct();
                Add(text, file, lesson, Assert.Single(weights), IsNoise(rule) ? RulesAgainstTheEngineTests.Options[rule] : null);
            }
        }

        Approved.Matches(file, text.ToString());
    }

    /// <summary>
    /// Feedback that is drawn again at every step, and no more kept, changes no bit: alone and in a mixture, in batches and one example
    /// at a time.
    /// </summary>
    [Fact]
    public void RegeneratedFeedbackGivesTheSameWeights()
    {
        const string Mixture = "feedback-alignment+direct-feedback-alignment+backpropagation";
        string[] rules = [.. RuleCatalog.Standard.Entries.Where(rule => rule.CanRegenerateFeedback).Select(rule => rule.Id), Mixture];
        Assert.Contains("feedback-alignment", rules);
        Assert.Contains("direct-feedback-alignment", rules);
        foreach (var rule in rules)
        {
            foreach (var (activation, batch) in ((string, int)[])[("logistic", 64), ("relu", 64), ("relu", 1)])
            {
                var lesson = Golden(rule, "sgd", "145-150-97-131-140", activation, "logistic-cross-entropy", batch, batches: 3);
                string Run(bool regenerate, int threads) => Train(lesson with { Feedback = new() { Regenerate = regenerate } }, threads);
                var kept = Run(regenerate: false, threads: 1);
                Assert.All((int[])[1, 2, 3], threads => Assert.Equal(kept, Run(regenerate: true, threads)));
            }
        }
    }

    [Theory]
    [InlineData("feedback-alignment", "sgd")]
    [InlineData("pepita", "adam")]
    public void GoldenRunsAreThoseOfTheEngineButForRounding(string rule, string optimizer) => Course.AssertAgree(Small(rule, optimizer));

    /// <summary>Each kind of arithmetic has bits of its own.</summary>
    private static string Golden(string name)
        => $"tests/FeedbackAlignment.Tests/Approved/{name}{(Compute.Arithmetic == Arithmetic.Fused ? "" : Compute.Arithmetic)}.txt";

    private static Lesson Small(string rule, string optimizer)
        => Golden(rule, optimizer, "20-16-12-5", "tanh", "softmax-cross-entropy", batch: 8, batches: 300);

    private static Lesson Golden(
        string rule, string optimizer, string sizes, string hidden, string loss, int batch, int batches) => new(rule, optimizer)
        {
            Sizes = sizes,
            Hidden = hidden,
            Loss = loss,
            BiasesBeginAtZero = true,
            Pass = batch * 10 + 3,
            Examples = batch * batches,
            HasClasses = true,
            Batch = batch,
            Rate = 0.01f,
            WarmUp = 100,
            Decay = 0.001f,
        };

    /// <summary>Noise of the usual size leaves no digits to compare in the first step of Adam, which takes signs.</summary>
    private static bool IsNoise(string rule) => rule.EndsWith("-perturbation", StringComparison.Ordinal);

    private static void Add(
        StringBuilder text, string file, Lesson lesson, string hash, IReadOnlyDictionary<string, double>? comparedWith = null)
    {
        var line = $"{lesson.Rule}, {lesson.Optimizer}, {hash}";
        if (!Approved.Has(file, line) && !PlainRules.WithoutReference.ContainsKey(lesson.Rule))
        {
            Course.AssertAgree(lesson with { Options = comparedWith ?? lesson.Options });
        }

        text.Append(line).Append('\n');
    }

    private static string Train(Lesson lesson, int threads)
    {
        using var compute = new Compute(threads);
        var (trainer, rule) = lesson.AtTheLibrary(compute);
        Assert.Equal(TrainingStatus.Completed, trainer.Run().Status);
        return Hash(rule.Network);
    }

    private static string Hash(Network network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in network.Parameters)
        {
            var rows = new Matrix(parameter.Read().Rows, parameter.Read().Columns);
            rows.CopyFrom(parameter.Read());
            for (var row = 0; row < rows.Rows; row++)
            {
                hash.AppendData(MemoryMarshal.AsBytes(rows.Row(row)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
