using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Training;

/// <summary>A step that is put off until the weights are wanted is the same step.</summary>
public sealed class OneExampleAtATimeTests
{
    private const string Backpropagation = "backpropagation", FeedbackAlignment = "feedback-alignment";

    public static TheoryData<string, bool, float, WeightDecayMode> Cases()
    {
        var cases = new TheoryData<string, bool, float, WeightDecayMode>();
        foreach (var rule in RuleCatalog.Standard.Ids)
        {
            cases.Add(rule, true, 0, WeightDecayMode.PerStep);
            cases.Add(rule, false, 1e-3f, WeightDecayMode.PerStep);
            cases.Add(rule, true, 1e-2f, WeightDecayMode.TimesLearningRate);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AskingForTheWeightsAfterEveryStepChangesNoBit(string rule, bool bias, float weightDecay, WeightDecayMode mode)
    {
        var expected = Train(rule, bias, weightDecay, mode, threads: 1, askEveryStep: true);
        foreach (var threads in (int[])[1, 2])
        {
            var actual = Train(rule, bias, weightDecay, mode, threads, askEveryStep: false);
            for (var i = 0; i < expected.Count; i++)
            {
                Some.AssertSameBits(expected[i].Read(), actual[i].Read());
            }
        }
    }

    [Fact]
    public void AForwardPassOfManyExamplesSeesAStepThatWasPutOff()
    {
        var network = Network.Mlp("7-5-3", seed: 1);
        var rule = new BackpropagationRule(new RuleSetup(network, Loss.SquaredError, 1, new RandomStreams(1)));
        var inputs = Some.Matrix(6, 7, 8);
        var before = network.Predict(inputs);
        Step(rule, new Sgd(rule.LearnedParameters), new Gradients(rule.LearnedParameters, network.Compute), example: 0);
        Assert.False(Some.SameBits(before, network.Predict(inputs)));
    }

    [Fact]
    public void AnInputThatLiesByColumnsIsTheSameInput()
    {
        var rows = StepAndPredict(MatrixOrder.RowMajor);
        Some.AssertSameBits(rows, StepAndPredict(MatrixOrder.ColumnMajor));

        static Matrix StepAndPredict(MatrixOrder order)
        {
            var network = Network.Mlp("7-5-3", seed: 1);
            var rule = new BackpropagationRule(new RuleSetup(network, Loss.SquaredError, 1, new RandomStreams(1)));
            var (optimizer, gradients) = (new Sgd(rule.LearnedParameters), new Gradients(rule.LearnedParameters, network.Compute));
            var input = new Matrix(1, 7, order);
            input.CopyFrom(Some.Matrix(1, 7, 8));
            rule.EstimateGradients(new Batch(input, Some.Matrix(1, 3, 9)), gradients);
            optimizer.Step(gradients, 0.1f);
            return network.Predict(input);
        }
    }

    /// <summary>Where weights lie in panels, which know no shapes.</summary>
    [Theory]
    [InlineData(256, 1, 260)]
    [InlineData(257, 1, 261)]
    [InlineData(257, 2, 260)]
    public void AnErrorOfTheWrongShapeIsRefusedOnItsWayBack(int width, int rowsBelow, int widthBelow)
    {
        var layer = LayerInPanels();
        Assert.Throws<ArgumentException>(() => layer.Backward(Some.Matrix(1, width, 1), layer.Weights, new Matrix(rowsBelow, widthBelow)));
    }

    [Fact]
    public void AnErrorGoesBackThroughLearnedWeightsAsThroughTheirValues()
    {
        var layer = LayerInPanels();
        var (error, below, expected) = (Some.Matrix(1, 257, 1), new Matrix(1, 260), new Matrix(1, 260));
        layer.Backward(error, layer.Weights, below);
        layer.Backward(error, new FixedWeights(layer.Weights.Read()), expected);
        Some.AssertSameBits(expected, below);
        Assert.Throws<ArgumentNullException>(() => layer.Backward(error, null!, below));
    }

    /// <summary>The forward pass takes the last step and leaves the weights as they lie.</summary>
    private static WeightedLayer LayerInPanels()
    {
        var network = Network.Mlp("300-260-257-3", seed: 1);
        var rule = new BackpropagationRule(new RuleSetup(network, Loss.SquaredError, 1, new RandomStreams(1)));
        var (optimizer, gradients) = (new Sgd(rule.LearnedParameters), new Gradients(rule.LearnedParameters, network.Compute));
        for (var step = 0; step < 40; step++)
        {
            Step(rule, optimizer, gradients, 0);
        }

        network.Predict(Some.Matrix(1, 300, 2));
        return network.Layers[1];
    }

    [Fact]
    public void ThreadsThatAskAtOnceSeeAStepThatWasPutOffOnceAndWhole()
    {
        var input = Some.Matrix(1, 300, 8);
        for (var round = 0; round < 20; round++)
        {
            var network = Network.Mlp("300-260-3", seed: 1);
            var rule = new BackpropagationRule(new RuleSetup(network, Loss.SquaredError, 1, new RandomStreams(1)));
            var gradients = new Gradients(rule.LearnedParameters, network.Compute);
            rule.EstimateGradients(new Batch(input, Some.Matrix(1, 3, 9)), gradients);
            new Sgd(rule.LearnedParameters).Step(gradients, 0.1f);

            var answers = new Matrix[2];
            using var together = new Barrier(answers.Length);
            Thread[] threads = [.. Enumerable.Range(0, answers.Length).Select(i => new Thread(() =>
            {
                together.SignalAndWait();
                answers[i] = network.Predict(input);
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.All(answers, answer => Some.AssertSameBits(network.Predict(input), answer));
        }
    }

    /// <summary>
    /// Inputs most of which are 0, as pixels and spikes are, with a few between that have no 0 and find lines that owe, and inputs none
    /// of which is: put off, taken at once, and as a batch of one that lies by columns. Who asks now and then finds weights that have
    /// been laid out in panels.
    /// </summary>
    [Theory]
    [InlineData(FeedbackAlignment, 1, 0, -4f)]
    [InlineData(FeedbackAlignment, 2, 0, -4f)]
    [InlineData(FeedbackAlignment, 1, 1e-4f, -4f)]
    [InlineData(FeedbackAlignment, 2, 1e-4f, -4f)]
    [InlineData(FeedbackAlignment, 1, 0, 0.1f)]
    [InlineData(FeedbackAlignment, 2, 0, 0.1f)]
    [InlineData(FeedbackAlignment, 3, 1e-4f, 0.1f)]
    [InlineData(Backpropagation, 1, 0, -4f)]
    [InlineData(Backpropagation, 2, 0, 0.1f)]
    [InlineData(Backpropagation, 3, 0, 0.1f)]
    [InlineData(Backpropagation, 2, 1e-4f, -4f)]
    public void AThousandStepsHaveTheBitsOfBatchesOfOne(string rule, int threads, float weightDecay, float leastInput)
    {
        var expected = TrainThousandSteps(rule, 1, weightDecay, leastInput, MatrixOrder.ColumnMajor, askEvery: 1);
        foreach (var askEvery in (int[])[1, 150, 1000])
        {
            Some.AssertSameBits(expected, TrainThousandSteps(rule, threads, weightDecay, leastInput, MatrixOrder.RowMajor, askEvery));
        }
    }

    /// <summary>
    /// Backpropagation sends its errors through the second layer's weights, which are many enough to be laid out in panels.
    /// </summary>
    private static Matrix[] TrainThousandSteps(string id, int threads, float weightDecay, float leastInput, MatrixOrder order, int askEvery)
    {
        using var compute = new Compute(threads);
        var network = Network.Mlp("300-260-257-3", seed: 3, new() { Hidden = Activation.Relu }, compute);
        var rule = RuleCatalog.Standard.Get(id).Create(new RuleSetup(network, Loss.SquaredError, 1, new RandomStreams(3)));
        var optimizer = new Sgd(rule.LearnedParameters, weightDecay: weightDecay, decayMode: WeightDecayMode.PerStep);
        var gradients = new Gradients(rule.LearnedParameters, compute);
        var batches = Enumerable.Range(0, 37).Select(i => RandomBatch((ulong)i, i % 9 == 5 ? 0.1f : leastInput, order)).ToArray();
        for (var step = 1; step <= 1000; step++)
        {
            rule.EstimateGradients(batches[step % batches.Length], gradients);
            optimizer.Step(gradients, 1e-3f);
            if (step % askEvery == 0)
            {
                Assert.All(network.Parameters, parameter => Assert.True(float.IsFinite(parameter.Read()[0, 0])));
            }
        }

        // No step is put off then, but weights may still lie in panels.
        network.Predict(batches[0].Inputs);
        return Some.Copies(network.Parameters);
    }

    private static Batch RandomBatch(ulong example, float least, MatrixOrder order)
    {
        var input = new Matrix(1, 300, order);
        var random = new RandomStreams(example).Stream("pixels");
        for (var i = 0; i < input.Columns; i++)
        {
            input[0, i] = Math.Max(0, random.NextUniform(least, 1));
        }

        return new Batch(input, Some.Matrix(1, 3, 100 + example));
    }

    private static IReadOnlyList<Parameter> Train(string id, bool bias, float weightDecay, WeightDecayMode mode, int threads, bool askEveryStep)
    {
        using var compute = new Compute(threads);
        var network = Network.Mlp("300-260-33-3", seed: 3, new() { Bias = bias }, compute);
        var rule = RuleCatalog.Standard.Get(id).Create(new RuleSetup(network, Loss.SquaredError, 1, new RandomStreams(3)));
        var optimizer = new Sgd(rule.LearnedParameters, weightDecay: weightDecay, decayMode: mode);
        var gradients = new Gradients(rule.LearnedParameters, compute);
        for (var step = 0; step < 40; step++)
        {
            Step(rule, optimizer, gradients, (ulong)(step % 5));
            if (askEveryStep)
            {
                Assert.All(network.Parameters, parameter => Assert.True(Reductions.AllFinite(parameter.Read())));
            }
        }

        // Asked for here, while the threads still live.
        Assert.All(network.Parameters, parameter => Assert.True(Reductions.AllFinite(parameter.Read())));
        return network.Parameters;
    }

    private static void Step(LearningRule rule, Sgd optimizer, Gradients gradients, ulong example)
    {
        var batch = new Batch(Some.Matrix(1, rule.Network.Inputs, 10 + example), Some.Matrix(1, rule.Network.Outputs, 20 + example));
        rule.EstimateGradients(batch, gradients);
        optimizer.Step(gradients, 1e-3f);
    }
}
