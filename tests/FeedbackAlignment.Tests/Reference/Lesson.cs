using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Optimizers;
using FeedbackAlignment.Tests.Reference.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Reference;

/// <summary>A training that library and engine do each by itself, from the same weights, examples and random numbers.</summary>
internal sealed record Lesson(string Rule, string Optimizer = "sgd")
{
    public string Sizes { get; init; } = "7-6-5-4-3";

    /// <summary>A network of modules in place of <see cref="Sizes"/>, activations and biases; null: there is none.</summary>
    public string? Plan { get; init; }

    public string Hidden { get; init; } = "tanh";

    public string Output { get; init; } = "linear";

    public string Loss { get; init; } = "softmax-cross-entropy";

    public bool Bias { get; init; } = true;

    /// <summary>Whether biases begin at 0, as in the library, and not at random numbers.</summary>
    public bool BiasesBeginAtZero { get; init; }

    /// <summary>Examples to learn from, in one pass.</summary>
    public int Pass { get; init; } = 10;

    /// <summary>Examples to learn from in all.</summary>
    public int Examples { get; init; } = 67;

    /// <summary>Whether the targets are classes, and not probabilities.</summary>
    public bool HasClasses { get; init; }

    public int Batch { get; init; } = 4;

    public float Rate { get; init; } = 0.05f;

    /// <summary>Examples over which the rate rises to its full size; 0: it begins there.</summary>
    public int WarmUp { get; init; }

    public float Decay { get; init; } = 0.1f;

    /// <summary>Factor on the rate of what the rule itself learns.</summary>
    public float FeedbackFactor { get; init; } = 1;

    /// <summary>The decay of what the rule itself learns; null: that of all.</summary>
    public float? FeedbackDecay { get; init; }

    /// <summary>The greatest norm of the forward weights' gradients; null: there is none.</summary>
    public float? ClipNorm { get; init; }

    public WeightDecayMode Mode { get; init; }

    /// <summary>Options of the rule; null: their defaults.</summary>
    public IReadOnlyDictionary<string, double>? Options { get; init; }

    public FeedbackOptions? Feedback { get; init; }

    /// <summary>The longest sum in it: with filters, of the products at all positions of a batch.</summary>
    public int LongestSum => Plan is null ? Network.ParseSizes(Sizes).Append(Batch).Max() + 1
        : NetworkPlan.Parse(Plan).Layers.Max(layer => Math.Max(layer.Columns, Batch * layer.Positions)) + 1;

    /// <summary>The library's training, ready to run.</summary>
    public (Trainer Trainer, LearningRule Rule) AtTheLibrary(Compute? compute = null)
    {
        var (setup, rule, data) = Begin(compute);
        var optimizer = EveryOptimizer.Create(
            Optimizer,
            [
                new ParameterGroup(setup.Network.Parameters) { WeightDecay = Decay },
                new ParameterGroup(rule.Parameters) { WeightDecay = FeedbackDecay ?? Decay, LearningRateFactor = FeedbackFactor },
            ],
            Mode);
        var options = new TrainingOptions
        {
            Examples = Examples,
            BatchSize = Batch,
            LearningRate = LearningRateSchedule.Constant(Rate).WithWarmUp(WarmUp),
            Keep = KeptWeights.Last,
            ClipNorm = ClipNorm,
        };
        return (new Trainer(rule, optimizer, new(data), options, setup.Streams), rule);
    }

    /// <summary>What the library makes of it.</summary>
    public Course TaughtByTheLibrary()
    {
        var (trainer, rule) = AtTheLibrary();
        var (course, places) = (new Course(), PlainPictures.PlacesOf(rule.Network));
        var result = trainer.Run(new TrainingCallbacks
        {
            Step = progress => course.Add(
                progress.Loss, rule.LearnedParameters.Select(parameter => (parameter.Name, PlainPictures.Values(parameter, places)))),
        });
        Assert.True(result.Status == TrainingStatus.Completed, $"{this}: {result.Status}, {result.Reason}");
        return course;
    }

    /// <summary>What the engine makes of it.</summary>
    /// <param name="touch">Changes a little the weights to begin with, the inputs, and all that a layer gives; null: nothing.</param>
    public Course TaughtByTheEngine(Func<double, double>? touch = null)
    {
        Assert.True(PlainRules.All.ContainsKey(Rule), $"{Rule} is not in {nameof(PlainRules)}: write it a second time, or say there "
            + "why not");
        var (setup, twin, data) = Begin();
        var net = Net.Of(setup.Network, setup.Loss, touch);
        var rule = PlainRules.All[Rule](new Source(twin, RuleCatalog.Standard.Get(Rule), setup, net));
        Weight[] weights = [.. net.Weights, .. rule.Weights];
        foreach (var weight in rule.Weights)
        {
            (weight.RateFactor, weight.OwnDecay) = (FeedbackFactor, FeedbackDecay);
        }

        var (inputs, targets) = (Table.Of(data.Inputs), Table.Of(data.Targets));
        if (touch is not null)
        {
            inputs = inputs.Map(touch);
            Array.ForEach(weights, weight => weight.Values = weight.Values.Map(touch));
        }

        var numbers = EveryOptimizer.Numbers(Optimizer, Decay, Mode) with { Clip = ClipNorm ?? double.PositiveInfinity };
        var (optimizer, course, seen) = (new PlainOptimizer(numbers), new Course(), 0);
        foreach (var examples in Batches())
        {
            double[,] Chosen(double[,] all) => Table.Make(examples.Length, all.Columns(), (row, column) => all[examples[row], column]);
            var loss = rule.Estimate(Chosen(inputs), Chosen(targets));
            optimizer.Step(weights, WarmUp == 0 ? Rate : Rate * Math.Min(1, (seen + examples.Length) / (double)WarmUp), [.. net.Weights]);
            seen += examples.Length;
            course.Add(loss, weights.Select(weight => (weight.Name, weight.Values)));
        }

        return course;
    }

    private (RuleSetup Setup, LearningRule Rule, DataSet Data) Begin(Compute? compute = null)
    {
        var (hidden, output) = (Activation.FromId(Hidden), Activation.FromId(Output));
        var network = Plan is not null ? Some.Planned(Plan, 1, compute)
            : BiasesBeginAtZero
            ? Network.Mlp(Sizes, seed: 1, new() { Hidden = hidden, Output = output, Bias = Bias }, compute)
            : Some.Network(Sizes, 1, hidden, output, Bias, compute);
        var setup = new RuleSetup(
            network, FeedbackAlignment.Losses.Loss.Standard.Get(Loss), Batch, new RandomStreams(1), Feedback, Options);
        var soft = Some.Batch(network, Pass, 5);
        var data = HasClasses ? Some.Split(Pass, network.Inputs, network.Outputs).Train : new(soft.Inputs, soft.Targets);
        return (setup, RuleCatalog.Standard.Get(Rule).Create(setup), data);
    }

    /// <summary>In a new order each pass; the last batch of a pass, and of all, has what is left.</summary>
    private IEnumerable<int[]> Batches()
    {
        var (stream, order, left) = (new RandomStreams(1).Stream(RandomStreams.Order), Enumerable.Range(0, Pass).ToArray(), Examples);
        while (left > 0)
        {
            stream.Shuffle(order);
            foreach (var examples in order.Take(left).ToArray().Chunk(Batch))
            {
                left -= examples.Length;
                yield return examples;
            }
        }
    }
}
