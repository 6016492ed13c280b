using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Optimizers;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

public sealed class AllocationTests
{
    private const int TrainExamples = 150, WarmUpSteps = 20;

    public static TheoryData<string, string, int, string> Cases()
    {
        var cases = new TheoryData<string, string, int, string>();
        foreach (var rule in RuleCatalog.Standard.Entries.Where(rule => !rule.Allocates).Select(rule => rule.Id))
        {
            foreach (var optimizer in EveryOptimizer.Names)
            {
                cases.Add(rule, optimizer, 1, Loss.Standard.Entries[cases.Count % 3].Id);
                cases.Add(rule, optimizer, 64, Loss.Standard.Entries[cases.Count % 3].Id);
            }
        }

        foreach (var optimizer in EveryOptimizer.All.Except(EveryOptimizer.Names))
        {
            cases.Add("feedback-alignment", optimizer, 1, Loss.SoftmaxCrossEntropy.Id);
            cases.Add("feedback-alignment", optimizer, 64, Loss.SoftmaxCrossEntropy.Id);
        }

        return cases;
    }

    /// <summary>Ends of passes, short batches and reshuffles included; three layers of different widths.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepAllocatesNothing(string rule, string optimizerName, int batch, string loss)
    {
        // Every activation with some rule, and the one that keeps its pre-activations with every rule.
        var hidden = batch == 1 ? Activation.Gelu
            : Activation.Standard.Entries[(rule.Length + optimizerName.Length) % Activation.Standard.Entries.Count];
        using var compute = new Compute(2);
        var network = Network.Mlp("6-9-7-3", 1, new() { Hidden = hidden }, compute);
        var setup = Some.Setup(network, Loss.Standard.Get(loss));
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var isTied = learner.Ties.Count > 0;
        var optimizer = EveryOptimizer.Create(
            optimizerName,
            [
                new ParameterGroup(network.Parameters) { WeightDecay = 0.001f },
                new ParameterGroup(learner.Parameters) { WeightDecay = isTied ? 0.001f : 0.002f, LearningRateFactor = isTied ? 1 : 0.5f },
            ]);
        var options = new TrainingOptions
        {
            Examples = long.MaxValue / 2,
            LearningRate = LearningRateSchedule.Cosine(0.001f, 0.1, 1000).WithWarmUp(10),
            BatchSize = batch,
            ClipNorm = rule.Length % 2 == 0 ? 0.1f : null,
            Evaluate = Moments.Every(long.MaxValue / 4),
            Measure = Moments.Every(long.MaxValue / 4),
        };
        using var source = new CancellationTokenSource();
        var (steps, stepsOfTwoPasses) = (0, 2 * ((TrainExamples + batch - 1) / batch));
        var marks = new AllocationMarks();
        var observer = new TrainingCallbacks { Step = _ => Count() };
        new Trainer(learner, optimizer, Some.Split(TrainExamples), options, setup.Streams).Run(observer, source.Token);
        Assert.Equal(0, marks.LeastBetweenTwo);

        void Count()
        {
            steps++;
            if (steps > WarmUpSteps && steps % stepsOfTwoPasses == 0 && !marks.Set())
            {
                source.Cancel();
            }
        }
    }
}
