using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks.Modules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>Rows that do not count: under every rule a batch has the bits of the batch without them, whatever they hold.</summary>
public sealed class MaskContractTests
{
    private const int Counted = 5, Masked = 3;

    public static TheoryData<string> Rules()
        => [.. RuleCatalog.Standard.Ids, "backpropagation+direct-kolen-pollack", "weight-mirror+feedback-alignment"];

    /// <summary>Modules that see each row by itself.</summary>
    public static TheoryData<string, string> RulesAndModules()
    {
        var cases = new TheoryData<string, string>();
        foreach (var rule in RuleCatalog.Standard.Entries.Where(rule => !rule.NeedsChain))
        {
            foreach (var kind in ModuleNetworks.Kinds.Where(kind => kind is not ("batch-norm" or "pictures" or "padded" or "everything")
                && ModuleNetworks.CanBeTaught(kind, rule.Id)))
            {
                cases.Add(rule.Id, kind);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void MaskedLastRowsChangeNoBit(string rule)
    {
        foreach (var loss in Loss.Standard.Entries)
        {
            foreach (var activation in Activation.Standard.Entries)
            {
                var sizes = rule.Contains('+', StringComparison.Ordinal) ? "7-6-5-4" : "7-6-5-6-4";
                AssertSame(rule, Some.Network(sizes, 1, activation), loss, Last());
            }
        }
    }

    /// <summary>Wherever they stand, if no row's noise depends on the rows before.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void MaskedRowsAnywhereChangeNoBit(string rule)
    {
        if (RuleCatalog.Standard.Get(rule) is { DrawsNoise: false })
        {
            AssertSame(rule, Some.Network(rule.Contains('+', StringComparison.Ordinal) ? "7-6-5-4" : "7-6-5-6-4", 1),
                Loss.SoftmaxCrossEntropy, [false, true, true, false, true, true, false, true]);
        }
    }

    [Theory]
    [MemberData(nameof(RulesAndModules))]
    public void ModulesThatSeeEachRowByItselfChangeNoBit(string rule, string kind)
        => AssertSame(rule, ModuleNetworks.Of(kind), Loss.SquaredError, Last());

    [Theory]
    [MemberData(nameof(Rules))]
    public void InASpikingNetworkNeither(string rule)
    {
        if (!RuleCatalog.Standard.Get(rule).NeedsAnswersAtOnce && !rule.Contains('+', StringComparison.Ordinal))
        {
            AssertSame(rule, Some.Spiking("7-6-5-4"), Loss.LogisticCrossEntropy, Last(), between: batch =>
                Some.ForEach(batch.Inputs, (row, column) => batch.Inputs[row, column] = Math.Clamp(batch.Inputs[row, column], 0, 1)));
        }
    }

    /// <summary>One row that counts takes the lazy way, two rows another; the steps have the same bits.</summary>
    [Theory]
    [InlineData(1, "sgd")]
    [InlineData(1, "adam")]
    [InlineData(4, "sgd")]
    public void StepsOfMaskedBatchesHaveTheBitsOfStepsWithout(int counted, string optimizer)
    {
        var (masked, plain) = (Train(Masked), Train(0));
        Some.AssertSameBits(plain, masked);

        Matrix[] Train(int more)
        {
            var network = Some.Network("40-130-9-3", 1);
            var rule = new KolenPollackRule(Some.Setup(network));
            var mover = EveryOptimizer(optimizer, rule);
            var gradients = new Gradients(rule.LearnedParameters, network.Compute);
            for (var step = 0; step < 20; step++)
            {
                var all = Some.Batch(network, counted + Masked, (ulong)step);
                var batch = more == 0 ? Rows(all, Enumerable.Range(0, counted))
                    : all with { Mask = Enumerable.Range(0, counted + Masked).Select(row => row < counted).ToArray() };
                rule.EstimateGradients(batch, gradients);
                mover.Step(gradients, 0.05f);
            }

            return Some.Copies(rule.LearnedParameters);
        }

        static Optimizer EveryOptimizer(string name, LearningRule rule)
            => Optimizers.EveryOptimizer.Create(name, rule.LearnedParameters, 0.01f);
    }

    /// <summary>
    /// Batch normalization sees the rows that do not count. What holds: under backpropagation the gradient is the slope of the mean loss
    /// of those that do. The step and the tolerance are those of <see cref="ModuleDerivativeTests"/>.
    /// </summary>
    [Theory]
    [InlineData("batch-norm")]
    [InlineData("pictures")]
    [InlineData("everything")]
    public void UnderBatchNormalizationTheGradientIsTheSlopeOfTheMaskedLoss(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var rule = new BackpropagationRule(Some.Setup(network, Loss.SquaredError));
        var batch = Some.Batch(network, Counted + Masked, 5) with { Mask = Last() };
        var gradients = new Gradients(network.Parameters, network.Compute);
        var loss = Estimate();
        var exact = Some.Copies(gradients);
        foreach (var (place, parameter) in network.Parameters.Index())
        {
            Some.ForEach(exact[place], (row, column) =>
            {
                const float Step = 1f / 128;
                var before = parameter.Read()[row, column];
                var slope = (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * Step);
                Assert.Equal(slope, exact[place][row, column], 5e-5 * (1 + loss));

                double At(int steps)
                {
                    parameter.Read()[row, column] = before + (steps * Step);
                    var moved = Estimate();
                    parameter.Read()[row, column] = before;
                    return moved;
                }
            });
        }

        // And it is another than without those rows: they are in the statistics.
        var alone = ModuleDerivativeTests.Gradients(rule, Rows(batch with { Mask = default }, Enumerable.Range(0, Counted)));
        Assert.False(Some.SameBits(alone[0], exact[0]));

        double Estimate()
        {
            foreach (var noise in rule.ModuleNoise)
            {
                noise.Position = 0;
            }

            return rule.EstimateGradients(batch, gradients);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void AMaskAllocatesNothing(string rule)
    {
        if (RuleCatalog.Standard.Get(rule).Allocates)
        {
            return;
        }

        var network = Some.Network(rule.Contains('+', StringComparison.Ordinal) ? "7-6-5-4" : "7-6-5-6-4", 1);
        var learner = RuleCatalog.Standard.Get(rule).Create(Some.Setup(network));
        var batch = Some.Batch(network, Counted + Masked, 5) with { Mask = Last() };
        var (gradients, marks) = (new Gradients(learner.LearnedParameters, network.Compute), new AllocationMarks());
        do
        {
            for (var i = 0; i < 20; i++)
            {
                learner.EstimateGradients(batch, gradients);
            }
        }
        while (marks.Set());
        Assert.Equal(0, marks.LeastBetweenTwo);
    }

    [Fact]
    public void AMaskOfAllRowsIsNone()
    {
        foreach (var rule in RuleCatalog.Standard.Ids)
        {
            AssertSame(rule, Some.Network("7-6-5-6-4", 1), Loss.SquaredError, [.. Enumerable.Repeat(true, Counted)]);
        }
    }

    [Fact]
    public void AMaskThatCannotBeIsRefused()
    {
        var network = Some.Network("7-6-4", 1);
        var (rule, batch) = (new BackpropagationRule(Some.Setup(network)), Some.Batch(network, 3, 1));
        var gradients = new Gradients(network.Parameters, network.Compute);
        Assert.StartsWith("the mask takes out all rows of the batch, so there is no mean; at least one must count",
            Refusal(new bool[3]), StringComparison.Ordinal);
        Assert.StartsWith("the mask has 2 entries, must have 3, one for each row of the batch",
            Refusal([true, true]), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(
            () => Loss.SquaredError.Evaluate(batch.Targets, batch.Targets, batch.Targets.Copy(), [true, true]));
        Assert.Throws<ArgumentException>(() => Loss.SquaredError.EvaluateEach(batch.Targets, batch.Targets, new double[3], new bool[3]));

        string Refusal(bool[] mask)
            => Assert.Throws<ArgumentException>(() => rule.EstimateGradients(batch with { Mask = mask }, gradients)).Message;
    }

    /// <summary>A rule of somebody's own that has never heard of masks does not ignore them.</summary>
    [Fact]
    public void ARuleThatDoesNotSayThatItHonorsMasksRefusesThem()
    {
        var network = Some.Network("7-6-4", 1);
        var (rule, batch) = (new Unaware(Some.Setup(network)), Some.Batch(network, 3, 1));
        var gradients = new Gradients(network.Parameters, network.Compute);
        rule.EstimateGradients(batch, gradients);
        var masked = batch with { Mask = (bool[])[true, true, false] };
        Assert.StartsWith("Unaware learns from every row of a batch; leave Mask out",
            Assert.Throws<ArgumentException>(() => rule.EstimateGradients(masked, gradients)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLossOfEachMaskedRowIsZero()
    {
        foreach (var loss in Loss.Standard.Entries)
        {
            var network = Some.Network("7-4", 1);
            var batch = Some.Batch(network, 3, 1);
            var (outputs, all, some) = (network.Predict(batch.Inputs), new double[3], new double[3]);
            loss.EvaluateEach(outputs, batch.Targets, all);
            loss.EvaluateEach(outputs, batch.Targets, some, [true, false, true]);
            Assert.Equal([all[0], 0, all[2]], some);
        }
    }

    private static bool[] Last() => [.. Enumerable.Repeat(true, Counted), .. Enumerable.Repeat(false, Masked)];

    private static Batch Rows(Batch batch, IEnumerable<int> rows)
    {
        var chosen = rows.ToArray();
        return new Batch(Of(batch.Inputs), Of(batch.Targets));

        Matrix Of(Matrix all)
        {
            var some = new Matrix(chosen.Length, all.Columns);
            Some.ForEach(some, (row, column) => some[row, column] = all[chosen[row], column]);
            return some;
        }
    }

    private static void AssertSame(string rule, Network network, Loss loss, bool[] mask, Action<Batch>? between = null)
    {
        var batch = Some.Batch(network, mask.Length, 5);
        between?.Invoke(batch);

        // A label is needed by rules that put one into the inputs; it may not be that of a row that counts.
        var expected = Estimate(Rows(batch, mask.Index().Where(row => row.Item).Select(row => row.Index)));
        foreach (var (row, counts) in mask.Index().Where(row => !row.Item))
        {
            batch.Inputs.Row(row).Fill(counts ? 0 : 7 - row);
            batch.Targets.Row(row).Reverse();
        }

        between?.Invoke(batch);
        var actual = Estimate(batch with { Mask = mask });
        Assert.Equal(expected.Loss, actual.Loss);
        Assert.Equal(expected.IsPresent, actual.IsPresent);
        Some.AssertSameBits(expected.Gradients, actual.Gradients);

        (double Loss, bool[] IsPresent, Matrix[] Gradients) Estimate(Batch shown)
        {
            var learner = RuleCatalog.Standard.Get(rule).Create(Some.Setup(network, loss));
            var gradients = new Gradients(learner.LearnedParameters, network.Compute);
            foreach (var stream in learner.AllNoise)
            {
                stream.Position = 0;
            }

            var mean = learner.EstimateGradients(shown, gradients);
            return (mean, [.. gradients.All.ToArray().Select(gradient => gradient.IsPresent)], Some.Copies(gradients));
        }
    }

    private sealed class Unaware(RuleSetup setup) : LearningRule(setup)
    {
        public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
            => LearnOutputLayer(batch, gradients, out _);
    }
}
