using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks.Modules;
using FeedbackAlignment.Tests.Optimizers;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training.Distributed;

/// <summary>Ranks that share the layers of a network: with the same groups they end with the bits of one process.</summary>
public sealed class LayerTests
{
    private const string Sizes = "6-5-7-4-3";

    public static TheoryData<Parallelism, string> Rules()
    {
        var rules = new TheoryData<Parallelism, string>();
        foreach (var parallel in (Parallelism[])[Parallelism.Layers, Parallelism.Pipeline])
        {
            foreach (var id in Able(parallel))
            {
                rules.Add(parallel, id);
            }
        }

        rules.Add(Parallelism.Layers, "direct-kolen-pollack+shared-direct-feedback-alignment+direct-feedback-alignment");
        rules.Add(Parallelism.Pipeline, "kolen-pollack+direct-feedback-alignment+local-feedback-alignment");
        return rules;
    }

    public static TheoryData<string> Optimizers() => [.. EveryOptimizer.All];

    public static TheoryData<string> Kinds() => [.. ModuleNetworks.Kinds];

    /// <summary>Which rules of the catalog can do it, by name: nobody loses it unseen.</summary>
    [Fact]
    public void DirectRulesShareLayersAndRulesThatSendErrorsBackDoSoInAPipeline()
    {
        string[] direct =
        [
            "direct-feedback-alignment", "direct-kolen-pollack", "direct-random-target-projection", "error-sign-direct-feedback-alignment",
            "low-rank-direct-feedback-alignment", "repeated-direct-feedback-alignment", "shared-direct-feedback-alignment",
            "sparse-direct-feedback-alignment",
        ];
        Assert.Equal(direct, Able(Parallelism.Layers).Order(StringComparer.Ordinal));
        Assert.Superset(direct.ToHashSet(), Able(Parallelism.Pipeline).ToHashSet());
        Assert.Subset(
            Able(Parallelism.Pipeline).ToHashSet(), new HashSet<string> { "backpropagation", "feedback-alignment", "kolen-pollack" });
    }

    /// <summary>Passes end with a batch of 5: of 8 groups three are empty then.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void RanksChangeNoBit(Parallelism parallel, string rule)
    {
        foreach (var (groups, sizes) in ((int, int[])[])[(1, [4]), (3, [3]), (8, [2])])
        {
            var plan = Plan(parallel, rule, groups);
            var alone = Team.Run(plan, 1)[0];
            Assert.Equal(TrainingStatus.Completed, alone.Result.Status);
            foreach (var size in sizes)
            {
                AssertSame(alone, Team.Run(plan, size));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void RanksChangeNoBitWhateverTheOptimizer(string optimizer)
    {
        foreach (var (parallel, rule, groups) in ((Parallelism, string, int)[])
            [(Parallelism.Layers, "direct-kolen-pollack", 1), (Parallelism.Pipeline, "kolen-pollack", 4)])
        {
            var plan = Plan(parallel, rule, groups);
            plan = plan with
            {
                Optimizer = parameters => EveryOptimizer.Create(optimizer, parameters, weightDecay: 0.01f),
                Options = plan.Options with { ClipNorm = 0.5f },
            };
            var alone = Team.Run(plan, 1)[0];
            Assert.InRange(alone.Result.ClippedSteps!.Value, 1, 1000);
            AssertSame(alone, Team.Run(plan, 3));
        }
    }

    /// <summary>Early stopping, the last weights, augmentation's absence: what all ranks must decide alike.</summary>
    [Fact]
    public void RanksStopEarlyAtTheSamePlace()
    {
        var plan = Plan(Parallelism.Layers, "direct-feedback-alignment", 2);
        plan = plan with
        {
            Options = plan.Options with { Examples = 2000, Patience = 1, Evaluate = Moments.Every(40), Keep = KeptWeights.Last },
        };
        var alone = Team.Run(plan, 1)[0];
        Assert.Equal(TrainingStatus.StoppedEarly, alone.Result.Status);
        AssertSame(alone, Team.Run(plan, 3));
    }

    [Fact]
    public void RanksChangeNoBitOfATrainingInPhases()
    {
        var plan = Plan(Parallelism.Pipeline, "direct-feedback-alignment", 4) with
        {
            Phases = (rule, setup)
                => [new(40, rule), new(60, new FeedbackAlignmentRule(setup)) { Learns = [.. rule.Network.Layers[^1].Parameters] }],
        };
        AssertSame(Team.Run(plan, 1)[0], Team.Run(plan, 4));
    }

    /// <summary>
    /// Convolutions, pooling, norms with statistics, masks and residual blocks, at every number of ranks that the network allows.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void RanksChangeNoBitOfANetworkOfModules(string kind)
    {
        var data = Some.Split(37, inputs: ModuleNetworks.Inputs);
        var splits = GroupChecks.Objection(ModuleNetworks.Of(kind)) is null;
        foreach (var (parallel, sites, groups) in ((Parallelism, FeedbackSites, int)[])
            [(Parallelism.Layers, FeedbackSites.Module, splits ? 4 : 1), (Parallelism.Layers, FeedbackSites.Block, splits ? 4 : 1),
                (Parallelism.Pipeline, FeedbackSites.Module, splits ? 4 : 1), (Parallelism.Layers, FeedbackSites.Module, 1)])
        {
            // The first rank has the places of all masks at the end: a checkpoint would have them.
            ulong[] places = [];
            var (one, expected) = (State(null), places);
            for (var size = 2; size <= Most(); size++)
            {
                Assert.All(Team.OnRanks(size, State), state => Some.AssertSameBits(one, state));
                Assert.Equal(expected, places);
            }

            int Most()
            {
                var most = 1;
                while (true)
                {
                    try
                    {
                        _ = LayerPlan.Of(Rule(out _).Network, [Rule(out _)], parallel, most + 1);
                        most++;
                    }
                    catch (ArgumentException refused) when (refused.Message.Contains($"must be at most {most},", StringComparison.Ordinal))
                    {
                        return most;
                    }
                }
            }

            LearningRule Rule(out Network network)
            {
                network = ModuleNetworks.Of(kind);
                var setup = new RuleSetup(
                    network, FeedbackAlignment.Losses.Loss.SoftmaxCrossEntropy, 8, new RandomStreams(1), new() { Sites = sites });
                return parallel == Parallelism.Layers ? new DirectFeedbackAlignmentRule(setup) : new BackpropagationRule(setup);
            }

            Matrix[] State(MemoryRanks? ranks)
            {
                var rule = Rule(out var network);
                var options = new TrainingOptions(72, LearningRateSchedule.Constant(0.05f))
                {
                    BatchSize = 8,
                    Groups = groups,
                    Ranks = ranks,
                    Parallel = parallel,
                };
                new Trainer(rule, new Adam(rule.LearnedParameters), data, options, new RandomStreams(1)).Run();
                if (ranks is null or { Rank: 0 })
                {
                    places = [.. rule.ModuleNoise.Select(stream => stream.Position)];
                }

                return [.. Some.Copies(network.Parameters), .. network.Buffers.Select(buffer => buffer.Values.Copy())];
            }
        }
    }

    [Fact]
    public void AStopOfOneRankStopsAllAtTheSameStepAndAnyNumberOfRanksGoesOn()
    {
        foreach (var (parallel, rule) in ((Parallelism, string)[])
            [(Parallelism.Layers, "direct-kolen-pollack"), (Parallelism.Pipeline, "direct-kolen-pollack"),
                (Parallelism.Layers, "direct-random-target-projection")])
        {
            var plan = Plan(parallel, rule, 2);
            var whole = Team.Run(plan, 1)[0];
            using var source = new CancellationTokenSource();
            CancellationToken[] stop = [default, source.Token, default];
            var stopped = Team.Run(plan, 3, stop: stop, step: (rank, examples) =>
            {
                if (rank == 1 && examples >= 24)
                {
                    source.Cancel();
                }
            });
            Assert.All(stopped, end => Assert.Equal(TrainingStatus.Cancelled, end.Result.Status));
            var place = Assert.Single(stopped.Select(end => end.Result.Examples).Distinct());
            Assert.InRange(place, 24, rule == "direct-random-target-projection" ? 80 : 40);
            foreach (var size in (int[])[1, 2, 4])
            {
                var ends = Team.Run(plan, size, from: stopped[0].States[^1]);
                Assert.All(ends, end => Some.AssertSameBits(whole.Weights, end.Weights));
            }

            // Ranks that share the batches go on with it, too.
            var others = plan with { Options = plan.Options with { Parallel = Parallelism.Batches } };
            Assert.All(Team.Run(others, 2, from: stopped[0].States[^1]), end => Some.AssertSameBits(whole.Weights, end.Weights));
        }
    }

    /// <summary>
    /// Where no rule reads the output's error, the first rank hears nothing from the others between two looks at the network: it learns
    /// from batches that they have not seen.
    /// </summary>
    [Theory]
    [InlineData("direct-random-target-projection", 0)]
    [InlineData("direct-feedback-alignment", 12)]
    [InlineData("error-sign-direct-feedback-alignment", 12)]
    public void WhoNeedsNoOutputErrorDoesNotWait(string rule, int received)
    {
        var plan = Plan(Parallelism.Layers, rule, 1);
        plan = plan with { Options = plan.Options with { Examples = 94, Evaluate = Moments.Every(1000), Checkpoint = null } };
        var heard = Team.OnRanks(2, ranks =>
        {
            var counting = new Counting(ranks);
            List<long> after = [];
            var trainer = (plan with { Options = plan.Options with { Ranks = counting } }).Begin();
            trainer.Run(new TrainingCallbacks { Step = _ => after.Add(counting.Received) });
            return after[^1] - after[0];
        });
        Assert.Equal(received, heard[0]);
    }

    /// <summary>A launcher sends a stop to all ranks. The first ends the stretch in which nobody waits.</summary>
    [Fact]
    public void WhoDoesNotWaitStopsAfterABatchIfTheFirstRankIsAskedTo()
    {
        var plan = Plan(Parallelism.Layers, "direct-random-target-projection", 2);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.All(Team.Run(plan, 3, stop: [source.Token, default, default]), end => Assert.Equal(8, end.Result.Examples));
    }

    /// <summary>The ranks have gone on when they learn that a loss has exploded, and go back to its batch.</summary>
    [Fact]
    public void WhoHasNotWaitedGoesBackToWhereTheTrainingDiverged()
    {
        var ended = new HashSet<long>();
        foreach (var rate in (float[])[300, 1000, 3000, 1e20f])
        {
            var plan = Plan(Parallelism.Layers, "direct-random-target-projection", 2);
            plan = plan with
            {
                Options = plan.Options with
                {
                    Examples = 400,
                    LearningRate = LearningRateSchedule.Constant(rate),
                    Keep = KeptWeights.Last,
                    Evaluate = Moments.Every(390),
                },
                Optimizer = parameters => new Adam(parameters),
            };
            var alone = Team.Run(plan, 1)[0];
            if (alone.Result.Status == TrainingStatus.Diverged)
            {
                ended.Add(alone.Result.Examples);
            }

            foreach (var size in (int[])[2, 4])
            {
                AssertSame(alone, Team.Run(plan, size));
            }
        }

        Assert.Contains(ended, examples => examples is > 8 and < 390 && examples % 40 != 0);
    }

    [Fact]
    public void ADivergedTrainingEndsOnAllRanksWithTheSameBits()
    {
        var plan = Plan(Parallelism.Layers, "direct-feedback-alignment", 1);
        plan = plan with
        {
            Options = plan.Options with { LearningRate = LearningRateSchedule.Constant(1e20f), Keep = KeptWeights.Last },
        };
        var alone = Team.Run(plan, 1)[0];
        Assert.Equal(TrainingStatus.Diverged, alone.Result.Status);
        AssertSame(alone, Team.Run(plan, 3));
    }

    /// <summary>What ranks of this test send takes no memory either, so the step's own would show.</summary>
    [Theory]
    [InlineData(Parallelism.Layers, "direct-feedback-alignment", 1)]
    [InlineData(Parallelism.Layers, "direct-kolen-pollack", 4)]
    [InlineData(Parallelism.Pipeline, "backpropagation", 4)]
    public void AStepOnRanksAllocatesNothing(Parallelism parallel, string rule, int groups)
    {
        var wires = new Wires();
        var least = Team.OnRanks(2, ranks =>
        {
            var plan = Plan(parallel, rule, groups);
            plan = plan with
            {
                Options = plan.Options with
                {
                    Examples = 37 * 30,
                    Ranks = wires.Of(ranks.Rank),
                    ClipNorm = 0.5f,
                    Evaluate = Moments.Every(10_000),
                    Checkpoint = null,
                },
            };
            var trainer = plan.Begin();
            var (steps, last, fewest) = (0, 0L, long.MaxValue);
            trainer.Run(new TrainingCallbacks
            {
                Step = _ =>
                {
                    var now = GC.GetAllocatedBytesForCurrentThread();
                    fewest = ++steps > 60 ? Math.Min(fewest, now - last) : fewest;
                    last = now;
                },
            });
            return fewest;
        });
        Assert.All(least, bytes => Assert.Equal(0, bytes));
    }

    [Theory]
    [InlineData(Parallelism.Layers, "backpropagation", "a hidden layer needs the error of the layer above")]
    [InlineData(Parallelism.Layers, "feedback-alignment+direct-feedback-alignment+direct-feedback-alignment",
        "a hidden layer needs the error of the layer above")]
    [InlineData(Parallelism.Layers, "forward-forward", "it does more than give each hidden layer an error")]
    [InlineData(Parallelism.Pipeline, "node-perturbation", "it does more than give each hidden layer an error")]
    [InlineData(Parallelism.Pipeline, "weight-mirror", "mirror")]
    public void ARuleThatNeedsMoreIsRefusedByName(Parallelism parallel, string rule, string why)
    {
        var trouble = Assert.Throws<ArgumentException>(() => Plan(parallel, rule, 1).Begin());
        Assert.StartsWith($"Parallel must not be {parallel} under {rule}: ", trouble.Message, StringComparison.Ordinal);
        Assert.Contains(why, trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreRanksThanLayersAreRefused()
    {
        var plan = Plan(Parallelism.Layers, "direct-feedback-alignment", 1);
        var trouble = Assert.Throws<ArgumentException>(()
            => (plan with { Options = plan.Options with { Ranks = MemoryRanks.Create(5)[0] } }).Begin());
        Assert.StartsWith("Parallel Layers: there are 5 ranks, must be at most 4, the parts into which the network can be divided",
            trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARankWithOtherWeightsIsFoundBeforeTheFirstStep()
    {
        var plan = Plan(Parallelism.Layers, "direct-feedback-alignment", 1);
        var trouble = Assert.Throws<RanksException>(() => Team.OnRanks(3, ranks =>
        {
            var trainer = (plan with { Options = plan.Options with { Ranks = ranks } }).Begin(out var network);
            network.Parameters[0].Read()[0, 0] += ranks.Rank == 1 ? 1e-6f : 0;
            return trainer.Run();
        }));
        Assert.StartsWith("rank 1 has other weights than rank 0 after 0 examples", trouble.Message, StringComparison.Ordinal);
    }

    /// <summary>It would read what nobody has run.</summary>
    [Fact]
    public void ADirectRuleThatReadsTheWholeForwardPassIsFoundOut()
    {
        var plan = Plan(Parallelism.Layers, "", 1) with { MakeRule = setup => new Reading(setup) };
        Team.Run(plan, 1);
        var trouble = Assert.Throws<InvalidOperationException>(() => Team.Run(plan, 2));
        Assert.Equal("Reading reads the whole forward pass, of which a rank has a part: ranks cannot share the layers", trouble.Message);
        Assert.Contains("it sends the error up", Assert.Throws<ArgumentException>(
            () => Plan(Parallelism.Pipeline, "indirect-feedback-alignment", 1).Begin()).Message, StringComparison.Ordinal);
    }

    /// <summary>What a rule draws for some layers only, ranks would draw differently.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ARuleThatDrawsLayerByLayerIsFoundOut(int groups)
    {
        var plan = Plan(Parallelism.Layers, "", groups) with { MakeRule = setup => new Drawing(setup) };
        Assert.NotNull(Record.Exception(() => Team.Run(plan, 2)));
    }

    /// <summary>
    /// Under direct rules every boundary between ranks is crossed once forward, and the output's error goes to all others once; under
    /// backpropagation every boundary is crossed twice, and only the losses go to all.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void MessagesAndBytesAreAsMany(int groups)
    {
        foreach (var (parallel, rule) in ((Parallelism, string)[])
            [(Parallelism.Layers, "direct-feedback-alignment"), (Parallelism.Pipeline, "backpropagation")])
        {
            const int Size = 4, Batch = 8;
            var counted = Team.OnRanks(Size, ranks =>
            {
                var counting = new Counting(ranks);
                var plan = Plan(parallel, rule, groups);
                plan = plan with
                {
                    Options = plan.Options with { Examples = 24, Ranks = counting, Evaluate = Moments.Every(1000), Checkpoint = null },
                };
                List<(long, long)> after = [];
                plan.Begin().Run(new TrainingCallbacks { Step = _ => after.Add((counting.Messages, counting.Bytes)) });
                return (Messages: after[1].Item1 - after[0].Item1, Bytes: after[1].Item2 - after[0].Item2);
            });
            var traffic = LayerTraffic.OfStep([5, 7, 4], outputs: 3, Batch, groups, isSentBack: parallel == Parallelism.Pipeline);
            Assert.Equal(traffic.Messages, counted.Sum(rank => rank.Messages));
            Assert.Equal(traffic.Bytes, counted.Sum(rank => rank.Bytes));
        }

        var (direct, back) = (LayerTraffic.OfStep([512, 512], 10, 64, 4, false), LayerTraffic.OfStep([512, 512], 10, 64, 4, true));
        Assert.InRange(direct.Bytes / (double)back.Bytes, 0.5, 0.53);
    }

    /// <summary>Rank 2 has the last two layers of four, for they have fewer weights than the second.</summary>
    [Fact]
    public void LayersAreDividedByTheirMultiplyAdds()
    {
        var network = Network.Mlp("6-50-70-4-3", seed: 1);
        var plan = LayerPlan.Of(network, [new DirectFeedbackAlignmentRule(Some.Setup(network))], Parallelism.Layers, 3);
        Assert.Equal([(0, 1), (1, 2), (2, 4)], Enumerable.Range(0, 3).Select(rank => plan[rank]));
    }

    /// <summary>A direct rule that looks at what all layers gave.</summary>
    private sealed class Reading(RuleSetup setup) : BroadcastRule(setup)
    {
        protected override void BringError(in Site at, Matrix signal, Matrix error) => error.CopyFrom(Pass.Outputs[at.Index]);
    }

    /// <summary>A direct rule that draws noise for each layer.</summary>
    private sealed class Drawing : BroadcastRule
    {
        public Drawing(RuleSetup setup)
            : base(setup) => Noise = [setup.Streams.Stream("noise/drawing")];

        public override IReadOnlyList<RandomStream> Noise { get; }

        protected override void BringError(in Site at, Matrix signal, Matrix error)
        {
            error.Fill(1e-3f);
            Noise[0].Position += (ulong)(signal.Rows * (1 << at.Index));
        }
    }

    /// <summary>Two ranks whose messages lie in memory that was there before.</summary>
    private sealed class Wires
    {
        private readonly byte[][] _bytes = [new byte[1 << 20], new byte[1 << 20]];
        private readonly int[] _lengths = [-1, -1];
        private volatile bool _isBroken;

        public IRanks Of(int rank) => new End(this, rank);

        private sealed class End(Wires wires, int rank) : IRanks
        {
            public int Rank => rank;

            public int Size => 2;

            /// <summary>As a message that waits for its receiver: the order of work must allow that.</summary>
            public void Send(int to, ReadOnlySpan<byte> message)
            {
                message.CopyTo(wires._bytes[to]);
                Volatile.Write(ref wires._lengths[to], message.Length);
                WaitWhile(to, isThere: true);
            }

            public void Receive(int from, Span<byte> message)
            {
                WaitWhile(rank, isThere: false);
                wires._bytes[rank].AsSpan(0, message.Length).CopyTo(message);
                Volatile.Write(ref wires._lengths[rank], -1);
            }

            public void Abort(int exitCode) => wires._isBroken = true;

            /// <summary>A monitor's wait would take memory.</summary>
            private void WaitWhile(int at, bool isThere)
            {
                while ((Volatile.Read(ref wires._lengths[at]) >= 0) == isThere)
                {
                    if (wires._isBroken)
                    {
                        throw new RanksException("another rank has given up");
                    }

                    Thread.Yield();
                }
            }
        }
    }

    private sealed class Counting(IRanks inner) : IRanks
    {
        public long Messages { get; private set; }

        public long Bytes { get; private set; }

        public long Received { get; private set; }

        public int Rank => inner.Rank;

        public int Size => inner.Size;

        public void Send(int to, ReadOnlySpan<byte> message)
        {
            (Messages, Bytes) = (Messages + 1, Bytes + message.Length);
            inner.Send(to, message);
        }

        public void Receive(int from, Span<byte> message)
        {
            Received++;
            inner.Receive(from, message);
        }

        public void Abort(int exitCode) => inner.Abort(exitCode);
    }

    private static Plan Plan(Parallelism parallel, string rule, int groups) => Team.Plan(rule, groups) with
    {
        Sizes = Sizes,
        Options = Team.Plan(rule, groups).Options with { Parallel = parallel },
    };

    private static IEnumerable<string> Able(Parallelism parallel)
        => RuleCatalog.Standard.Entries.Where(entry => !entry.NeedsConvolution)
            .Where(entry => LayerPlan.Objection(entry.Create(Some.Setup(Some.Network(Sizes, 1, Activation.Tanh))), parallel) is null)
            .Select(entry => entry.Id);

    private static void AssertSame(Team.End alone, IReadOnlyList<Team.End> ends)
    {
        Assert.All(ends, end => Some.AssertSameBits(alone.Weights, end.Weights));
        Assert.All(ends, end => Assert.Equal(alone.Result.Curve, end.Result.Curve));
        Assert.Equal(alone.Result with { Curve = ends[0].Result.Curve }, ends[0].Result);
        Assert.All(ends.Skip(1), end => Assert.Null(end.Result.Test));
        Assert.Equal(alone.States, ends[0].States);
    }
}
