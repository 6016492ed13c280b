using System.Reflection;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Networks;

public sealed class PredictTests
{
    /// <summary>Questions longer than a portion of the passes, and of either order, get what each example gets alone.</summary>
    [Theory]
    [InlineData(MatrixOrder.RowMajor)]
    [InlineData(MatrixOrder.ColumnMajor)]
    public void ALongQuestionGetsTheBitsOfItsExamplesOneByOne(MatrixOrder order)
    {
        var network = Some.Network("37-50-7-3", seed: 1);
        var inputs = Some.Matrix(600, 37, seed: 2, order);
        var answers = network.Predict(inputs);
        for (var example = 0; example < inputs.Rows; example += 17)
        {
            Some.AssertSameBits(network.Predict(Row(inputs, example)), answers.Slice(example, 1));
        }

        Some.AssertSameBits(network.CreatePass(600).Answer(inputs), answers);
    }

    [Fact]
    public void AnAnswerIsTheCallersOwn()
    {
        var network = Some.Network("4-5-3", seed: 1);
        var first = network.Predict(Some.Matrix(2, 4, seed: 1));
        var kept = first.Copy();
        var second = network.Predict(Some.Matrix(2, 4, seed: 2));
        Some.AssertSameBits(kept, first);
        second.Fill(7);
        Some.AssertSameBits(kept, network.Predict(Some.Matrix(2, 4, seed: 1)));
    }

    /// <summary>A pass that waits must hold no weights: the very next answer is that of the new ones.</summary>
    [Fact]
    public void AnAnswerAfterAStepIsThatOfTheNewWeights()
    {
        var network = Some.Network("6-9-3", seed: 1);
        var batch = Some.Batch(network, 1, seed: 2);
        var rule = new BackpropagationRule(Some.Setup(network));
        var (gradients, optimizer) = (new Gradients(rule.LearnedParameters, network.Compute), new Sgd(rule.LearnedParameters));
        for (var step = 0; step < 3; step++)
        {
            var before = network.Predict(batch.Inputs);
            rule.EstimateGradients(batch, gradients);
            optimizer.Step(gradients, 0.5f);
            var after = network.Predict(batch.Inputs);
            Assert.False(Some.SameBits(before, after));
            Some.AssertSameBits(network.CreatePass(1).Answer(batch.Inputs), after);
        }
    }

    /// <summary>
    /// The numbers of the answer and their header: no pass is made, and nothing lies on the pinned heap, which only the oldest
    /// generation's collection clears.
    /// </summary>
    [Fact]
    public void AskingAgainTakesNoMemoryButTheAnswers()
    {
        var network = Network.Mlp("4-16-3", seed: 1);
        var input = Some.Matrix(1, 4, seed: 1);
        network.Predict(input);
        var marks = new AllocationMarks();
        do
        {
            network.Predict(input);
        }
        while (marks.Set());
        Assert.Equal((16 * sizeof(float)) + 24, marks.LeastBetweenTwo);
        Assert.True(IsPinned(new Matrix(1, 4)));
        Assert.False(IsPinned(network.Predict(input)));
        Assert.False(IsPinned(network.PredictProbabilities(input, Loss.SoftmaxCrossEntropy)));
        Assert.False(IsPinned(Matrix.FromRow([1, 2, 3, 4])));
    }

    [Fact]
    public void AnAnswerIntoTheCallersMatrixHasTheSameBitsAndTakesNoMemory()
    {
        var network = Some.Network("4-16-3", seed: 1);
        var (inputs, answers) = (Some.Matrix(300, 4, seed: 1), new Matrix(300, 3));
        network.Predict(inputs, answers);
        Some.AssertSameBits(network.Predict(inputs), answers);
        var marks = new AllocationMarks();
        do
        {
            network.Predict(inputs, answers);
        }
        while (marks.Set());
        Assert.Equal(0, marks.LeastBetweenTwo);
        Refused("answers is 300 × 2, must be 300 × 3", new Matrix(300, 2));
        Refused("answers is 299 × 3, must be 300 × 3", new Matrix(299, 3));
        Refused("answers (300 × 3) is column-major, must be row-major", new Matrix(300, 3, MatrixOrder.ColumnMajor));

        void Refused(string message, Matrix room)
            => Assert.StartsWith(message, Assert.Throws<ArgumentException>("answers", () => network.Predict(inputs, room)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void APassThatWaitsKeepsNobodysInputsInMemory()
    {
        var network = Network.Mlp("4-16-3", seed: 1);
        var asked = Ask(network);
        GC.Collect();
        Assert.False(asked.TryGetTarget(out _));

        static WeakReference<object> Ask(Network network)
        {
            var input = Matrix.From(new float[1, 4]);
            network.Predict(input);
            return new WeakReference<object>(Storage(input));
        }
    }

    [Fact]
    public void ClassesAreThoseOfTheGreatestOutput()
    {
        var network = Linear(new float[,] { { 1, 0 }, { 0, 1 }, { 0, 1 } });
        Assert.Equal([0, 1, 0], network.PredictClasses(Matrix.From(new float[,] { { 2, 1 }, { -1, 3 }, { 0, 0 } })));
        Assert.Equal(
            "output 0 for example 1 is not a number: the example's inputs or the network's weights are not finite",
            Assert.Throws<InvalidOperationException>(() => network.PredictClasses(Matrix.From(new[,] { { 0f, 1 }, { float.NaN, 1 } }))).Message);
    }

    [Fact]
    public void ProbabilitiesAreTheLosss()
    {
        var network = Linear(new float[,] { { 1, 0 }, { 0, 1 } });
        var input = Matrix.From(new[,] { { MathF.Log(3), 0 } });
        Assert.Equal(0.75, network.PredictProbabilities(input, Loss.SoftmaxCrossEntropy)[0, 0], 1e-6);
        Assert.Equal(0.75, network.PredictProbabilities(input, Loss.LogisticCrossEntropy)[0, 0], 1e-6);
        Assert.Equal(0.5, network.PredictProbabilities(input, Loss.LogisticCrossEntropy)[0, 1], 1e-6);
        Assert.StartsWith(
            "under squared-error outputs are no probabilities", Assert.Throws<ArgumentException>(() => network.PredictProbabilities(input, Loss.SquaredError)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "softmax-cross-entropy: it brings the softmax itself",
            Assert.Throws<ArgumentException>(()
                => Network.Mlp("2-2", 1, new() { Output = Activation.Logistic })
                    .PredictProbabilities(input, Loss.SoftmaxCrossEntropy)).Message,
            StringComparison.Ordinal);
    }

    private static Network Linear(float[,] weights)
    {
        var network = Network.Mlp($"{weights.GetLength(1)}-{weights.GetLength(0)}", seed: 1);
        network.Layers[0].Weights.Set(Matrix.From(weights));
        return network;
    }

    private static Matrix Row(Matrix matrix, int row) => Matrix.FromRow([.. Enumerable.Range(0, matrix.Columns).Select(column => matrix[row, column])]);

    /// <summary>What is on the pinned heap counts as the oldest generation from the beginning.</summary>
    private static bool IsPinned(Matrix matrix) => GC.GetGeneration(Storage(matrix)) == GC.MaxGeneration;

    private static object Storage(Matrix matrix) => typeof(Matrix).GetField("_storage", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(matrix)!;
}
