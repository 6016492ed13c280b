using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks.Modules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training.Distributed;

/// <summary>
/// Whoever says that batches can be divided keeps the promise: the gradient of a batch in groups is that of the batch, within rounding. Who
/// says that they cannot is right, too.
/// </summary>
public sealed class GroupContractTests
{
    private const int BatchSize = 11;

    public static TheoryData<string> Splitting()
        => [.. RuleCatalog.Standard.Entries.Where(rule => rule.SplitObjection is null).Select(rule => rule.Id)];

    public static TheoryData<string> Refusing()
        => [.. RuleCatalog.Standard.Entries.Where(rule => rule.SplitObjection is not null).Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Splitting))]
    public void TheGradientInGroupsIsTheGradient(string id)
    {
        var network = Some.Network("7-6-5-4", seed: 3, Activation.Tanh);
        var rule = RuleCatalog.Standard.Get(id).Create(Some.Setup(network, maxBatch: BatchSize));
        AssertSameGradient(rule, Some.Batch(network, BatchSize, seed: 5));
    }

    [Theory]
    [MemberData(nameof(Splitting))]
    public void TheSameWhereSomeRowsDoNotCount(string id)
    {
        var network = Some.Network("7-6-5-4", seed: 3, Activation.Tanh);
        var rule = RuleCatalog.Standard.Get(id).Create(Some.Setup(network, maxBatch: BatchSize));
        bool[] mask = [true, false, false, true, true, true, false, true, false, false, true];
        AssertSameGradient(rule, Some.Batch(network, BatchSize, seed: 5) with { Mask = mask });
    }

    /// <summary>A module mixes the examples of a batch and says so, or its gradients add up.</summary>
    [Theory]
    [MemberData(nameof(ModuleNetworks.All), MemberType = typeof(ModuleNetworks))]
    public void AModuleSplitsOrSaysThatItDoesNot(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var rule = new FeedbackAlignmentRule(Some.Setup(network, maxBatch: BatchSize));
        var batch = Some.Batch(network, BatchSize, seed: 5);
        if (GroupChecks.Objection(network) is null)
        {
            AssertSameGradient(rule, batch);
            return;
        }

        Assert.True(network.Root.MixesExamples);
        var (whole, half, rest) = (Gradient(batch), Gradient(Rows(0, 6)), Gradient(Rows(6, 5)));
        var differs = 0f;
        Some.ForEach(whole, (row, column) => differs = Math.Max(
            differs, Math.Abs((((6 * half[row, column]) + (5 * rest[row, column])) / BatchSize) - whole[row, column])));
        Assert.InRange(differs, 1e-4f, 100);

        Batch Rows(int start, int count) => new(batch.Inputs.Slice(start, count), batch.Targets.Slice(start, count));

        Matrix Gradient(Batch of)
        {
            Some.Rewind(rule);
            var gradients = new Gradients(rule.LearnedParameters, network.Compute);
            rule.EstimateGradients(of, gradients);
            return gradients[network.Layers[0].Weights].Values.Copy();
        }
    }

    [Fact]
    public void SomeModulesAreRefusedAndMostAreNot()
    {
        var refused = ModuleNetworks.Kinds.Where(kind => GroupChecks.Objection(ModuleNetworks.Of(kind)) is not null);
        Assert.Equal(["batch-norm", "pictures", "padded", "everything"], refused);
    }

    /// <summary>Sums of small whole numbers are exact in any order.</summary>
    [Fact]
    public void WhereSumsAreExactGroupsChangeNoBit()
    {
        var network = Network.Mlp("6-5-3", seed: 1, new() { Hidden = Activation.Linear });
        foreach (var parameter in network.Parameters)
        {
            Some.ForEach(parameter.Read(), (row, column) => parameter.Read()[row, column] = (row + (2 * column)) % 5 - 2);
        }

        var batch = new Batch(new Matrix(8, 6), new Matrix(8, 3));
        Some.ForEach(batch.Inputs, (row, column) => batch.Inputs[row, column] = ((3 * row) + column) % 7 - 3);
        var rule = new BackpropagationRule(new RuleSetup(network, Loss.SquaredError, 8, new RandomStreams(1)));
        var whole = new Gradients(rule.LearnedParameters, network.Compute);
        var loss = rule.EstimateGradients(batch, whole);
        var wholes = Some.Copies(whole);
        foreach (var groups in (int[])[2, 3, 7, 8])
        {
            var (grouped, loss2) = InGroups(rule, batch, groups);
            Some.AssertSameBits(wholes, Some.Copies(grouped));
            Assert.Equal(loss, loss2);
        }
    }

    /// <summary>The order of sums is part of what a user asks for: four groups are added as two and two.</summary>
    [Fact]
    public void FourGroupsAreAddedInPairs()
    {
        var network = Network.Mlp("3-2", seed: 1);
        var rule = new BackpropagationRule(Some.Setup(network));
        var batch = Some.Batch(network, 4, seed: 8);
        var parts = Enumerable.Range(0, 4).Select(place =>
        {
            var own = new Gradients(rule.LearnedParameters, network.Compute);
            rule.EstimateGradients(new Batch(batch.Inputs.Slice(place, 1), batch.Targets.Slice(place, 1)), own);
            return own.All[0].Values.Copy();
        }).ToArray();
        var sum = InGroups(rule, batch, 4).Gradients.All[0].Values;
        Some.ForEach(sum, (row, column) => Assert.Equal(
            ((parts[0][row, column] + parts[1][row, column]) + (parts[2][row, column] + parts[3][row, column])) * 0.25f, sum[row, column]));
    }

    [Theory]
    [MemberData(nameof(Refusing))]
    public void ARefusalIsTrueAndNamesTheRuleAndTheKey(string id)
    {
        var trouble = Assert.Throws<ArgumentException>(() => Team.Plan(id, 2).Begin());
        Assert.StartsWith($"Groups must be 1 under {id}: ", trouble.Message, StringComparison.Ordinal);
        var network = Some.Network("7-6-5-4", seed: 3, Activation.Tanh);
        var rule = RuleCatalog.Standard.Get(id).Create(Some.Setup(network, maxBatch: BatchSize));
        Assert.Throws<ArgumentException>(() => InGroups(rule, Some.Batch(network, BatchSize, seed: 5), 2));
    }

    [Fact]
    public void OnlyTheMirrorRefuses()
        => Assert.Equal(["weight-mirror"],
            RuleCatalog.Standard.Entries.Where(rule => rule.SplitObjection is not null).Select(rule => rule.Id));

    [Fact]
    public void AMixtureRefusesWithItsPart()
        => Assert.Contains("mirror", RuleCatalog.Standard.Get("backpropagation+weight-mirror").SplitObjection, StringComparison.Ordinal);

    [Fact]
    public void ARuleOfOnesOwnMustSayThatItSplits()
    {
        var plan = Team.Plan("", 2) with { MakeRule = setup => new Recorder(setup, new BackpropagationRule(setup)) };
        var trouble = Assert.Throws<ArgumentException>(() => plan.Begin());
        Assert.StartsWith("Groups must be 1 under Recorder: it does not say that each example has a part of its own", trouble.Message,
            StringComparison.Ordinal);
        Assert.StartsWith("Groups must be 1 under RememberingRule: it remembers numbers from batch to batch",
            Assert.Throws<ArgumentException>(() => (plan with { MakeRule = setup => new RememberingRule(setup) }).Begin()).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void ARuleThatOnlySaysThatItSplitsIsFoundOut()
    {
        var plan = Team.Plan("", 2) with { MakeRule = setup => new OwnMean(setup) };
        var trouble = Assert.Throws<ArgumentException>(() => plan.Begin());
        Assert.StartsWith("Groups must be 1 under OwnMean: it does not divide the gradient of hidden1.weights by Gradients.Divisor",
            trouble.Message, StringComparison.Ordinal);
        trouble = Assert.Throws<ArgumentException>(() => (plan with { MakeRule = setup => new OddNoise(setup) }).Begin());
        Assert.StartsWith("Groups must be 1 under OddNoise: it draws 3 words of noise for one example and 4 for two", trouble.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void NoiseThatVariesWithTheExampleIsFoundOut()
    {
        var plan = Team.Plan("", 2) with { MakeRule = setup => new VaryingNoise(setup) };
        var trouble = Assert.Throws<InvalidOperationException>(() => plan.Begin().Run());
        Assert.Contains("how many an example draws must not vary", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GroupsThatCannotBeAreRefused()
    {
        Assert.StartsWith("Groups is 9, must be at most 8, the examples of a batch",
            Assert.Throws<ArgumentException>(() => Team.Plan("backpropagation", 9).Begin()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Team.Plan("backpropagation", 0).Begin());
        var spiking = Team.Plan("backpropagation", 2) with
        {
            Network = new() { Hidden = Activation.Logistic, Dynamics = new SpikingDynamics() },
            Loss = Loss.LogisticCrossEntropy,
        };
        Assert.StartsWith("Groups must be 1: the units of a spiking network",
            Assert.Throws<ArgumentException>(() => spiking.Begin()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchNormIsRefusedByName()
    {
        var network = ModuleNetworks.Of("batch-norm");
        var rule = new BackpropagationRule(Some.Setup(network));
        var options = new TrainingOptions(80, LearningRateSchedule.Constant(0.05f)) { BatchSize = 8, Groups = 2 };
        var trouble = Assert.Throws<ArgumentException>(() => new Trainer(
            rule, new Sgd(rule.LearnedParameters), Some.Split(40, ModuleNetworks.Inputs), options, new RandomStreams(1)));
        Assert.StartsWith("Groups must be 1: norm (batch-norm) computes an example's outputs from the whole batch", trouble.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ThreadsChangeNoBit()
    {
        Some.AssertSameBits(Weights(1), Weights(3));

        static Matrix[] Weights(int threads)
        {
            using var compute = new Compute(threads);
            var network = Network.Mlp("40-300-200-3", 1, null, compute);
            var rule = new FeedbackAlignmentRule(Some.Setup(network));
            var options = new TrainingOptions(128, LearningRateSchedule.Constant(0.05f)) { BatchSize = 32, Groups = 3 };
            new Trainer(rule, new Sgd(rule.LearnedParameters, 0.9f), Some.Split(60, 40), options, new RandomStreams(1)).Run();
            return Some.Copies(network.Parameters);
        }
    }

    [Theory]
    [InlineData("backpropagation")]
    [InlineData("node-perturbation")]
    [InlineData("forward-forward")]
    public void AStepInGroupsAllocatesNothing(string id)
    {
        using var compute = new Compute(2);
        var network = Network.Mlp("6-9-7-3", 1, null, compute);
        var rule = RuleCatalog.Standard.Get(id).Create(Some.Setup(network));
        var options = new TrainingOptions(long.MaxValue / 2, LearningRateSchedule.Constant(0.001f))
        {
            BatchSize = 32,
            Groups = 5,
            Evaluate = Moments.Every(long.MaxValue / 4),
        };
        using var source = new CancellationTokenSource();
        var (steps, marks) = (0, new AllocationMarks());
        var observer = new TrainingCallbacks
        {
            Step = _ =>
            {
                if (++steps > 20 && steps % 10 == 0 && !marks.Set())
                {
                    source.Cancel();
                }
            },
        };
        new Trainer(rule, new Sgd(rule.LearnedParameters), Some.Split(150), options, new RandomStreams(1)).Run(observer, source.Token);
        Assert.Equal(0, marks.LeastBetweenTwo);
    }

    private static void AssertSameGradient(LearningRule rule, Batch batch)
    {
        foreach (var groups in (int[])[2, 3, 4, 11])
        {
            Assert.True(IsSameGradient(rule, batch, groups, out var where), $"in {groups} groups: {where}");
        }
    }

    private static bool IsSameGradient(LearningRule rule, Batch batch, int groups, out string where)
    {
        ulong[] places = [.. rule.AllNoise.Select(stream => stream.Position)];
        var whole = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        var loss = rule.EstimateGradients(batch, whole);

        // A gradient is formed when it is asked for, of what its rule has then.
        var wholes = Some.Copies(whole);
        ulong[] after = [.. rule.AllNoise.Select(stream => stream.Position)];
        Rewind(rule, places);
        var (grouped, loss2) = InGroups(rule, batch, groups);
        Assert.Equal(after, rule.AllNoise.Select(stream => stream.Position));
        Rewind(rule, places);
        where = $"the loss is {loss2}, is {loss} as a whole";
        if (Math.Abs(loss - loss2) > 1e-12 * Math.Abs(loss))
        {
            return false;
        }

        for (var i = 0; i < wholes.Length; i++)
        {
            var (one, other, greatest, difference) = (wholes[i], grouped.All[i].Values, 0f, 0f);
            Some.ForEach(one, (row, column) => greatest = Math.Max(greatest, Math.Abs(one[row, column])));
            Some.ForEach(one, (row, column) => difference = Math.Max(difference, Math.Abs(one[row, column] - other[row, column])));
            where = $"{whole.All[i].Parameter} differs by {difference} of {greatest}";
            if (whole.All[i].IsPresent != grouped.All[i].IsPresent || !(difference <= 3e-6f * greatest))
            {
                return false;
            }
        }

        return true;
    }

    private static (Gradients Gradients, double Loss) InGroups(LearningRule rule, Batch batch, int groups)
    {
        var options = new TrainingOptions(1, LearningRateSchedule.Constant(1)) { Groups = groups, BatchSize = batch.Count };
        var examples = new FeedbackAlignment.Data.DataSet(batch.Inputs, batch.Targets);
        var divided = new BatchGroups(options, [rule], examples, rule.LearnedParameters);
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        var loss = divided.Estimate(rule, batch, gradients, stop: false);
        return (gradients, loss);
    }

    private static void Rewind(LearningRule rule, ulong[] places)
    {
        foreach (var (stream, place) in rule.AllNoise.Zip(places))
        {
            stream.Position = place;
        }
    }

    /// <summary>A rule that divides by the rows of the batch it is shown.</summary>
    private sealed class OwnMean(RuleSetup setup) : LearningRule(setup)
    {
        public override string? SplitObjection => null;

        public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
        {
            var loss = LearnOutputLayer(batch, gradients, out _);
            gradients[Network.Layers[0].Weights].Write().Fill(1f / batch.Count);
            return loss;
        }
    }

    /// <summary>A rule that draws two words and one for each example.</summary>
    private sealed class OddNoise : LearningRule
    {
        public OddNoise(RuleSetup setup)
            : base(setup) => Noise = [setup.Streams.Stream("noise/odd")];

        public override IReadOnlyList<RandomStream> Noise { get; }

        public override string? SplitObjection => null;

        public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
        {
            Noise[0].Position += 2 + (ulong)batch.Count;
            return LearnOutputLayer(batch, gradients, out _);
        }
    }

    /// <summary>A rule that draws many more words for some examples: not for the two of the rehearsal.</summary>
    private sealed class VaryingNoise : LearningRule
    {
        private int _calls;

        public VaryingNoise(RuleSetup setup)
            : base(setup) => Noise = [setup.Streams.Stream("noise/varying")];

        public override IReadOnlyList<RandomStream> Noise { get; }

        public override string? SplitObjection => null;

        public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
        {
            Noise[0].Position += (ulong)batch.Count + (++_calls > 3 ? 100u : 0);
            return LearnOutputLayer(batch, gradients, out _);
        }
    }
}
