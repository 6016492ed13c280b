using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Tests.Networks;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training;

public sealed class EvaluatorTests
{
    /// <summary>More examples than one portion, and no whole number of portions.</summary>
    [Fact]
    public void ClassificationCountsTheWrongAnswersOfAllExamples()
    {
        var examples = Some.Examples(600, 6, 3, 1);
        var network = Some.Network("6-5-3", 1);
        var evaluation = new Evaluator(network, Loss.SoftmaxCrossEntropy).Evaluate(examples);
        var reference = new ReferenceNetwork(network);
        var outputs = ReferenceNetwork.Rows(examples.Inputs).Select(reference.Forward).ToArray();
        var wrong = outputs.Where((output, example) => Array.IndexOf(output, output.Max()) != examples.Labels![example]).Count();
        Assert.Equal(wrong / 600.0, evaluation.Error);
        var targets = ReferenceNetwork.Rows(examples.Targets);
        Assert.Equal(outputs.Zip(targets, (y, t) => ReferenceNetwork.LossOf("softmax-cross-entropy", y, t)).Average(), evaluation.Loss, 1e-5);
    }

    [Fact]
    public void RegressionGivesTheNormalizedSquaredError()
    {
        var examples = new DataSet(Some.Matrix(600, 6, 1), Some.Matrix(600, 3, 2));
        var network = Some.Network("6-5-3", 1);
        var evaluation = new Evaluator(network, Loss.SquaredError).Evaluate(examples);
        var outputs = ReferenceNetwork.Rows(examples.Inputs).Select(new ReferenceNetwork(network).Forward);
        var targets = ReferenceNetwork.Rows(examples.Targets);
        var squares = outputs.Zip(targets, (y, t) => y.Zip(t, (a, b) => (a - b) * (a - b)).Sum()).Sum();
        Assert.Equal(squares / targets.Sum(row => row.Sum(t => t * t)), evaluation.Error, 1e-6);
        Assert.Equal(0.5 * squares / 600, evaluation.Loss, 1e-5);
    }

    [Theory]
    [InlineData(1f, 1f)]
    [InlineData(float.NaN, 0f)]
    public void ATieOrAnAnswerThatIsNoNumberIsWrong(float right, float other)
    {
        var network = Network.Mlp("1-2", 1);
        network.Layers[0].Weights.Read().Fill(0);
        network.Layers[0].Biases!.Read()[0, 0] = right;
        network.Layers[0].Biases!.Read()[0, 1] = other;
        Assert.Equal(1, new Evaluator(network, Loss.SquaredError).Evaluate(new DataSet(new Matrix(1, 1), [0], 2)).Error);
    }
}
