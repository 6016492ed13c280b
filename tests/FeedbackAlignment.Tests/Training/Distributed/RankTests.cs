using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks.Modules;
using FeedbackAlignment.Tests.Optimizers;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training.Distributed;

/// <summary>One process, or two, three, four ranks: with the same groups they end with the same bits.</summary>
public sealed class RankTests
{
    /// <summary>All but those that refuse groups, which <see cref="GroupContractTests"/> looks at.</summary>
    public static TheoryData<string> Rules()
        => [.. RuleCatalog.Standard.Entries.Where(rule => rule.SplitObjection is null).Select(rule => rule.Id),
            "feedback-alignment+direct-feedback-alignment"];

    public static TheoryData<string> Optimizers() => [.. EveryOptimizer.All];

    /// <summary>Passes end with a short batch, in which three of the eight groups are empty.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void RanksChangeNoBit(string rule)
    {
        foreach (var (groups, sizes) in ((int, int[])[])[(8, [2, 4]), (5, [3])])
        {
            var plan = Team.Plan(rule, groups);
            var alone = Team.Run(plan, 1)[0];
            Assert.Equal(TrainingStatus.Completed, alone.Result.Status);
            foreach (var size in sizes)
            {
                var ends = Team.Run(plan, size);
                Assert.All(ends, end => Some.AssertSameBits(alone.Weights, end.Weights));
                AssertSame(alone.Result, ends[0].Result);
                Assert.All(ends.Skip(1), end => Assert.Null(end.Result.Test));
                Assert.All(ends, end => Assert.Equal(alone.Result.Curve, end.Result.Curve));
            }
        }
    }

    /// <summary>Optimizers see the gradient of the whole batch only, so none needs to say that it splits.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void RanksChangeNoBitWhateverTheOptimizer(string optimizer)
    {
        var plan = Team.Plan("kolen-pollack", 4) with
        {
            Optimizer = parameters => EveryOptimizer.Create(optimizer, parameters, weightDecay: 0.01f),
            Options = Team.Plan("", 4).Options with { ClipNorm = 0.5f },
        };
        var alone = Team.Run(plan, 1)[0];
        Assert.All(Team.Run(plan, 3), end => Some.AssertSameBits(alone.Weights, end.Weights));
    }

    /// <summary>Phases, a rule for each, frozen layers, feedback drawn anew, augmented pictures: all that a training can have.</summary>
    [Fact]
    public void RanksChangeNoBitOfATrainingInPhases()
    {
        var plan = Team.Plan("node-perturbation", 4) with
        {
            Phases = (rule, setup)
                => [new(40, rule), new(60, new FeedbackAlignmentRule(setup)) { Learns = [.. rule.Network.Layers[^1].Parameters] }],
        };
        var alone = Team.Run(plan, 1)[0];
        Assert.All(Team.Run(plan, 4), end => Some.AssertSameBits(alone.Weights, end.Weights));
    }

    [Theory]
    [InlineData("dropout")]
    [InlineData("layer-norm")]
    [InlineData("convolutions")]
    [InlineData("max-pooled")]
    [InlineData("recurrent-above")]
    public void RanksChangeNoBitOfANetworkOfModules(string kind)
    {
        var data = Some.Split(37, inputs: ModuleNetworks.Inputs);
        var one = Weights(null);
        Assert.All(Team.OnRanks(3, Weights), weights => Some.AssertSameBits(one, weights));

        Matrix[] Weights(MemoryRanks? ranks)
        {
            var network = ModuleNetworks.Of(kind);
            var setup = Some.Setup(network, maxBatch: 8);
            var rule = new FeedbackAlignmentRule(setup);
            var options = new TrainingOptions(80, LearningRateSchedule.Constant(0.05f)) { BatchSize = 8, Groups = 4, Ranks = ranks };
            new Trainer(rule, new Sgd(rule.LearnedParameters), data, options, new RandomStreams(1)).Run();
            return Some.Copies(network.Parameters);
        }
    }

    [Fact]
    public void AStopOfOneRankStopsAllAtTheSameStepAndAnyNumberOfRanksGoesOn()
    {
        var plan = Team.Plan("feedback-alignment", 8);
        var whole = Team.Run(plan, 1)[0];
        using var source = new CancellationTokenSource();
        CancellationToken[] stop = [default, default, source.Token];
        var stopped = Team.Run(plan, 3, stop: stop, step: (rank, examples) =>
        {
            if (rank == 2 && examples >= 24)
            {
                source.Cancel();
            }
        });
        Assert.All(stopped, end => Assert.Equal(TrainingStatus.Cancelled, end.Result.Status));
        var place = Assert.Single(stopped.Select(end => end.Result.Examples).Distinct());
        Assert.InRange(place, 24, 40);
        foreach (var size in (int[])[1, 2, 4])
        {
            var ends = Team.Run(plan, size, from: stopped[0].States[^1]);
            Assert.All(ends, end => Some.AssertSameBits(whole.Weights, end.Weights));
            AssertSame(whole.Result, ends[0].Result);
        }
    }

    [Fact]
    public void ADivergedTrainingEndsOnAllRanks()
    {
        var plan = Team.Plan("backpropagation", 4);
        plan = plan with { Options = plan.Options with { LearningRate = LearningRateSchedule.Constant(1e20f) } };
        Assert.All(Team.Run(plan, 3), end => Assert.Equal(TrainingStatus.Diverged, end.Result.Status));
    }

    [Fact]
    public void ARankWithOtherWeightsIsFoundBeforeTheFirstStep()
    {
        var plan = Team.Plan("backpropagation", 4);
        var trouble = Assert.Throws<RanksException>(() => Team.OnRanks(3, ranks =>
        {
            var trainer = (plan with { Options = plan.Options with { Ranks = ranks } }).Begin(out var network);
            network.Parameters[0].Read()[0, 0] += ranks.Rank == 1 ? 1e-6f : 0;
            return trainer.Run();
        }));
        Assert.Equal("rank 1 has other weights than rank 0 after 0 examples; all must begin with the same, and compute alike",
            trouble.Message);
    }

    /// <summary>Shared memory of a process that dies may be copied in part, and the library says that all is well.</summary>
    [Fact]
    public void AMessageThatDidNotArriveWholeIsFound()
    {
        var plan = Team.Plan("backpropagation", 4);
        var trouble = Assert.Throws<RanksException>(() => Team.OnRanks(
            2, ranks => (plan with { Options = plan.Options with { Ranks = ranks.Rank == 0 ? new Torn(ranks) : ranks } }).Begin().Run()));
        Assert.Equal("what rank 1 has sent did not arrive whole; it may have died", trouble.Message);
    }

    [Fact]
    public void MoreRanksThanGroupsAreRefused()
    {
        var plan = Team.Plan("backpropagation", 2);
        var trouble = Assert.Throws<ArgumentException>(()
            => (plan with { Options = plan.Options with { Ranks = MemoryRanks.Create(3)[0] } }).Begin());
        Assert.StartsWith("Groups is 2, must be at least 3, a group for each rank", trouble.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(13)]
    public void ABroadcastReachesEveryRank(int size)
        => Assert.All(
            Team.OnRanks(size, ranks => ranks.BroadcastAll(ranks.Rank == 0 ? [1, 2, 3] : [])), got => Assert.Equal([1, 2, 3], got));

    /// <summary>Records of C# compare lists by reference.</summary>
    private static void AssertSame(TrainingResult expected, TrainingResult actual)
    {
        Assert.Equal(expected.Curve, actual.Curve);
        Assert.Equal(expected with { Curve = actual.Curve }, actual);
    }
    /// <summary>Loses the end of long messages, the third time.</summary>
    private sealed class Torn(IRanks inner) : IRanks
    {
        private int _count;

        public int Rank => inner.Rank;

        public int Size => inner.Size;

        public void Send(int to, ReadOnlySpan<byte> message) => inner.Send(to, message);

        public void Receive(int from, Span<byte> message)
        {
            var whole = new byte[message.Length];
            inner.Receive(from, whole);
            var arrived = message.Length > 200 && ++_count == 3 ? message.Length / 2 : message.Length;
            whole.AsSpan(0, arrived).CopyTo(message);
        }

        public void Abort(int exitCode) => inner.Abort(exitCode);
    }
}
