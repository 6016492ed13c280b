using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>All that a small training is made from, to be changed piece by piece. It can be begun again and again.</summary>
internal sealed record Plan
{
    private const int TrainExamples = 37;

    public string Sizes { get; init; } = "6-5-4-3";

    public MlpOptions Network { get; init; } = new();

    public Loss Loss { get; init; } = Loss.SoftmaxCrossEntropy;

    /// <summary>Makes the rule; null: the catalog does, by <see cref="Rule"/>.</summary>
    public Func<RuleSetup, LearningRule>? MakeRule { get; init; }

    public string Rule { get; init; } = "feedback-alignment";

    public int MaxBatch { get; init; } = 8;

    public ulong RuleSeed { get; init; } = 1;

    public FeedbackOptions Feedback { get; init; } = new();

    public Dictionary<string, double> RuleOptions { get; init; } = [];

    public Func<IReadOnlyList<Parameter>, Optimizer> Optimizer { get; init; } = parameters => new Sgd(parameters, momentum: 0.9f);

    public TrainingOptions Options { get; init; } = new(100, LearningRateSchedule.Constant(0.05f))
    {
        BatchSize = 8,
        Checkpoint = Moments.Every(40)
    };

    /// <summary>Makes the phases; null: there are none.</summary>
    public Func<LearningRule, RuleSetup, IReadOnlyList<TrainingPhase>>? Phases { get; init; }

    public DataSplit Data { get; init; } = Examples();

    public ulong Seed { get; init; } = 1;

    public int Threads { get; init; } = 1;

    /// <summary>Nothing outside 0 … 1, as spikes need it.</summary>
    public static DataSplit Examples()
    {
        var split = Some.Split(TrainExamples);
        foreach (var (_, set) in split.Parts)
        {
            Some.ForEach(set.Inputs, (row, column) => set.Inputs[row, column] = Math.Clamp(set.Inputs[row, column], 0, 1));
        }

        return split;
    }

    public Trainer Begin() => Begin(out _);

    public Trainer Begin(out Network network)
    {
        network = FeedbackAlignment.Networks.Network.Mlp(Sizes, seed: 1, Network, new Compute(Threads));
        var setup = new RuleSetup(network, Loss, MaxBatch, new RandomStreams(RuleSeed), Feedback, RuleOptions);
        var rule = MakeRule?.Invoke(setup) ?? RuleCatalog.Standard.Get(Rule).Create(setup);
        var options = Options with { Phases = Phases?.Invoke(rule, setup) };
        return new Trainer(rule, Optimizer(rule.LearnedParameters), Data, options, new RandomStreams(Seed));
    }

    /// <summary>The state at the first checkpoint.</summary>
    public byte[] Saved()
    {
        using var saved = new MemoryStream();
        Begin().Run(new TrainingCallbacks
        {
            Checkpoint = state =>
            {
                if (saved.Length == 0)
                {
                    state.Save(saved);
                }
            },
        });
        return saved.ToArray();
    }

    /// <summary>The weights in the end, of a training that never stops or of one that goes on from a state.</summary>
    public Matrix[] Weights(byte[]? from = null)
    {
        var trainer = Begin(out var network);
        if (from is not null)
        {
            trainer.Restore(new MemoryStream(from), "state");
        }

        trainer.Run();
        return Some.Copies(network.Parameters);
    }

    /// <summary>What is said when the state of another plan is restored; null: it is taken.</summary>
    public string? Refusal(byte[] state)
    {
        try
        {
            Begin().Restore(new MemoryStream(state), "state");
            return null;
        }
        catch (DataFormatException refused)
        {
            return refused.Message;
        }
    }
}
