using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;
using FeedbackAlignment.Tests.Training;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Probes;

public sealed class AlignmentProbeTests
{
    private static readonly DataSet _heldOut = Some.Examples(60, 6, 3, 4);

    public static TheoryData<string> AllRules() => [.. RuleCatalog.Standard.Ids];

    [Theory]
    [InlineData("backpropagation")]
    [InlineData("feedback-alignment through the forward weights")]
    public void BackpropagationReadsAngleZeroAndRatioOne(string rule)
    {
        var setup = Some.Setup(Some.Network("6-5-4-3", 1));
        LearningRule learner = rule == "backpropagation"
            ? new BackpropagationRule(setup)
            : new FeedbackAlignmentRule(setup, [.. setup.Network.Layers.Select(layer => layer.Weights)]);
        var readings = new AlignmentProbe(learner, setup, _heldOut).Read();
        Assert.Equal(["hidden1", "hidden2", "output"], readings.Select(reading => reading.Layer));
        foreach (var (reading, isHidden) in readings.Select((reading, i) => (reading, i < 2)))
        {
            Assert.Equal(0, reading.GradientAngle);
            Assert.Equal(1, reading.GradientNormRatio);
            Assert.Equal(0, reading.BiasGradientAngle);
            Assert.Equal(isHidden ? 0.0 : null, reading.ErrorAngle);
            Assert.Equal(isHidden ? 0.0 : null, reading.ErrorAngleDeviation);
            Assert.Equal(isHidden ? 1.0 : null, reading.ErrorNormRatio);
            Assert.Equal(isHidden ? 1.0 : null, reading.PositiveShare);
            Assert.Equal(isHidden && rule != "backpropagation" ? 0.0 : null, reading.WeightAngle);
            Assert.Equal(isHidden && rule != "backpropagation" ? 1.0 : null, reading.WeightNormRatio);
        }
    }

    [Fact]
    public void ARuleRemembersNothingOfAReading()
    {
        var setup = Some.Setup(Some.Network("6-5-4-3", 1));
        var rule = new RememberingRule(setup);
        var probe = new AlignmentProbe(rule, setup, _heldOut);
        rule.EstimateGradients(Some.Batch(setup.Network, 5, 2), new Gradients(rule.LearnedParameters, setup.Network.Compute));
        Matrix[] before = [.. rule.Memory.Select(memory => memory.Copy())];
        Assert.All(before, memory => Assert.NotEqual(0, memory[0, 0]));
        probe.Read();
        Some.AssertSameBits(before, rule.Memory);
    }

    [Fact]
    public void ShallowLearningHasNoErrorsFeedbackOrGradientsAtItsHiddenLayers()
    {
        var setup = Some.Setup(Some.Network("6-5-4-3", 1));
        var readings = new AlignmentProbe(new ShallowRule(setup), setup, _heldOut).Read();
        Assert.Equal(new AlignmentReading { Layer = "hidden1" }, readings[0]);
        Assert.Equal(new AlignmentReading { Layer = "hidden2" }, readings[1]);
        Assert.Equal(0, readings[2].GradientAngle);
    }

    [Fact]
    public void ErrorsThatAreZeroAreUndefinedAndNotZeroDegrees()
    {
        var network = Some.Network("6-5-3", 1, Activation.Tanh);
        network.Layers[1].Weights.Read().Fill(0);
        var setup = Some.Setup(network);
        var reading = new AlignmentProbe(new FeedbackAlignmentRule(setup), setup, _heldOut).Read()[0];
        Assert.Null(reading.ErrorAngle);
        Assert.Null(reading.ErrorAngleDeviation);
        Assert.Null(reading.ErrorNormRatio);
        Assert.Equal(0, reading.PositiveShare);
        Assert.Null(reading.GradientAngle);
        Assert.Null(reading.BiasGradientAngle);
        Assert.Null(reading.WeightAngle);
        Assert.Equal(0, reading.WeightNormRatio);
    }

    /// <summary>The paper's condition, eᵀWBe &gt; 0, and its angle between Wᵀe and Be, with loops in double.</summary>
    [Theory]
    [InlineData("feedback-alignment")]
    [InlineData("direct-feedback-alignment")]
    public void ShareAnglesAndRatioAtTheLastHiddenLayerAreThoseOfExplicitLoops(string rule)
    {
        var network = Some.Network("6-5-4-3", 1, Activation.Tanh);
        var setup = Some.Setup(network);
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        var reading = new AlignmentProbe(learner, setup, _heldOut).Read()[1];

        var w = ReferenceNetwork.Rows(network.Layers[2].Weights.Read());
        var b = ReferenceNetwork.Rows(learner.Feedback[1].Weights);
        var (angles, positive, ruleSquares, exactSquares) = (new List<double>(), 0, 0.0, 0.0);
        foreach (var (input, target) in ReferenceNetwork.Rows(_heldOut.Inputs).Zip(ReferenceNetwork.Rows(_heldOut.Targets)))
        {
            var logits = new ReferenceNetwork(network).Forward(input);
            var e = logits.Select((z, i) => Math.Exp(z) / logits.Sum(Math.Exp) - target[i]).ToArray();
            double[] Back(double[][] matrix) => [.. Enumerable.Range(0, 4).Select(j => Enumerable.Range(0, 3).Sum(i => matrix[i][j] * e[i]))];
            var (exact, fed) = (Back(w), Back(b));
            var (dot, exactSquare, fedSquare) = (exact.Zip(fed, (x, y) => x * y).Sum(), exact.Sum(x => x * x), fed.Sum(x => x * x));
            positive += dot > 0 ? 1 : 0;
            angles.Add(Math.Acos(dot / Math.Sqrt(exactSquare * fedSquare)) * 180 / Math.PI);
            (ruleSquares, exactSquares) = (ruleSquares + fedSquare, exactSquares + exactSquare);
        }

        Assert.Contains(angles, angle => angle > 90);
        Assert.InRange(positive, 1, 59);
        Assert.Equal(positive / 60.0, reading.PositiveShare);
        var mean = angles.Average();
        Assert.Equal(mean, reading.ErrorAngle!.Value, 1e-3);
        Assert.Equal(Math.Sqrt(angles.Sum(angle => (angle - mean) * (angle - mean)) / 59), reading.ErrorAngleDeviation!.Value, 1e-3);
        Assert.Equal(Math.Sqrt(ruleSquares / exactSquares), reading.ErrorNormRatio!.Value, 1e-5);
    }

    [Fact]
    public void GradientAnglesAreThoseBetweenTheTwoRulesGradients()
    {
        var setup = Some.Setup(Some.Network("6-5-4-3", 1));
        var learner = new FeedbackAlignmentRule(setup);
        var readings = new AlignmentProbe(learner, setup, _heldOut).Read();
        var (mine, exact) = (Estimate(learner), Estimate(new BackpropagationRule(setup)));
        foreach (var (layer, reading) in setup.Network.Layers.Zip(readings))
        {
            Assert.Equal(Angle.Degrees(mine[layer.Weights].Values, exact[layer.Weights].Values), reading.GradientAngle);
            Assert.Equal(Angle.Degrees(mine[layer.Biases!].Values, exact[layer.Biases!].Values), reading.BiasGradientAngle);
            Assert.Equal(Angle.NormRatio(mine[layer.Weights].Values, exact[layer.Weights].Values), reading.GradientNormRatio);
        }

        Assert.True(readings[0].GradientAngle > 1 && readings[2].GradientAngle == 0);

        Gradients Estimate(LearningRule rule)
        {
            var gradients = new Gradients(rule.LearnedParameters, setup.Network.Compute);
            rule.EstimateGradients(new Batch(_heldOut.Inputs, _heldOut.Targets), gradients);
            return gradients;
        }
    }

    [Fact]
    public void FeedbackStandsForTheWeightsAboveAndDirectFeedbackForTheProductOfAllOfThem()
    {
        var network = Some.Network("6-5-4-7-3", 1);
        var setup = Some.Setup(network);
        Matrix Forward(int layer) => network.Layers[layer].Weights.Read();

        var indirect = new FeedbackAlignmentRule(setup);
        var readings = new AlignmentProbe(indirect, setup, _heldOut).Read();
        for (var layer = 0; layer < 3; layer++)
        {
            Assert.Equal(Angle.Degrees(Forward(layer + 1), indirect.Feedback[layer].Weights), readings[layer].WeightAngle);
        }

        var direct = new DirectFeedbackAlignmentRule(setup);
        readings = new AlignmentProbe(direct, setup, _heldOut).Read();
        var products = new[] { Times(Times(Forward(3), Forward(2)), Forward(1)), Times(Forward(3), Forward(2)), Forward(3) };
        for (var layer = 0; layer < 3; layer++)
        {
            Assert.Equal(Angle.Degrees(products[layer], direct.Feedback[layer].Weights)!.Value, readings[layer].WeightAngle!.Value, 1e-4);
            Assert.Equal(Angle.NormRatio(products[layer], direct.Feedback[layer].Weights)!.Value, readings[layer].WeightNormRatio!.Value, 1e-5);
        }

        Assert.Null(readings[3].WeightAngle);

        static Matrix Times(Matrix left, Matrix right)
        {
            var product = new Matrix(left.Rows, right.Columns);
            for (var row = 0; row < left.Rows; row++)
            {
                for (var column = 0; column < right.Columns; column++)
                {
                    product[row, column] = Enumerable.Range(0, left.Columns).Sum(k => left[row, k] * right[k, column]);
                }
            }

            return product;
        }
    }

    [Theory]
    [MemberData(nameof(AllRules))]
    public void ReadingChangesNoBitOfTheTraining(string rule)
    {
        var (probed, alone) = (new Session(rule, sizes: "6-5-4-3"), new Session(rule, sizes: "6-5-4-3"));
        var probe = new AlignmentProbe(probed.Rule, probed.Setup, _heldOut);
        var readings = new List<AlignmentReading>();
        probed.Run(examples: 300, measure: Moments.Every(8),
            observer: new TrainingCallbacks { Measure = _ => readings.AddRange(probe.Read()) });
        alone.Run(examples: 300);
        Assert.InRange(readings.Count, 3 * 30, 3 * 100);
        Some.AssertSameBits(Some.Copies(alone.Network.Parameters), Some.Copies(probed.Network.Parameters));
    }

    /// <summary>The same moment read twice: the noise that the first reading drew has been given back.</summary>
    [Theory]
    [MemberData(nameof(AllRules))]
    public void ReadingTwiceReadsTheSameAndDrawsNoNoise(string rule)
    {
        var setup = Some.Setup(Some.Network("6-5-4-3", 1));
        var learner = RuleCatalog.Standard.Get(rule).Create(setup);
        learner.EstimateGradients(new Batch(_heldOut.Inputs, _heldOut.Targets), new Gradients(learner.LearnedParameters, setup.Network.Compute));
        ulong[] positions = [.. learner.Noise.Select(stream => stream.Position)];
        var probe = new AlignmentProbe(learner, setup, _heldOut, measurePseudobackprop: true);
        Assert.Equal(probe.Read(), probe.Read());
        Assert.Equal(positions, learner.Noise.Select(stream => stream.Position));
    }

    [Fact]
    public void TheAngleToPseudobackpropIsReadWhereItIsAskedFor()
    {
        var setup = Some.Setup(Some.Network("6-5-4-3", 1));
        Assert.All(new AlignmentProbe(new FeedbackAlignmentRule(setup), setup, _heldOut).Read(), reading => Assert.Null(reading.PseudobackpropAngle));

        var exact = Read(new BackpropagationRule(setup));
        var pseudo = Read(new PseudobackpropRule(setup));
        Assert.Equal([0.0, 0.0, null], pseudo.Select(reading => reading.PseudobackpropAngle));
        Assert.Equal(pseudo.Select(reading => reading.ErrorAngle), exact.Select(reading => reading.PseudobackpropAngle));
        Assert.All(exact.SkipLast(1), reading => Assert.InRange(reading.PseudobackpropAngle!.Value, 1, 89));
        Assert.All(Read(new ShallowRule(setup)), reading => Assert.Null(reading.PseudobackpropAngle));
        Assert.Equal(0, exact[0].ErrorAngle);

        IReadOnlyList<AlignmentReading> Read(LearningRule rule) => new AlignmentProbe(rule, setup, _heldOut, measurePseudobackprop: true).Read();
    }

    [Fact]
    public void NormsAreReadWhereTheyAreAskedFor()
    {
        var setup = Some.Setup(Some.Network("6-5-4-3", 1));
        var rule = new FeedbackAlignmentRule(setup);
        Assert.All(new AlignmentProbe(rule, setup, _heldOut).Read(), reading => Assert.Null(reading.Norms));

        var readings = new AlignmentProbe(rule, setup, _heldOut, measureNorms: true).Read();
        var pass = setup.Network.CreatePass(_heldOut.Count);
        pass.Answer(_heldOut.Inputs);
        Assert.All(readings.Index(), entry =>
        {
            var ((index, reading), layer) = (entry, setup.Network.Layers[entry.Index]);
            var norms = reading.Norms!;
            Assert.Equal(Norm(layer.Weights.Read()), norms.Weights!.Value, 1e-12);
            Assert.Equal(Norm(layer.Biases!.Read()), norms.Biases!.Value, 1e-12);
            Assert.Equal(Norm(pass.Outputs[index]) / Math.Sqrt(_heldOut.Count), norms.Activations!.Value, 1e-12);
            Assert.Equal(reading.GradientNormRatio!.Value, norms.Gradient!.Value / norms.ExactGradient!.Value, 1e-12);
            if (layer == setup.Network.Layers[^1])
            {
                Assert.Equal((null, null, null), (norms.Error, norms.ExactError, norms.Feedback));
                return;
            }

            Assert.Equal(reading.ErrorNormRatio!.Value, norms.Error!.Value / norms.ExactError!.Value, 1e-12);
            Assert.Equal(Norm(rule.Feedback.Single(path => path.To == index).Weights), norms.Feedback!.Value, 1e-12);
        });

        // An error of the last hidden layer, through the feedback weights, of the mean loss' examples one by one.
        var errors = new HiddenErrors(setup.Network, _heldOut.Count);
        var gradients = new Gradients(rule.LearnedParameters, setup.Network.Compute);
        rule.EstimateGradients(new Batch(_heldOut.Inputs, _heldOut.Targets), gradients, errors);
        Assert.Equal(Norm(errors[1]) / Math.Sqrt(_heldOut.Count), readings[1].Norms!.Error!.Value, 1e-12);
        Assert.Equal(Norm(gradients[setup.Network.Layers[0].Weights].Values), readings[0].Norms!.Gradient!.Value, 1e-12);

        static double Norm(Matrix matrix)
        {
            var sum = 0.0;
            Some.ForEach(matrix, (row, column) => sum += (double)matrix[row, column] * matrix[row, column]);
            return Math.Sqrt(sum);
        }
    }

    [Fact]
    public void ANetworkWithoutBiasesHasNoBiasAngle()
    {
        var setup = Some.Setup(Some.Network("6-5-3", 1, bias: false));
        Assert.All(new AlignmentProbe(new FeedbackAlignmentRule(setup), setup, _heldOut).Read(), reading => Assert.Null(reading.BiasGradientAngle));
    }

    [Fact]
    public void MoreExamplesThanTheSetupAllowsAreRefused()
    {
        var setup = Some.Setup(Some.Network("6-5-3", 1), Loss.SoftmaxCrossEntropy, maxBatch: 59);
        var exception = Assert.Throws<ArgumentException>(() => new AlignmentProbe(new BackpropagationRule(setup), setup, _heldOut));
        Assert.Contains("60 examples do not fit the setup's batch of 59", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASetupOfAnotherNetworkIsRefused()
    {
        var rule = new BackpropagationRule(Some.Setup(Some.Network("6-5-3", 1), Loss.SoftmaxCrossEntropy));
        var other = Some.Setup(Some.Network("6-5-3", 1), Loss.SoftmaxCrossEntropy);
        Assert.Contains("another network", Assert.Throws<ArgumentException>(() => new AlignmentProbe(rule, other, _heldOut)).Message, StringComparison.Ordinal);
    }
}
