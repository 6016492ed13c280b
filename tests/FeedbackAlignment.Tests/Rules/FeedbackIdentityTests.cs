using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>Facts about random feedback that hold by mathematics, whatever the numbers.</summary>
public sealed class FeedbackIdentityTests
{
    [Theory]
    [InlineData(MatrixOrder.RowMajor)]
    [InlineData(MatrixOrder.ColumnMajor)]
    public void FeedbackAlignmentThroughTheForwardWeightsIsBackpropagation(MatrixOrder order)
    {
        foreach (var activation in Activation.Standard.Entries)
        {
            var network = Some.Network("7-6-5-4-3", 1, activation);
            var setup = Some.Setup(network);
            WeightSource[] forward = [.. network.Layers.Select(layer => new FixedWeights(In(order, layer.Weights.Read())))];
            var batch = Some.Batch(network, 5, 2);
            Some.AssertSameBits(
                Some.Copies(Estimate(new BackpropagationRule(setup), batch)),
                Some.Copies(Estimate(new FeedbackAlignmentRule(setup, forward), batch)));
        }
    }

    [Fact]
    public void DirectFeedbackIsFeedbackAlignmentWhereThereIsOneHiddenLayer()
    {
        var network = Some.Network("7-6-4", 1);
        var setup = Some.Setup(network);
        var batch = Some.Batch(network, 5, 2);
        var layerByLayer = Some.Copies(Estimate(new FeedbackAlignmentRule(setup, setup.DrawFeedback()), batch));
        Some.AssertSameBits(layerByLayer, Some.Copies(Estimate(new DirectFeedbackAlignmentRule(setup, setup.DrawFeedback()[1..]), batch)));

        // And so does what the two draw for themselves from one seed.
        Some.AssertSameBits(layerByLayer, Some.Copies(Estimate(new DirectFeedbackAlignmentRule(setup), batch)));
    }

    [Theory]
    [InlineData("linear", true)]
    [InlineData("tanh", false)]
    public void DirectFeedbackThroughTheProductsIsFeedbackAlignmentWithoutTheDerivativesInBetween(string hidden, bool same)
    {
        var network = Some.Network("7-6-5-4", 1, Activation.FromId(hidden));
        var setup = Some.Setup(network);
        var batch = Some.Batch(network, 5, 2);
        var feedback = setup.DrawFeedback();
        var product = new Matrix(4, 6);
        network.Compute.Product(feedback[2].Read(), feedback[1].Read(), product);

        var indirect = Estimate(new FeedbackAlignmentRule(setup, feedback), batch);
        var direct = Estimate(new DirectFeedbackAlignmentRule(setup, [new FixedWeights(product), feedback[2]]), batch);
        var (first, second) = (network.Layers[0].Weights, network.Layers[1].Weights);
        Assert.Equal(same, GreatestDifference(indirect[first].Values, direct[first].Values) < 1e-6);
        Some.AssertSameBits(indirect[second].Values, direct[second].Values);
    }

    /// <summary>Two inputs, two linear hidden units, one linear output, one example, one step; every operation written out.</summary>
    [Theory]
    [InlineData("feedback-alignment")]
    [InlineData("direct-feedback-alignment")]
    public void OneStepOfATwoTwoOneNetworkIsDoneByHandToTheLastBit(string rule)
    {
        var network = Some.Network("2-2-1", 1, Activation.Linear, Activation.Linear, bias: false);
        float[,] w0 = { { 0.3f, -0.7f }, { 0.45f, 0.21f } }, w1 = { { 0.6f, -0.35f } }, b = { { -0.9f, 0.13f } }, x = { { 1.7f, -0.4f } };
        const float Target = 0.8f, Rate = 0.05f;
        network.Layers[0].Weights.Read().CopyFrom(Matrix.From(w0));
        network.Layers[1].Weights.Read().CopyFrom(Matrix.From(w1));
        var setup = Some.Setup(network, Loss.SquaredError, maxBatch: 1);
        LearningRule learner = rule == "feedback-alignment"
            ? new FeedbackAlignmentRule(setup, Some.Fixed(default, Matrix.From(b)))
            : new DirectFeedbackAlignmentRule(setup, Some.Fixed(Matrix.From(b)));
        var gradients = new Gradients(learner.LearnedParameters, network.Compute);

        learner.EstimateGradients(new Batch(Matrix.From(x), Matrix.From(new[,] { { Target } })), gradients);

        var h0 = Some.MultiplyAdd(w0[0, 1], x[0, 1], w0[0, 0] * x[0, 0]);
        var h1 = Some.MultiplyAdd(w0[1, 1], x[0, 1], w0[1, 0] * x[0, 0]);
        var error = Some.MultiplyAdd(w1[0, 1], h1, w1[0, 0] * h0) - Target;
        float be0 = b[0, 0] * error, be1 = b[0, 1] * error;
        Some.AssertSameBits(Matrix.From(new[,] { { be0 * x[0, 0], be0 * x[0, 1] }, { be1 * x[0, 0], be1 * x[0, 1] } }), gradients[network.Layers[0].Weights].Values);
        Some.AssertSameBits(Matrix.From(new[,] { { error * h0, error * h1 } }), gradients[network.Layers[1].Weights].Values);

        new Sgd(learner.LearnedParameters).Step(gradients, Rate);
        float Moved(float weight, float localError, float input) => Some.MultiplyAdd(localError * -Rate, input, weight);
        Some.AssertSameBits(
            Matrix.From(new[,] { { Moved(w0[0, 0], be0, x[0, 0]), Moved(w0[0, 1], be0, x[0, 1]) }, { Moved(w0[1, 0], be1, x[0, 0]), Moved(w0[1, 1], be1, x[0, 1]) } }),
            network.Layers[0].Weights.Read());
        Some.AssertSameBits(
            Matrix.From(new[,] { { Moved(w1[0, 0], error, h0), Moved(w1[0, 1], error, h1) } }), network.Layers[1].Weights.Read());
    }

    /// <summary>
    /// Three layers by hand, in double, where all widths differ and where all are equal (so that nothing but the numbers tells a matrix
    /// from its transpose, or one error from another). Without the derivative in between ("local" feedback alignment) the gradient is
    /// another.
    /// </summary>
    [Theory]
    [InlineData("4-3-5-2")]
    [InlineData("3-3-3-3")]
    public void TheDerivativesOfAllLayersOnTheWayStandInTheFeedbackPathAndOnlyTheOwnInTheDirectOne(string sizes)
    {
        var network = Some.Network(sizes, 1, Activation.Tanh, Activation.Logistic, bias: false);
        var setup = Some.Setup(network, Loss.SquaredError);
        var (feedback, direct) = (setup.DrawFeedback(), setup.DrawDirectFeedback());
        var batch = Some.Batch(network, 1, 2);

        var (x, t) = (ReferenceNetwork.Rows(batch.Inputs)[0], ReferenceNetwork.Rows(batch.Targets)[0]);
        var (w1, w2, w3) = (Weights(0), Weights(1), Weights(2));
        var h1 = Times(w1, x).Select(Math.Tanh).ToArray();
        var h2 = Times(w2, h1).Select(Math.Tanh).ToArray();
        var y = Times(w3, h2).Select(z => 1 / (1 + Math.Exp(-z))).ToArray();
        var top = y.Zip(t, (output, target) => (output - target) * output * (1 - output)).ToArray();
        var second = Localized(Sent(feedback[2].Read(), top), h2);
        var withDerivative = Localized(Sent(feedback[1].Read(), second), h1);
        var withoutDerivative = Localized(Sent(feedback[1].Read(), Sent(feedback[2].Read(), top)), h1);
        var straight = Localized(Sent(direct[0].Read(), top), h1);
        Assert.All(withDerivative.Zip(withoutDerivative), pair => Assert.True(Math.Abs(pair.First - pair.Second) > 1e-4, "the variants must differ for the test to tell them apart"));

        var indirect = Estimate(new FeedbackAlignmentRule(setup, feedback), batch);
        AssertOuterProduct(withDerivative, x, indirect[network.Layers[0].Weights].Values);
        AssertOuterProduct(second, h1, indirect[network.Layers[1].Weights].Values);
        AssertOuterProduct(top, h2, indirect[network.Layers[2].Weights].Values);
        AssertOuterProduct(straight, x, Estimate(new DirectFeedbackAlignmentRule(setup, direct), batch)[network.Layers[0].Weights].Values);

        double[][] Weights(int layer) => ReferenceNetwork.Rows(network.Layers[layer].Weights.Read());
    }

    private static double[] Sent(Matrix feedback, double[] error) => TransposedTimes(ReferenceNetwork.Rows(feedback), error);

    private static double[] Localized(double[] error, double[] output) => [.. error.Zip(output, (e, h) => e * (1 - h * h))];

    private static void AssertOuterProduct(double[] error, double[] input, Matrix actual)
    {
        for (var i = 0; i < error.Length; i++)
        {
            for (var j = 0; j < input.Length; j++)
            {
                Assert.Equal(error[i] * input[j], actual[i, j], 1e-6);
            }
        }
    }

    private static double[] Times(double[][] matrix, double[] vector) => [.. matrix.Select(row => row.Zip(vector, (a, b) => a * b).Sum())];

    private static double[] TransposedTimes(double[][] matrix, double[] vector)
        => [.. Enumerable.Range(0, matrix[0].Length).Select(column => matrix.Zip(vector, (row, v) => row[column] * v).Sum())];

    private static Matrix In(MatrixOrder order, Matrix matrix)
    {
        var copy = new Matrix(matrix.Rows, matrix.Columns, order);
        copy.CopyFrom(matrix);
        return copy;
    }

    private static Gradients Estimate(LearningRule rule, Batch batch)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients);
        return gradients;
    }

    private static double GreatestDifference(Matrix a, Matrix b)
        => ReferenceNetwork.Rows(a).Zip(ReferenceNetwork.Rows(b), (x, y) => x.Zip(y, (p, q) => Math.Abs(p - q)).Max()).Max();
}
