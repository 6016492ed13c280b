using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;

namespace FeedbackAlignment.Tests.Losses;

public sealed class LossTests
{
    public static TheoryData<string> All() => [.. Loss.Standard.Entries.Select(loss => loss.Id)];

    public static TheoryData<string> CrossEntropies() => ["logistic-cross-entropy", "softmax-cross-entropy"];

    [Theory]
    [MemberData(nameof(All))]
    public void LossAndErrorAreThoseOfTheFormulasInDouble(string id)
    {
        var outputs = Some.Matrix(6, 5, 1);
        var targets = Some.Batch(Some.Network("2-5", 1), 6, 2).Targets;
        var error = new Matrix(6, 5);
        var loss = Loss.Standard.Get(id).Evaluate(outputs, targets, error);

        var (y, t) = (ReferenceNetwork.Rows(outputs), ReferenceNetwork.Rows(targets));
        Assert.Equal(y.Zip(t, (a, b) => ReferenceNetwork.LossOf(id, a, b)).Average(), loss, 1e-6);
        for (var example = 0; example < 6; example++)
        {
            for (var i = 0; i < 5; i++)
            {
                var answer = id switch
                {
                    "squared-error" => y[example][i],
                    "logistic-cross-entropy" => 1 / (1 + Math.Exp(-y[example][i])),
                    _ => Math.Exp(y[example][i]) / y[example].Sum(Math.Exp),
                };
                Assert.Equal(answer - t[example][i], error[example, i], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheLossesOfTheExamplesAreThoseOfTheFormulasToThirteenDigits(string id)
    {
        var outputs = Some.Matrix(6, 5, 1);
        var targets = Some.Batch(Some.Network("2-5", 1), 6, 2).Targets;
        var losses = new double[7];
        Loss.Standard.Get(id).EvaluateEach(outputs, targets, losses);

        var expected = ReferenceNetwork.Rows(outputs).Zip(ReferenceNetwork.Rows(targets), (y, t) => ReferenceNetwork.LossOf(id, y, t)).ToArray();
        for (var example = 0; example < 6; example++)
        {
            Assert.Equal(expected[example], losses[example], 1e-13 * expected[example]);
        }

        Assert.Equal(0, losses[6]);
        Assert.Equal(losses.Sum() / 6, Loss.Standard.Get(id).Evaluate(outputs, targets, new Matrix(6, 5)), 1e-6);
    }

    /// <summary>The loss of the smoothed targets, in value and slope; without smoothing the very same loss.</summary>
    [Theory]
    [InlineData(0.125f)]
    [InlineData(0.75f)]
    public void LabelSmoothingIsTheLossOfSmoothedTargets(float share)
    {
        var smoothing = Loss.SoftmaxCrossEntropy.WithLabelSmoothing(share);
        LossContract.Check(smoothing);
        var (outputs, targets) = (Some.Matrix(6, 5, 1), Some.Batch(Some.Network("2-5", 1), 6, 2).Targets);
        var smoothed = targets.Copy();
        Some.ForEach(smoothed, (row, column) => smoothed[row, column] = (1 - share) * targets[row, column] + share / 5);
        var (error, expected) = (new Matrix(6, 5), new Matrix(6, 5));
        Assert.Equal(Loss.SoftmaxCrossEntropy.Evaluate(outputs, smoothed, expected), smoothing.Evaluate(outputs, targets, error), 1e-6);
        Some.AssertSameBits(expected, error);
        Assert.Equal("softmax-cross-entropy", smoothing.Id);
        Assert.Same(Loss.SoftmaxCrossEntropy, smoothing.ForEvaluation);
        Assert.Same(smoothing, smoothing.WithLabelSmoothing(share));
        Assert.Same(Loss.SoftmaxCrossEntropy, smoothing.WithLabelSmoothing(0));
    }

    [Fact]
    public void OtherLossesHaveNoLabelSmoothing()
    {
        foreach (var share in (float[])[-0.1f, 1, float.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SoftmaxCrossEntropy.WithLabelSmoothing(share));
        }

        foreach (var loss in Loss.Standard.Entries.Except([Loss.SoftmaxCrossEntropy]))
        {
            Assert.Same(loss, loss.WithLabelSmoothing(0));
            Assert.StartsWith($"{loss} has no label smoothing; softmax-cross-entropy has",
                Assert.Throws<ArgumentException>(() => loss.WithLabelSmoothing(0.1f)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1000f)]
    [InlineData(1e30f)]
    [InlineData(float.MaxValue)]
    public void CrossEntropySurvivesAnyFiniteLogits(float huge)
    {
        foreach (var id in CrossEntropies().Select(row => row.Data))
        {
            foreach (var sign in (int[])[1, -1])
            {
                for (var right = 0; right < 3; right++)
                {
                    var targets = new Matrix(1, 3);
                    targets[0, right] = 1;
                    var error = new Matrix(1, 3);
                    var loss = Loss.Standard.Get(id).Evaluate(Matrix.From(new[,] { { sign * huge, 0, -sign * huge } }), targets, error);
                    Assert.True(double.IsFinite(loss) && loss >= 0, $"{id}: the loss is {loss}");
                    Assert.All(error.Row(0).ToArray(), e => Assert.InRange(e, -1.000001f, 1.000001f));
                    Assert.Equal(loss, LossAlone(id, Matrix.From(new[,] { { sign * huge, 0, -sign * huge } }), targets), 1e-6 * loss);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(CrossEntropies))]
    public void ACertainAnswerCostsNothingIfRightAndItsLogitIfWrong(string id)
    {
        var error = new Matrix(1, 2);
        var logits = Matrix.From(new[,] { { 1000f, -1000f } });
        Assert.Equal(0, Loss.Standard.Get(id).Evaluate(logits, Matrix.From(new[,] { { 1f, 0f } }), error));
        Assert.Equal([0f, 0f], error.Row(0).ToArray().Select(e => MathF.Round(e, 6)));
        Assert.Equal(2000, Loss.Standard.Get(id).Evaluate(logits, Matrix.From(new[,] { { 0f, 1f } }), error), 1e-9);
        Assert.Equal([1f, -1f], error.Row(0).ToArray().Select(e => MathF.Round(e, 6)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ADivergedOutputGivesALossThatIsNotFinite(string id)
    {
        foreach (var bad in (float[])[float.NaN, float.PositiveInfinity])
        {
            var loss = Loss.Standard.Get(id)
                .Evaluate(Matrix.From(new[,] { { 0.5f, bad } }), Matrix.From(new[,] { { 1f, 0f } }), new Matrix(1, 2));
            Assert.False(double.IsFinite(loss));
            Assert.False(double.IsFinite(LossAlone(id, Matrix.From(new[,] { { 0.5f, bad } }), Matrix.From(new[,] { { 1f, 0f } }))));
        }
    }

    /// <summary>
    /// The paper sends the first of the two through its logistic outputs; they differ by h(1 − h) ≤ ¼, which changes results
    /// several-fold.
    /// </summary>
    [Fact]
    public void SquaredErrorOnLogisticOutputsCarriesTheirDerivativeAndLogisticCrossEntropyDoesNot()
    {
        var linear = Some.Network("4-3", 1, output: Activation.Linear);
        var logistic = Some.Network("4-3", 1, output: Activation.Logistic);
        var batch = Some.Batch(linear, 1, 2);
        var plain = BiasGradient(linear, Loss.LogisticCrossEntropy);
        var gated = BiasGradient(logistic, Loss.SquaredError);
        var outputs = logistic.Predict(batch.Inputs);
        for (var i = 0; i < 3; i++)
        {
            var h = outputs[0, i];
            Assert.Equal(h - batch.Targets[0, i], plain[0, i], 1e-6);
            Assert.Equal((h - batch.Targets[0, i]) * h * (1 - h), gated[0, i], 1e-6);
        }

        Matrix BiasGradient(Network network, Loss loss)
        {
            var gradients = new Gradients(network.Parameters, network.Compute);
            new BackpropagationRule(Some.Setup(network, loss)).EstimateGradients(batch, gradients);
            return gradients[network.Layers[0].Biases!].Values;
        }
    }

    [Theory]
    [InlineData("logistic-cross-entropy", "logistic", "it brings the logistic function itself and needs a linear output layer, not logistic")]
    [InlineData("softmax-cross-entropy", "tanh", "it brings the softmax itself and needs a linear output layer, not tanh")]
    public void ALossThatBringsTheOutputFunctionRefusesASecondOne(string loss, string output, string message)
    {
        var network = Some.Network("4-3", 1, output: Activation.FromId(output));
        var exception = Assert.Throws<ArgumentException>(() => Some.Setup(network, Loss.Standard.Get(loss)));
        Assert.Contains($"{loss}: {message}", exception.Message, StringComparison.Ordinal);
        Assert.Null(Loss.Standard.Get(loss).Objection(Activation.Linear));
        Assert.Null(Loss.SquaredError.Objection(Activation.FromId(output)));
    }

    [Fact]
    public void InterpretedOutputsAreProbabilities()
    {
        var logits = Some.Matrix(4, 5, 1);
        var softmax = logits.Copy();
        Loss.SoftmaxCrossEntropy.Interpret(softmax);
        Assert.All(ReferenceNetwork.Rows(softmax), row => Assert.Equal(1, row.Sum(), 1e-6));
        Assert.Equal(Math.Exp(logits[2, 3] - logits[2, 0]), softmax[2, 3] / softmax[2, 0], 1e-5);
        var logistic = logits.Copy();
        Loss.LogisticCrossEntropy.Interpret(logistic);
        Assert.Equal(1 / (1 + Math.Exp(-logits[3, 1])), logistic[3, 1], 1e-6);
        var same = logits.Copy();
        Loss.SquaredError.Interpret(same);
        Some.AssertSameBits(logits, same);
    }

    [Fact]
    public void ColumnMajorMatricesAndOtherShapesAreRefused()
    {
        var turned = new Matrix(2, 3, MatrixOrder.ColumnMajor);
        var straight = new Matrix(2, 3);
        Assert.All(Loss.Standard.Entries, loss =>
        {
            Assert.Throws<ArgumentException>(() => loss.Evaluate(turned, straight, new Matrix(2, 3)));
            Assert.Throws<ArgumentException>(() => loss.Evaluate(straight, turned, new Matrix(2, 3)));
            Assert.Throws<ArgumentException>(() => loss.Evaluate(straight, straight, turned));
            Assert.Throws<ArgumentException>(() => loss.Evaluate(straight, new Matrix(2, 4), new Matrix(2, 3)));
            Assert.Throws<ArgumentException>(() => loss.EvaluateEach(turned, straight, new double[2]));
            Assert.Throws<ArgumentException>(() => loss.EvaluateEach(straight, turned, new double[2]));
            Assert.Throws<ArgumentException>(() => loss.EvaluateEach(straight, new Matrix(2, 4), new double[2]));
            Assert.Contains("room for 1 losses, must be for 2", Assert.Throws<ArgumentException>(() => loss.EvaluateEach(straight, straight, new double[1])).Message, StringComparison.Ordinal);
        });
        Assert.Throws<ArgumentException>(() => Loss.SoftmaxCrossEntropy.Interpret(turned));
    }

    private static double LossAlone(string id, Matrix outputs, Matrix targets)
    {
        var losses = new double[1];
        Loss.Standard.Get(id).EvaluateEach(outputs, targets, losses);
        return losses[0];
    }

    [Fact]
    public void AnUnknownIdIsRefusedWithThoseThereAre()
        => Assert.Contains("squared-error, logistic-cross-entropy, softmax-cross-entropy",
            Assert.Throws<ArgumentException>(() => Loss.Standard.Get("mse")).Message, StringComparison.Ordinal);
}
