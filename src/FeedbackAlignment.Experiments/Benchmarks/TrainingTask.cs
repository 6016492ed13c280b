using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Benchmarks;

/// <summary>A network with its rule, gradients and optimizer: all that a step needs but the examples.</summary>
internal sealed class TrainingSession
{
    private const ulong Seed = 1;
    private const float LearningRate = 1e-3f;
    private readonly Gradients _gradients;
    private readonly Sgd _optimizer;

    /// <param name="workload">Network, activation, loss and the largest batch.</param>
    /// <param name="rule">Id of the learning rule.</param>
    /// <param name="compute">Does the products.</param>
    /// <param name="feedback">How feedback weights are drawn; null: as by default.</param>
    public TrainingSession(BenchWorkload workload, string rule, Compute compute, FeedbackOptions? feedback = null)
    {
        var hidden = workload.Activation is { } id ? Activation.FromId(id) : null;
        Network = NetworkPlan.Parse(workload.Network).Build(Seed, new() { Hidden = hidden }, compute);
        Rule = RuleCatalog.Standard.Get(rule)
            .Create(new RuleSetup(Network, Loss.Standard.Get(workload.Loss), workload.Batch, new RandomStreams(Seed), feedback));
        _gradients = new Gradients(Rule.LearnedParameters, compute);
        _optimizer = new Sgd(Rule.LearnedParameters);
    }

    public Network Network { get; }

    public LearningRule Rule { get; }

    public void Step(Batch batch)
    {
        Rule.EstimateGradients(batch, _gradients);
        _optimizer.Step(_gradients, LearningRate);
    }
}

/// <summary>Steps of a training on random examples.</summary>
/// <param name="session">What takes the steps.</param>
/// <param name="batches">What to learn from, in turns.</param>
internal sealed class TrainingTask(TrainingSession session, IReadOnlyList<Batch> batches) : TimedTask
{
    private int _next;

    public override void Run(int times)
    {
        for (; times > 0; times--)
        {
            session.Step(batches[_next]);
            _next = _next + 1 == batches.Count ? 0 : _next + 1;
        }
    }
}

/// <summary>Steps of independent trainings side by side, a thread for each. One time is one step of every training.</summary>
/// <param name="trainings">They share nothing but the examples, which they only read.</param>
internal sealed class SideBySideTask(IReadOnlyList<TrainingTask> trainings) : TimedTask
{
    private readonly ParallelOptions _threads = new() { MaxDegreeOfParallelism = trainings.Count };

    public override void Run(int times) => Parallel.For(0, trainings.Count, _threads, i => trainings[i].Run(times));
}

/// <summary>
/// Random examples: uniform inputs, as pixels are, and one random class each. They are many, so that no batch stays in the inner caches.
/// </summary>
internal static class RandomBatches
{
    private const int LeastBatches = 8, LeastExamples = 64;

    /// <param name="inputs">Width of the input.</param>
    /// <param name="outputs">Width of the output.</param>
    /// <param name="batch">Examples in a batch.</param>
    /// <param name="share">The share of inputs that are not 0.</param>
    public static IReadOnlyList<Batch> Draw(int inputs, int outputs, int batch, double share = 1)
    {
        var count = Math.Max(LeastBatches, LeastExamples / batch);
        var random = new RandomStreams(1).Stream(RandomStreams.Data);
        var (values, targets) = (new Matrix(count * batch, inputs), new Matrix(count * batch, outputs));
        for (var example = 0; example < count * batch; example++)
        {
            foreach (ref var value in values.Row(example))
            {
                value = share < 1 && random.NextSingle() >= share ? 0 : random.NextSingle();
            }

            targets[example, random.NextInt32(outputs)] = 1;
        }

        return [.. Enumerable.Range(0, count).Select(i => new Batch(values.Slice(i * batch, batch), targets.Slice(i * batch, batch)))];
    }
}
