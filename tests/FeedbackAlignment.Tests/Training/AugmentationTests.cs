using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

/// <summary>Pictures that a network learns from are changed at random, and nothing else is.</summary>
public sealed class AugmentationTests
{
    private static readonly ImageShape _image = new(4, 5, 2);
    private static readonly Augmentation _both = new() { Crop = 2, Flip = true };

    private static readonly Plan _plan = new()
    {
        Sizes = "40-5-4-3",
        Data = Pictures(),
        Options = new Plan().Options with { Augmentation = _both, Keep = KeptWeights.Last },
    };

    public static TheoryData<int, bool, int> Settings() => new()
    {
        { 0, true, 1 }, { 0, true, 8 }, { 1, false, 1 }, { 1, true, 8 }, { 3, false, 8 }, { 3, true, 8 },
    };

    /// <summary>Each is one window of the padded picture, perhaps turned; all windows come, one as often as another.</summary>
    [Theory]
    [MemberData(nameof(Settings))]
    public void ACopyIsAWindowOfThePaddedPictureAndEveryWindowComes(int crop, bool flip, int batchSize)
    {
        var data = Pictures().Train;
        var order = Order(data, batchSize, new() { Crop = crop, Flip = flip });
        var (seen, count, windows) = (new Dictionary<(int, int, bool), int>(), 0, (2 * crop + 1) * (2 * crop + 1) * (flip ? 2 : 1));
        while (count < 40 * windows)
        {
            var batch = order.Next(batchSize);
            for (var row = 0; row < batch.Count; row++, count++)
            {
                var picture = data.Inputs.Row(Number(batch.Targets[row, 0])).ToArray();
                var window = Assert.Single(Windows(crop, flip), window => Window(picture, window).SequenceEqual(batch.Inputs.Row(row)));
                seen[window] = seen.GetValueOrDefault(window) + 1;
            }
        }

        Assert.Equal(windows, seen.Count);

        // Forty times each, give or take six standard deviations.
        Assert.All(seen.Values, times => Assert.InRange(times, 40 - 38, 40 + 38));
    }

    [Fact]
    public void TheOrderOfExamplesIsThatWithoutItAndWhoAlsoFlipsKeepsTheCrops()
    {
        var data = Pictures().Train;
        ExampleOrder[] orders =
        [
            Order(data, 8, null), Order(data, 8, new() { Crop = 2 }), Order(data, 8, _both), Order(data, 8, new() { Flip = true }),
        ];
        for (var step = 0; step < 20; step++)
        {
            Batch[] batches = [.. orders.Select(order => order.Next(8))];
            Assert.All(batches, batch => Some.AssertSameBits(batches[0].Targets, batch.Targets));
            for (var row = 0; row < batches[0].Count; row++)
            {
                var cropped = batches[1].Inputs.Row(row).ToArray();
                var both = batches[2].Inputs.Row(row).ToArray();
                var turned = !batches[3].Inputs.Row(row).SequenceEqual(batches[0].Inputs.Row(row));
                Assert.Equal(turned ? Turned(cropped) : cropped, both);
            }
        }
    }

    [Fact]
    public void AllRulesSeeTheSamePicturesUnderTheSameSeed()
    {
        var seen = RuleCatalog.Standard.Ids.Select(id =>
        {
            List<Matrix> inputs = [];
            (_plan with { MakeRule = setup => new Seeing(setup, RuleCatalog.Standard.Get(id).Create(setup), inputs) }).Begin().Run();
            return inputs;
        }).ToArray();
        Assert.All(seen, inputs => Some.AssertSameBits(seen[0], inputs));
        List<Matrix> others = [];
        (_plan with
        {
            Seed = 2,
            MakeRule = setup => new Seeing(setup, new BackpropagationRule(setup), others),
        }).Begin().Run();
        Assert.False(Some.SameBits(seen[0][0], others[0]));
    }

    [Theory]
    [InlineData("feedback-alignment", 8)]
    [InlineData("feedback-alignment", 1)]
    [InlineData("node-perturbation", 8)]
    public void AStoppedTrainingGoesOnToTheSameBitsOnAnyNumberOfThreads(string rule, int batch)
    {
        var plan = _plan with { Rule = rule, Options = _plan.Options with { BatchSize = batch } };
        var expected = plan.Weights();
        Some.AssertSameBits(expected, plan.Weights(plan.Saved()));
        Some.AssertSameBits(expected, (plan with { Threads = 2 }).Weights());
        Assert.False(Some.SameBits(expected[0], (plan with { Options = plan.Options with { Augmentation = null } }).Weights()[0]));
    }

    /// <summary>Initial weights and a rule's noise have streams of their own.</summary>
    [Fact]
    public void WithoutAnythingToDoNoBitChanges()
    {
        var plan = _plan with { Rule = "node-perturbation", Options = _plan.Options with { Augmentation = null } };
        Some.AssertSameBits(plan.Weights(), (plan with { Options = plan.Options with { Augmentation = new() } }).Weights());
    }

    [Fact]
    public void EvaluationsSeePicturesAsTheyAreAndMeasuringChangesNoBit()
    {
        var data = Pictures();
        var before = data.Train.Inputs.Copy();
        var plan = _plan with { Data = data };
        var trainer = plan.Begin(out var network);
        var result = trainer.Run();
        var evaluator = new Evaluator(network, Loss.SoftmaxCrossEntropy);
        Assert.Equal(evaluator.Evaluate(data.Validation), result.Validation);
        Assert.Equal(evaluator.Evaluate(data.Test), result.Test);
        Some.AssertSameBits(before, data.Train.Inputs);
        Some.AssertSameBits(
            Some.Copies(network.Parameters),
            (plan with { Options = plan.Options with { Evaluate = Moments.Every(9), Measure = Moments.Every(7) } }).Weights());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void AStepAllocatesNothing(int batch)
    {
        var order = Order(Pictures().Train, batch, _both);
        var marks = new AllocationMarks();
        do
        {
            for (var step = 0; step < 100; step++)
            {
                order.Next(batch);
            }
        }
        while (marks.Set());
        Assert.Equal(0, marks.LeastBetweenTwo);
    }

    [Fact]
    public void WhatCannotBeIsRefusedInALine()
    {
        var plain = new Plan().Data;
        Refused(plain, new() { Flip = true },
            "Augmentation needs pictures, but an example of these data has no height and width; set DataSet.Image if they are pictures");
        Refused(Of(plain, new(2, 2)), new() { Crop = 1 },
            "Augmentation needs to know the pictures, but DataSet.Image says 1 × 2 × 2, and an example has 6 inputs");
        Refused(Of(plain, new(2, 3)), new() { Crop = 2 },
            "Augmentation.Crop must be < 2, the lesser side of pictures of 1 × 2 × 3, or a window could miss the whole picture; was 2");
        Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation { Crop = -1 });

        static DataSplit Of(DataSplit split, ImageShape image)
            => split with { Train = new DataSet(split.Train.Inputs, split.Train.Labels!, 3) { Image = image } };

        static void Refused(DataSplit data, Augmentation augmentation, string message)
        {
            var plan = new Plan { Data = data };
            var refused = Assert.Throws<ArgumentException>(
                () => (plan with { Options = plan.Options with { Augmentation = augmentation } }).Begin());
            Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        }
    }

    private static ExampleOrder Order(DataSet data, int batchSize, Augmentation? augmentation)
    {
        var streams = new RandomStreams(3);
        var numbered = new Matrix(data.Count, 1);
        for (var example = 0; example < data.Count; example++)
        {
            numbered[example, 0] = example;
        }

        var examples = new DataSet(data.Inputs, numbered) { Image = data.Image };
        return new ExampleOrder(examples, batchSize, streams.Stream(RandomStreams.Order), augmentation?.Of(examples, streams));
    }

    private static int Number(float target) => (int)target;

    private static DataSplit Pictures()
    {
        var split = Some.Split(37, inputs: 40);
        return split with { Train = new DataSet(split.Train.Inputs, split.Train.Labels!, 3) { Image = _image } };
    }

    private static IEnumerable<(int Down, int Right, bool Turned)> Windows(int crop, bool flip)
        => from down in Enumerable.Range(0, 2 * crop + 1)
           from right in Enumerable.Range(0, 2 * crop + 1)
           from turned in flip ? (bool[])[false, true] : [false]
           select (down - crop, right - crop, turned);

    private static float[] Window(float[] picture, (int Down, int Right, bool Turned) window)
    {
        var copy = new float[picture.Length];
        for (var channel = 0; channel < _image.Channels; channel++)
        {
            for (var row = 0; row < _image.Height; row++)
            {
                for (var column = 0; column < _image.Width; column++)
                {
                    var (fromRow, fromColumn) = (row + window.Down, column + window.Right);
                    copy[((channel * _image.Height) + row) * _image.Width + column]
                        = fromRow >= 0 && fromRow < _image.Height && fromColumn >= 0 && fromColumn < _image.Width
                            ? picture[((channel * _image.Height) + fromRow) * _image.Width + fromColumn] : 0;
                }
            }
        }

        return window.Turned ? Turned(copy) : copy;
    }

    private static float[] Turned(float[] picture) => [.. picture.Chunk(_image.Width).SelectMany(line => line.Reverse())];

    /// <summary>A rule that remembers the inputs that it was shown.</summary>
    private sealed class Seeing(RuleSetup setup, LearningRule rule, List<Matrix> inputs) : LearningRule(setup)
    {
        public override IReadOnlyList<FeedbackPath> Feedback => rule.Feedback;

        public override IReadOnlyList<Parameter> Parameters => rule.Parameters;

        public override IReadOnlyList<RandomStream> Noise => rule.Noise;

        public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
        {
            inputs.Add(batch.Inputs.Copy());
            return rule.EstimateGradients(batch, gradients, hiddenErrors);
        }
    }
}
