using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>A setting with two values of it.</summary>
/// <param name="Of">The member that sets it, e.g. <c>Sgd(momentum)</c>.</param>
/// <param name="Saved">A training that has the one.</param>
/// <param name="Present">The same with the other.</param>
/// <param name="Difference">How the refusal names it, <c>*</c> for any text; null: the one goes on with the other's state.</param>
internal sealed record SettingVariation(string Of, Plan Saved, Plan Present, string? Difference);

/// <summary>Every setting of every owner, once at least.</summary>
internal static class SettingVariations
{
    private static readonly Plan _plain = new();
    private static readonly Plan _spiking = new()
    {
        Network = new() { Hidden = Activation.Logistic, Dynamics = new SpikingDynamics { Steps = 3, TimeConstant = 3, Settle = 1 } },
        Loss = Loss.LogisticCrossEntropy,
    };

    private static readonly Plan _phases = _plain with { Phases = (rule, _) => [new(60, rule), new(40, rule)] };

    public static IReadOnlyList<SettingVariation> All { get; } =
    [
        .. OfNetwork(), .. OfSpikes(), .. OfSetup(), .. OfFeedback(), .. OfOptimizers(), .. OfSchedules(), .. OfOptions(),
            .. OfPhases(), .. OfData(), .. OfTrainer(),
    ];

    private static IEnumerable<SettingVariation> OfNetwork()
    {
        yield return Network("Hidden", new() { Hidden = Activation.Relu },
            "network.hidden1.activation was tanh, is now relu; network.hidden2.activation was tanh, is now relu");
        yield return new("MlpOptions.Output", _plain with { Loss = Loss.SquaredError },
            _plain with { Loss = Loss.SquaredError, Network = new() { Output = Activation.Tanh } },
            "network.output.activation was linear, is now tanh");
        yield return Network("Bias", new() { Bias = false },
            "network.hidden1.bias was yes, is now no; network.hidden2.bias was yes, is now no; network.output.bias was yes, is now no; "
            + "optimizer.parameters was *, is now *");
        yield return Network("Connectivity",
            new() { Connectivity = new Dictionary<string, Connectivity> { ["hidden1"] = Connectivity.Random(0.5) } },
            "network.hidden1.connections was all, is now *");
        yield return Network("Connectivity", Sparse(0.5), Sparse(0.6), "network.hidden1.connections was *, is now *");
        yield return new("MlpOptions.Dynamics", _spiking with { Network = new() { Hidden = Activation.Logistic } }, _spiking,
            "network.dynamics.kind was instant, is now spiking; rule.maxBatch was not there, is now 8");

        // A state has weights of its own.
        yield return Network("Weights", new() { Weights = WeightDistribution.Uniform(0.3) }, null);

        static MlpOptions Sparse(double share)
            => new() { Connectivity = new Dictionary<string, Connectivity> { ["hidden1"] = Connectivity.Random(share) } };
    }

    private static IEnumerable<SettingVariation> OfSpikes()
    {
        yield return Spikes("Steps", dynamics => dynamics with { Steps = 4 }, "steps was 3, is now 4");
        yield return Spikes("TimeConstant", dynamics => dynamics with { TimeConstant = 2.1f }, "timeConstant was 3, is now 2.1");
        yield return Spikes("InputRate", dynamics => dynamics with { InputRate = 0.9f }, "inputRate was 1, is now 0.9");
        yield return Spikes("TonicRate", dynamics => dynamics with { TonicRate = 0.4f }, "tonicRate was 0.5, is now 0.4");
        yield return Spikes("ErrorGain", dynamics => dynamics with { ErrorGain = 2 }, "errorGain was 1, is now 2");
        yield return Spikes("Settle", dynamics => dynamics with { Settle = 0 }, "settle was 1, is now 0");
        yield return Spikes("Seed", dynamics => dynamics with { Seed = ulong.MaxValue }, $"seed was 1, is now {ulong.MaxValue}");
    }

    private static IEnumerable<SettingVariation> OfSetup()
    {
        yield return Plain("RuleSetup(network)",
            plan => plan with { Sizes = "6-7-4-3" }, "network.hidden1.outputs was 5, is now 7; network.hidden2.inputs was 5, is now 7");
        yield return Plain("RuleSetup(network)",
            plan => plan with { Sizes = "6-4-3" }, "network.layers was hidden1, hidden2, output, is now hidden1, output; *");
        yield return Plain("RuleSetup(loss)",
            plan => plan with { Loss = Loss.SquaredError }, "rule.loss was softmax-cross-entropy, is now squared-error");
        yield return Plain("RuleSetup(loss)",
            plan => plan with { Loss = Loss.SoftmaxCrossEntropy.WithLabelSmoothing(0.125f) },
            "rule.loss.labelSmoothing was not there, is now 0.125");
        yield return Plain("RuleSetup(streams)",
            plan => plan with { RuleSeed = 2 }, "rule.seed was 1, is now 2; rule.feedback.seed was 1, is now 2");
        yield return Plain("RuleSetup(feedback)",
            plan => plan with { Feedback = new() { Share = 0.5 } }, "rule.feedback.share was none, is now 0.5");
        yield return new("RuleSetup(options)", _plain with { Rule = "node-perturbation" },
            _plain with { Rule = "node-perturbation", RuleOptions = new() { ["noise"] = 0.02 } },
            "rule.options.noise was 0.01, is now 0.02");

        // Room is no setting, but in a spiking network each place of a batch has spikes of its own.
        yield return Plain("RuleSetup(maxBatch)", plan => plan with { MaxBatch = 9 }, null);
        yield return new("RuleSetup(maxBatch)", _spiking, _spiking with { MaxBatch = 9 }, "rule.maxBatch was 8, is now 9");
    }

    private static IEnumerable<SettingVariation> OfFeedback()
    {
        yield return Feedback("FeedbackOptions.Distribution", new() { Distribution = WeightDistribution.Uniform(0.5) },
            "distribution.kind was glorot-uniform, is now uniform; rule.feedback.distribution.scale was 1, is now 0.5");
        yield return Feedback("FeedbackOptions.Distribution", new() { Distribution = WeightDistribution.Zero },
            "distribution.kind was glorot-uniform, is now zero; rule.feedback.distribution.scale was 1, is now none");
        yield return Feedback("WeightDistribution.GlorotUniform(scale)",
            new() { Distribution = WeightDistribution.GlorotUniform(1.0000000000000002) },
            "distribution.scale was 1, is now 1.0000000000000002");
        yield return Feedback("FeedbackOptions.Normalization", new() { Normalization = FeedbackNormalization.ErrorNorm() },
            "normalization.kind was none, is now error-norm");
        yield return Feedback("FeedbackOptions.Normalization", new() { Normalization = FeedbackNormalization.FanOut() },
            "normalization.kind was none, is now fan-out");
        yield return Feedback("FeedbackOptions.Normalization", new() { Normalization = FeedbackNormalization.FanIn(2) },
            "normalization.kind was none, is now fan-in; rule.feedback.normalization.scale was 1, is now 2");
        yield return Feedback("FeedbackOptions.Streams", new() { Streams = new RandomStreams(7) }, "seed was 1, is now 7");
        yield return Feedback("FeedbackOptions.Share", new() { Share = 0.25 }, "share was none, is now 0.25");
        yield return Feedback("FeedbackOptions.ErrorsPerUnit", new() { ErrorsPerUnit = 2 }, "errorsPerUnit was none, is now 2");
        yield return Feedback("FeedbackOptions.Rank", new() { Rank = 2 }, "rank was none, is now 2");

        // A chain has no blocks, so its sites are the same.
        yield return Plain("FeedbackOptions.Sites", plan => plan with { Feedback = new() { Sites = FeedbackSites.Block } }, null);

        // The same weights to the bit.
        yield return Plain("FeedbackOptions.Regenerate", plan => plan with { Feedback = new() { Regenerate = true } }, null);
    }

    private static IEnumerable<SettingVariation> OfOptimizers()
    {
        yield return Optimizer("Sgd(momentum)", p => new Sgd(p, 0.9f), p => new Sgd(p, 0.8f), "momentum was 0.9, is now 0.8");
        yield return Optimizer("Sgd(nesterov)", p => new Sgd(p, 0.9f),
            p => new Sgd(p, 0.9f, nesterov: true), "nesterov was no, is now yes");
        yield return Optimizer("SignSgd(momentum)", p => new SignSgd(p, 0.9f), p => new SignSgd(p, 0.8f), "momentum was 0.9, is now 0.8");
        yield return Optimizer("SignSgd(nesterov)", p => new SignSgd(p, 0.9f),
            p => new SignSgd(p, 0.9f, nesterov: true), "nesterov was no, is now yes");
        yield return Optimizer("RmsProp(rho)", p => new RmsProp(p), p => new RmsProp(p, rho: 0.9f), "rho was 0.99, is now 0.9");
        yield return Optimizer("RmsProp(epsilon)", p => new RmsProp(p),
            p => new RmsProp(p, epsilon: 1e-7f), "epsilon was 1E-08, is now 1E-07");
        yield return Optimizer("Adam(beta1)", p => new Adam(p), p => new Adam(p, beta1: 0.8f), "beta1 was 0.9, is now 0.8");
        yield return Optimizer("Adam(beta2)", p => new Adam(p), p => new Adam(p, beta2: 0.99f), "beta2 was 0.999, is now 0.99");
        yield return Optimizer("Adam(epsilon)", p => new Adam(p), p => new Adam(p, epsilon: 1e-7f), "epsilon was 1E-08, is now 1E-07");
        yield return Optimizer("ParameterGroup.LearningRateFactor", p => new Sgd(Two(p, 1, 0.1f)), p => new Sgd(Two(p, 0.5f, 0.1f)),
            "group2.learningRateFactor was not there, is now 0.5");
        yield return Optimizer("ParameterGroup.WeightDecay", p => new Sgd(Two(p, 2, 0.1f)), p => new Sgd(Two(p, 2, 0)),
            "group2.weightDecay was 0.1, is now 0");
        foreach (var (name, make) in new (string, Func<IEnumerable<Parameter>, float, WeightDecayMode, Optimizer>)[]
        {
            ("Sgd", (p, decay, mode) => new Sgd(p, weightDecay: decay, decayMode: mode)),
                ("SignSgd", (p, decay, mode) => new SignSgd(p, weightDecay: decay, decayMode: mode)),
                ("RmsProp", (p, decay, mode) => new RmsProp(p, weightDecay: decay, decayMode: mode)),
            ("CompensatedSgd", (p, decay, mode) => new CompensatedSgd(p, decay, mode)),
                ("Adam", (p, decay, mode) => new Adam(p, weightDecay: decay, decayMode: mode)),
        })
        {
            yield return Optimizer($"{name}(parameters)", p => make(p, 0, default),
                p => make(p.Reverse(), 0, default), "parameters was hidden1.weights, *, is now output.biases, *");
            yield return Optimizer($"{name}(groups)", p => make(p, 0.1f, default), p => Grouped(name, p),
                "parameters was *, is now *; optimizer.group2.parameters was not there, is now hidden2.weights, *; "
                + "optimizer.group2.weightDecay was not there, is now 0.1");
            yield return Optimizer($"{name}(weightDecay)", p => make(p, 0, default),
                p => make(p, 0.1f, default), "weightDecay was 0, is now 0.1");
            yield return Optimizer($"{name}(decayMode)", p => make(p, 0.1f, default),
                p => make(p, 0.1f, WeightDecayMode.PerStep), "weightDecayMode was times-learning-rate, is now per-step");
            yield return Optimizer($"{name}(decayMode)", p => make(p, 0.1f, default),
                p => make(p, 0.1f, WeightDecayMode.Coupled), "weightDecayMode was times-learning-rate, is now coupled");
        }
    }

    private static Optimizer Grouped(string name, IReadOnlyList<Parameter> parameters)
    {
        var groups = Two(parameters, 1, 0.1f);
        return name switch
        {
            nameof(Sgd) => new Sgd(groups),
            nameof(CompensatedSgd) => new CompensatedSgd(groups),
            nameof(SignSgd) => new SignSgd(groups),
            nameof(RmsProp) => new RmsProp(groups),
            _ => new Adam(groups),
        };
    }

    private static ParameterGroup[] Two(IReadOnlyList<Parameter> parameters, float factor, float decay) =>
    [
        new(parameters.Take(2)) { WeightDecay = 0.1f },
        new(parameters.Skip(2)) { LearningRateFactor = factor, WeightDecay = decay },
    ];

    private static IEnumerable<SettingVariation> OfSchedules()
    {
        const string Schedule = nameof(LearningRateSchedule);
        yield return Rate($"{Schedule}.Constant(rate)", LearningRateSchedule.Constant(0.1f),
            LearningRateSchedule.Constant(MathF.BitIncrement(0.1f)), "rate was 0.1, is now 0.10000001");
        yield return Rate($"{Schedule}.WithWarmUp(examples)", LearningRateSchedule.Constant(0.1f),
            LearningRateSchedule.Constant(0.1f).WithWarmUp(9), "warmUp was 0, is now 9");
        foreach (var (name, length, make) in new (string, string, Func<float, double, long, LearningRateSchedule>)[]
        {
            ("Step", "every", LearningRateSchedule.Step), ("Exponential", "length", LearningRateSchedule.Exponential),
                ("Cosine", "length", LearningRateSchedule.Cosine),
        })
        {
            yield return Rate($"{Schedule}.{name}(rate)", make(0.1f, 0.5, 50), make(0.2f, 0.5, 50), "rate was 0.1, is now 0.2");
            yield return Rate($"{Schedule}.{name}(factor)", make(0.1f, 0.5, 50), make(0.1f, 0.25, 50), "factor was 0.5, is now 0.25");
            yield return Rate($"{Schedule}.{name}({length})", make(0.1f, 0.5, 50), make(0.1f, 0.5, 60), "length was 50, is now 60");
        }

        yield return Rate($"{Schedule}.Cosine(rate)", LearningRateSchedule.Exponential(0.1f, 0.5, 50),
            LearningRateSchedule.Cosine(0.1f, 0.5, 50), "kind was exponential, is now cosine");
    }

    private static IEnumerable<SettingVariation> OfOptions()
    {
        yield return Options("LearningRate",
            options => options with { LearningRate = LearningRateSchedule.Constant(0.1f) },
            "training.learningRate.rate was 0.05, is now 0.1");
        yield return Options("ClipNorm", options => options with { ClipNorm = 0.5f }, "training.clipNorm was none, is now 0.5");
        yield return Options("BatchSize", options => options with { BatchSize = 7 }, "training.batchSize was 8, is now 7");
        yield return Options("Groups", options => options with { Groups = 4 }, "training.groups was not there, is now 4");
        yield return Options("Ranks", options => options with { Ranks = MemoryRanks.Create(1)[0] }, null);
        yield return Options("Parallel", options => options with { Parallel = Parallelism.Pipeline }, null);
        yield return Pictures("Crop", new() { Crop = 1 }, new() { Crop = 0, Flip = true },
            "training.augmentation.crop was 1, is now 0; training.augmentation.flip was no, is now yes");
        yield return Pictures("Flip", new() { Crop = 1 }, new() { Crop = 1, Flip = true }, "training.augmentation.flip was no, is now yes");
        yield return Pictures("Crop", null, new() { Crop = 1 },
            "training.augmentation.crop was not there, is now 1; training.augmentation.flip was not there, is now no; "
            + "training.augmentation.picture was not there, is now 1 × 2 × 3");
        yield return new("TrainingOptions.Augmentation",
            OfPictures(new() { Flip = true }, new(2, 3)), OfPictures(new() { Flip = true }, new(1, 3, 2)),
            "training.augmentation.picture was 1 × 2 × 3, is now 2 × 1 × 3");

        // Nothing to do is nothing.
        yield return Pictures("Flip", null, new(), null);
        yield return Options("Keep", options => options with { Keep = KeptWeights.Last }, "training.keep was best-validation, is now last");
        yield return Options("Patience", options => options with { Patience = 50 }, "training.patience was none, is now 50");
        yield return Options("Evaluate",
            options => options with { Evaluate = Moments.Every(30) }, "training.evaluate.every was 37, is now 30");
        yield return Options("Evaluate",
            options => options with { Evaluate = Moments.EveryWithEarlyOnes(37, 2) }, "training.evaluate.early was 0, is now 2");
        yield return new("TrainingOptions.Phases", _plain, _phases, "*; phase1.end was not there, is now 60; *");

        // Until its end nothing depends on how long a training is: it may go on longer.
        yield return Options("Examples", options => options with { Examples = 150 }, null);
        yield return Options("Examples", options => options with { Examples = 50 }, null);

        // These change no bit.
        yield return Options("Test", options => options with { Test = false }, null);
        yield return Options("Measure", options => options with { Measure = Moments.Every(9) }, null);
        yield return Options("Checkpoint", options => options with { Checkpoint = null }, null);
    }

    private static IEnumerable<SettingVariation> OfPhases()
    {
        yield return Phase("Examples", (rule, _) => [new(59, rule), new(41, rule)], "phase1.end was 60, is now 59");
        yield return Phase("Rule", (rule, setup)
            => [new(60, new BackpropagationRule(setup)), new(40, rule)], "phase1.rule.kind was the trainer's, is now backpropagation");
        yield return Phase("Learns", (rule, _)
            => [new(60, rule) { Learns = [.. rule.Network.Layers[^1].Parameters] }, new(40, rule)],
            "phase1.frozen was none, is now hidden1.weights, hidden1.biases, hidden2.weights, *");
        yield return Phase("LearningRate", (rule, _)
            => [new(60, rule), new(40, rule) { LearningRate = LearningRateSchedule.Constant(0.01f) }],
            "phase2.learningRate.rate was 0.05, is now 0.01");

        // Of the last phase as of a training without phases: it may go on longer.
        yield return new("TrainingPhase.Examples", _phases,
            _phases with { Options = _plain.Options with { Examples = 130 }, Phases = (rule, _) => [new(60, rule), new(70, rule)] }, null);

        // One phase that says nothing of its own is no phase.
        yield return new("TrainingOptions.Phases", _plain, _plain with { Phases = (rule, _) => [new(100, rule)] }, null);
    }

    private static IEnumerable<SettingVariation> OfData()
    {
        yield return Data("DataSplit.Train", split => Changed(split.Train.Inputs), "data.training.content was *, is now *");
        yield return Data("DataSplit.Train", split => Changed(split.Train.Targets), "data.training.content was *, is now *");
        yield return Data("DataSplit.Validation", split => Changed(split.Validation.Inputs), "data.validation.content was *, is now *");
        yield return Plain("DataSplit.Train",
            plan => plan with
            {
                Data = plan.Data with { Train = plan.Data.Train.Slice(0, 36) },
                Options = plan.Options with { Evaluate = Moments.Every(37) }
            },
            "data.training.examples was 37, is now 36; data.training.content was *, is now *");
        yield return Plain("DataSplit.Train",
            plan => plan with { Data = plan.Data with { Train = new DataSet(plan.Data.Train.Inputs, plan.Data.Train.Targets) } },
            "data.training.classes was yes, is now no");

        // Nothing learns from test examples, and nothing from the shape of a picture.
        yield return Data("DataSplit.Test", split => Changed(split.Test.Inputs), null);
        yield return Plain("DataSet.Image",
            plan => plan with
            {
                Data = plan.Data with
                {
                    Train = new DataSet(plan.Data.Train.Inputs, plan.Data.Train.Labels!,
            3)
                    { Image = new ImageShape(3, 2) }
                }
            }, null);
    }

    private static IEnumerable<SettingVariation> OfTrainer()
    {
        yield return Plain("Trainer(rule)",
            plan => plan with { Rule = "direct-feedback-alignment" }, "rule.kind was feedback-alignment, is now direct-feedback-alignment");
        yield return Plain("Trainer(optimizer)",
            plan => plan with { Optimizer = parameters => new Adam(parameters) }, "optimizer.kind was sgd, is now adam");
        yield return Data("Trainer(data)", split => Changed(split.Train.Inputs), "data.training.content was *, is now *");
        yield return Options("Trainer(options)", options => options with { BatchSize = 4 }, "training.batchSize was 8, is now 4");
        yield return Plain("Trainer(streams)", plan => plan with { Seed = 2 }, "training.seed was 1, is now 2");

        // The same bits on any number.
        yield return Plain("Compute(threads)", plan => plan with { Threads = 2 }, null);
    }

    private static SettingVariation Plain(string of, Func<Plan, Plan> change, string? difference)
        => new(of, _plain, change(_plain), difference);

    private static SettingVariation Network(string member, MlpOptions options, string? difference)
        => Plain(Name<MlpOptions>(member), plan => plan with { Network = options }, difference);

    private static SettingVariation Network(string member, MlpOptions saved, MlpOptions present, string? difference)
        => new(Name<MlpOptions>(member), _plain with { Network = saved }, _plain with { Network = present }, difference);

    private static SettingVariation Spikes(string member, Func<SpikingDynamics, SpikingDynamics> change, string difference)
        => new(Name<SpikingDynamics>(member), _spiking,
            _spiking with { Network = _spiking.Network with { Dynamics = change(_spiking.Network.Dynamics!) } },
            $"network.dynamics.{difference}");

    private static SettingVariation Feedback(string of, FeedbackOptions options, string difference)
        => Plain(of, plan => plan with { Feedback = options }, $"rule.feedback.{difference}");

    private static SettingVariation Optimizer(string of, Func<IReadOnlyList<Parameter>, Optimizer> saved,
        Func<IReadOnlyList<Parameter>, Optimizer> present, string difference)
        => new(of, _plain with { Optimizer = saved }, _plain with { Optimizer = present }, $"optimizer.{difference}");

    private static SettingVariation Rate(string of, LearningRateSchedule saved, LearningRateSchedule present, string difference)
        => new(of, _plain with { Options = _plain.Options with { LearningRate = saved } },
            _plain with { Options = _plain.Options with { LearningRate = present } }, $"training.learningRate.{difference}");

    private static SettingVariation Options(string member, Func<TrainingOptions, TrainingOptions> change, string? difference)
        => Plain(member.Contains('(', StringComparison.Ordinal) ? member : Name<TrainingOptions>(member),
            plan => plan with { Options = change(plan.Options) }, difference);

    private static SettingVariation Pictures(string member, Augmentation? saved, Augmentation? present, string? difference)
        => new($"{nameof(Augmentation)}.{member}", OfPictures(saved, new(2, 3)), OfPictures(present, new(2, 3)), difference);

    private static Plan OfPictures(Augmentation? augmentation, ImageShape image) => _plain with
    {
        Data = _plain.Data with { Train = new DataSet(_plain.Data.Train.Inputs, _plain.Data.Train.Labels!, 3) { Image = image } },
        Options = _plain.Options with { Augmentation = augmentation },
    };

    private static SettingVariation Phase(string member, Func<LearningRule, RuleSetup, IReadOnlyList<TrainingPhase>> phases,
        string difference)
        => new(Name<TrainingPhase>(member), _phases, _phases with { Phases = phases }, difference);

    private static SettingVariation Data(string of, Action<DataSplit> change, string? difference)
    {
        var other = Plan.Examples();
        change(other);
        return Plain(of, plan => plan with { Data = other }, difference);
    }

    /// <summary>The last number, by the least that there is.</summary>
    private static void Changed(Matrix matrix)
        => matrix[matrix.Rows - 1, matrix.Columns - 1] = matrix[matrix.Rows - 1, matrix.Columns - 1] is > 0 and var last
            ? MathF.BitDecrement(last) : float.Epsilon;

    private static string Name<T>(string member) => $"{typeof(T).Name}.{member}";
}
