using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;
using FeedbackAlignment.Tests.Optimizers;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>
/// A training that is stopped and goes on in other objects comes to the same bits as one that never stopped: weights, what rule and
/// optimizer remember, random numbers, the curve, and every byte of the states it saves from then on.
/// </summary>
public sealed class TrainingStateTests
{
    private const string Own = "remembering", Clipped = "clipped gelu";
    private const int TrainExamples = 37, Checkpoints = 5;

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var rule in RuleCatalog.Standard.Ids.Append(Own))
        {
            foreach (var optimizer in EveryOptimizer.Names)
            {
                cases.Add(rule, optimizer);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStopChangesNoBit(string rule, string optimizer)
    {
        foreach (var kind in Kinds(rule))
        {
            foreach (var batch in (int[])[1, 8, 64])
            {
                AssertStopsDoNotMatter(new Course(rule, optimizer, kind, batch, batch == 8 ? KeptWeights.Last : KeptWeights.BestOnValidation), stops: 3);
            }
        }
    }

    /// <summary>Wide enough for steps and decay to be put off, with inputs that are 0.</summary>
    [Theory]
    [InlineData("feedback-alignment")]
    [InlineData("shallow")]
    public void WhatWasPutOffIsSavedAsItWillBe(string rule)
        => AssertStopsDoNotMatter(new Course(rule, "sgd", "wide", 1, KeptWeights.Last), stops: 8);

    [Fact]
    public void AStateThatIsNotSavedAndOneThatIsChangeNothing()
    {
        var course = new Course("feedback-alignment", "sgd", "wide", 1, KeptWeights.BestOnValidation);
        var (plain, watched) = (course.Begin(), course.Begin());
        var expected = plain.Trainer.Run();
        var result = watched.Trainer.Run(new TrainingCallbacks { Checkpoint = state => state.Save(Stream.Null) });
        AssertSame(expected, result);
        Some.AssertSameBits(plain.Bits(), watched.Bits());
    }

    /// <summary>Many at random: rule, optimizer, kind, batch and the places of the stops.</summary>
    [Fact]
    public void StopsAtRandomPlacesChangeNoBit()
    {
        var random = new RandomStreams(6).Stream("stops");
        for (var i = 0; i < 60; i++)
        {
            var rule = RuleCatalog.Standard.Ids.Append(Own).ElementAt(random.NextInt32(RuleCatalog.Standard.Ids.Count + 1));
            var kinds = Kinds(rule);
            var course = new Course(
                rule, EveryOptimizer.Names[random.NextInt32(EveryOptimizer.Names.Length)], kinds[random.NextInt32(kinds.Length)], 1 + random.NextInt32(20), (KeptWeights)random.NextInt32(2));
            AssertStopsDoNotMatter(course, stops: 4, random);
        }
    }

    [Fact]
    public void ARestoredTrainingMakesTheCallsThatWereNotMadeBefore()
    {
        var course = new Course("node-perturbation", "adam", "phases", 8, KeptWeights.Last);
        var whole = Course.Calls(course.Begin().Trainer, default, out _);
        foreach (var stop in (long[])[0, 5, 40, 60, 61, 93])
        {
            using var source = new CancellationTokenSource();
            var first = Course.Calls(course.Begin().Trainer, (stop, source), out var saved);
            var second = course.Begin();
            second.Trainer.Restore(new MemoryStream(saved!), "state");
            var rest = Course.Calls(second.Trainer, default, out _);
            Assert.StartsWith("phase ", rest[0], StringComparison.Ordinal);

            // The first call repeats the phase it stands in; the stop's look at the network at the end is one call too many.
            var before = first.TakeWhile(call => call != "checkpoint").ToArray();
            Assert.Equal(whole.Where(call => call != "checkpoint"), [.. before, .. rest.Skip(stop == 0 && before.Length == 0 ? 0 : 1)]);
        }
    }

    /// <summary>Else two stops in a row would push out the checkpoint before.</summary>
    [Fact]
    public void ATrainingThatIsStoppedWhereItWasRestoredIsNotSavedThereAgain()
    {
        var course = new Course("shallow", "sgd", "plain", 8, KeptWeights.Last);
        var (restored, saves) = (course.Begin().Trainer, 0);
        restored.Restore(new MemoryStream(course.Saved(40)), "state");
        Assert.Equal(TrainingStatus.Cancelled,
            restored.Run(new TrainingCallbacks { Checkpoint = _ => saves++ }, new CancellationToken(canceled: true)).Status);
        Assert.Equal(0, saves);
    }

    [Fact]
    public void TheNoteOfADamagedStateIsNotRead()
    {
        var saved = new MemoryStream();
        new Course("shallow", "sgd", "plain", 8, KeptWeights.Last)
            .Begin().Trainer.Run(new TrainingCallbacks { Checkpoint = state => { saved.SetLength(0); state.Save(saved, "a note"u8); } });
        var bytes = saved.ToArray();
        bytes[^40] ^= 1;
        Assert.Throws<DataFormatException>(() => TrainingState.ReadNote(new MemoryStream(bytes), "state"));
    }

    [Fact]
    public void TheNoteComesBack()
    {
        var course = new Course("shallow", "sgd", "plain", 8, KeptWeights.Last);
        var saved = new MemoryStream();
        course.Begin().Trainer.Run(new TrainingCallbacks
        {
            Checkpoint = state =>
            {
                saved.SetLength(0);
                state.Save(saved, "a note"u8);
                Assert.Throws<ArgumentException>(() => state.Save(Stream.Null, new byte[(4 << 20) + 1]));
            },
        });
        saved.Position = 0;
        Assert.Equal("a note"u8.ToArray(), TrainingState.ReadNote(saved, "state"));
        saved.Position = 0;
        Assert.Equal("a note"u8.ToArray(), course.Begin().Trainer.Restore(saved, "state"));
    }

    [Fact]
    public void AStateIsSavedWhileTheTrainingWaitsForIt()
    {
        TrainingState? kept = null;
        new Course("shallow", "sgd", "plain", 8, KeptWeights.Last)
            .Begin().Trainer.Run(new TrainingCallbacks { Checkpoint = state => kept = state });
        Assert.Contains("the training has gone on", Assert.Throws<InvalidOperationException>(() => kept!.Save(Stream.Null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATrainingThatHasBeenRunIsNotRestored()
    {
        var course = new Course("shallow", "sgd", "plain", 8, KeptWeights.Last);
        var saved = course.Saved(40);
        var run = course.Begin().Trainer;
        run.Run();
        Assert.Throws<InvalidOperationException>(() => run.Restore(new MemoryStream(saved), "state"));
    }

    [Theory]
    [InlineData("shallow", "adam", "plain", 8, "rule.kind was feedback-alignment, is now shallow")]
    [InlineData("feedback-alignment", "sgd", "plain", 8, "optimizer.kind was adam, is now sgd")]
    [InlineData("feedback-alignment", "adam", "spiking", 8, "network.dynamics.kind was instant, is now spiking")]
    [InlineData("feedback-alignment", "adam", "phases", 8, "phase1.end was not there, is now 60")]
    [InlineData("feedback-alignment", "adam", "wide", 8, "network.hidden1.outputs was 5, is now 130")]
    [InlineData("feedback-alignment", "adam", "plain", 9, "training.batchSize was 8, is now 9")]
    public void TheStateOfAnotherTrainingIsRefused(string rule, string optimizer, string kind, int batch, string difference)
    {
        var saved = new Course("feedback-alignment", "adam", "plain", 8, KeptWeights.Last).Saved(40);
        var trainer = new Course(rule, optimizer, kind, batch, KeptWeights.Last).Begin().Trainer;
        var trouble = Assert.Throws<DataFormatException>(() => trainer.Restore(new MemoryStream(saved), "checkpoint"));
        Assert.StartsWith("checkpoint, byte ", trouble.Message, StringComparison.Ordinal);
        Assert.Contains("another training", trouble.Message, StringComparison.Ordinal);
        Assert.Contains(difference, trouble.Message, StringComparison.Ordinal);
    }

    /// <summary>A file that the program wrote before trainings had such identities, of the very training that is made here.</summary>
    [Fact]
    public void AStateOfAnEarlierLayoutIsRefusedInALine()
    {
        var old = File.ReadAllBytes(Path.Combine(Repository.Root, "tests/FeedbackAlignment.Tests/Training/Kept/layout-1.state"));
        var options = new TrainingOptions(40, LearningRateSchedule.Constant(0.1f)) { BatchSize = 4, Keep = KeptWeights.Last };
        var streams = new RandomStreams(1);
        var rule = RuleCatalog.Standard.Get("feedback-alignment")
            .Create(options.CreateSetup(Network.Mlp("3-4-2", seed: 1), Loss.SquaredError,
            streams));
        var data = new DataSet(new Matrix(8, 3), new Matrix(8, 2));
        var trainer = new Trainer(rule, new Sgd(rule.LearnedParameters, momentum: 0.9f), new DataSplit(data), options, streams);
        foreach (var read in (Func<byte[]>[])[() => trainer.Restore(new MemoryStream(old), "old"), ()
            => TrainingState.ReadNote(new MemoryStream(old), "old")])
        {
            Assert.Equal("old, byte 8: a checkpoint of layout 1, this version reads layout 2; continue with the version that wrote it",
                Assert.Throws<DataFormatException>(read).Message);
        }
    }

    [Fact]
    public void EveryDamagedByteIsSeenAndAnotherStateStillRestores()
    {
        var course = new Course(Own, "adam", "plain", 8, KeptWeights.BestOnValidation);
        var saved = course.Saved(40);
        var expected = course.Begin();
        expected.Trainer.Run();
        var trained = course.Begin();
        for (var place = 0; place < saved.Length; place += place < 400 ? 1 : 97)
        {
            var damaged = saved.ToArray();
            damaged[place] ^= 0x10;
            Assert.Throws<DataFormatException>(() => trained.Trainer.Restore(new MemoryStream(damaged), "state"));
        }

        for (var length = 0; length < saved.Length; length += 1 + length / 7)
        {
            Assert.Throws<DataFormatException>(() => trained.Trainer.Restore(new MemoryStream(saved, 0, length), "state"));
        }

        Assert.Throws<DataFormatException>(() => trained.Trainer.Restore(new MemoryStream([.. saved, 0]), "state"));
        Assert.Throws<InvalidOperationException>(() => trained.Trainer.Run());
        trained.Trainer.Restore(new MemoryStream(saved), "state");
        trained.Trainer.Run();
        Some.AssertSameBits(expected.Bits(), trained.Bits());
    }

    /// <summary>Who changes a state on purpose can make the checksum right: then shapes, counts and places are looked at.</summary>
    [Fact]
    public void APromiseUnderARightChecksumIsNotBelieved()
    {
        var course = new Course("feedback-alignment", "adam", "plain", 8, KeptWeights.BestOnValidation);
        var saved = course.Saved(40);
        var random = new RandomStreams(1).Stream("forger");
        var trainer = course.Begin().Trainer;
        var refused = 0;
        for (var i = 0; i < 4000; i++)
        {
            var forged = saved.ToArray();
            var place = random.NextInt32(i < 2000 ? 600 : forged.Length - 32);
            for (var j = 0; j < 4 && place + j < forged.Length - 32; j++)
            {
                forged[place + j] = i % 2 == 0 ? (byte)0x7F : (byte)random.NextInt32(256);
            }

            System.Security.Cryptography.SHA256.HashData(forged.AsSpan(0, forged.Length - 32)).CopyTo(forged.AsSpan(forged.Length - 32));
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                trainer.Restore(new MemoryStream(forged), "state");
            }
            catch (DataFormatException)
            {
                refused++;
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < 500_000);
        }

        Assert.InRange(refused, 500, 4000);
    }

    [Fact]
    public void AStreamThatCannotSeekIsRefused()
    {
        using var pipe = new System.IO.Compression.GZipStream(new MemoryStream(), System.IO.Compression.CompressionMode.Decompress);
        Assert.Throws<ArgumentException>(() => new Course("shallow", "sgd", "plain", 8, KeptWeights.Last).Begin().Trainer.Restore(pipe, "state"));
    }

    private static string[] Kinds(string rule)
        => rule != Own && RuleCatalog.Standard.Get(rule).NeedsAnswersAtOnce ? ["plain", "phases", Clipped]
            : ["plain", "phases", Clipped, "spiking"];

    /// <summary>Runs a course without a stop, then with some, and compares all that there is to compare.</summary>
    private static void AssertStopsDoNotMatter(Course course, int stops, RandomStream? random = null)
    {
        random ??= new RandomStreams(3).Stream("stops");
        var plain = course.Begin();
        var states = new Dictionary<long, byte[]>();
        var expected = plain.Trainer.Run(new TrainingCallbacks { Checkpoint = state => states[state.Examples] = Bytes(state) });
        Assert.True(states.Count > 1);
        for (var i = 0; i < stops; i++)
        {
            byte[]? saved = null;
            TrainingResult result;
            Trained trained;
            var left = 2;
            do
            {
                using var source = new CancellationTokenSource();
                trained = course.Begin();
                if (saved is not null)
                {
                    trained.Trainer.Restore(new MemoryStream(saved), "state");
                }

                var stop = left-- > 0 ? random.NextInt32((int)Course.Examples) : long.MaxValue;
                var watcher = new TrainingCallbacks
                {
                    Step = progress =>
                    {
                        if (progress.Examples >= stop)
                        {
                            source.Cancel();
                        }
                    },
                    Checkpoint = state =>
                    {
                        saved = Bytes(state);
                        if (states.TryGetValue(state.Examples, out var same))
                        {
                            Assert.Equal(same, saved);
                        }
                    },
                };
                result = trained.Trainer.Run(watcher, source.Token);
            }
            while (result.Status == TrainingStatus.Cancelled);

            AssertSame(expected, result);
            Some.AssertSameBits(plain.Bits(), trained.Bits());
            Assert.Equal(plain.Optimizer.Steps, trained.Optimizer.Steps);
        }
    }

    private static void AssertSame(TrainingResult expected, TrainingResult result)
    {
        Assert.Equal(expected.Curve, result.Curve);
        Assert.Equal(expected with { Curve = [] }, result with { Curve = [] });
    }

    private static byte[] Bytes(TrainingState state)
    {
        using var stream = new MemoryStream();
        state.Save(stream);
        return stream.ToArray();
    }

    /// <summary>All objects of a training, new.</summary>
    private sealed record Trained(Trainer Trainer, Optimizer Optimizer)
    {
        public Matrix[] Bits() => Some.Copies(Optimizer.Parameters);
    }

    /// <summary>A training that can be begun again and again.</summary>
    private sealed record Course(string Rule, string Optimizer, string Kind, int Batch, KeptWeights Keep)
    {
        public const long Examples = 100;

        public Trained Begin()
        {
            var spiking = Kind == "spiking";
            var dynamic = new MlpOptions
            {
                Hidden = Activation.Logistic,
                Dynamics = new SpikingDynamics { Steps = 3, TimeConstant = 3, Settle = 1, ErrorGain = 2 },
            };
            var made = spiking ? dynamic : Kind == Clipped ? new() { Hidden = Activation.Gelu } : null;
            var network = Network.Mlp(Kind == "wide" ? "6-130-3" : "6-5-4-3", seed: 1, made);
            var setup = Some.Setup(network, spiking ? Loss.LogisticCrossEntropy : null);
            var rule = Create(Rule, setup);
            TrainingPhase[]? phases = Kind != "phases" ? null :
            [
                new() { Examples = 60, Rule = Create("backpropagation", setup), Learns = [.. network.Layers[^1].Parameters] },
                new() { Examples = 40, Rule = rule, LearningRate = LearningRateSchedule.Step(0.02f, 0.5, 70) },
            ];
            var options = new TrainingOptions
            {
                Examples = Examples,
                Phases = phases,
                BatchSize = Batch,
                ClipNorm = Kind == Clipped ? 0.2f : null,
                LearningRate = LearningRateSchedule.Cosine(0.05f, 0.1, Examples).WithWarmUp(9),
                Keep = Keep,
                Evaluate = Moments.EveryWithEarlyOnes(30, 3),
                Measure = Moments.Every(23),
                Checkpoint = Moments.Every(Checkpoints),
            };
            var optimizer = EveryOptimizer.Create(Optimizer, rule.LearnedParameters, 0.01f);
            return new Trained(new Trainer(rule, optimizer, Data(), options, setup.Streams), optimizer);
        }

        public byte[] Saved(long examples)
        {
            byte[]? saved = null;
            Begin().Trainer.Run(new TrainingCallbacks { Checkpoint = state => saved = state.Examples <= examples ? Bytes(state) : saved });
            return saved!;
        }

        /// <summary>What an observer is told; the training is stopped after some examples.</summary>
        public static List<string> Calls(Trainer trainer, (long After, CancellationTokenSource Source) stop, out byte[]? saved)
        {
            var calls = new List<string>();
            byte[]? last = null;
            var stopped = stop.Source is not null && stop.After == 0;
            if (stopped)
            {
                stop.Source!.Cancel();
            }

            trainer.Run(
                new TrainingCallbacks
                {
                    Phase = index => calls.Add($"phase {index}"),
                    Evaluation = point => calls.Add($"evaluation {point}"),
                    Measure = examples => calls.Add($"measure {examples}"),
                    Step = progress =>
                    {
                        calls.Add($"step {progress}");
                        if (stop.Source is not null && progress.Examples >= stop.After)
                        {
                            stopped = true;
                            stop.Source.Cancel();
                        }
                    },
                    Checkpoint = state =>
                    {
                        // Only the one at the stop counts.
                        if (stopped)
                        {
                            calls.Add("checkpoint");
                            last = Bytes(state);
                        }
                    },
                },
                stop.Source?.Token ?? default);
            saved = last;
            return calls;
        }

        private static LearningRule Create(string rule, RuleSetup setup)
            => rule == Own ? new RememberingRule(setup) : RuleCatalog.Standard.Get(rule).Create(setup);

        private static DataSplit Data()
        {
            var split = Some.Split(TrainExamples);
            foreach (var set in (DataSet[])[split.Train, split.Validation, split.Test])
            {
                for (var example = 0; example < set.Count; example++)
                {
                    foreach (ref var value in set.Inputs.Row(example))
                    {
                        // Many zeros, of which steps and decay are put off; and nothing outside 0 … 1, as spikes need it.
                        value = Math.Clamp(value, 0, 1);
                    }
                }
            }

            return split;
        }
    }
}
