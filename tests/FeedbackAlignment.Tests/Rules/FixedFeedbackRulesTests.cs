using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>
/// The relatives of feedback alignment whose feedback never learns, each by the limit in which it is another rule or by hand.
/// </summary>
public sealed class FixedFeedbackRulesTests
{
    [Theory]
    [InlineData("sparse-feedback-alignment", "feedback-alignment")]
    [InlineData("sparse-direct-feedback-alignment", "direct-feedback-alignment")]
    public void WithAllConnectionsASparseRuleIsTheDenseOne(string sparse, string dense)
    {
        var setup = Setup("7-6-5-4", new() { Share = 1 });
        Some.AssertSameBits(Gradients(dense, setup), Gradients(sparse, setup));
        Some.AssertSameBits(Gradients(dense, setup), Gradients(sparse, Setup("7-6-5-4", new() { ErrorsPerUnit = 6 })));
        Assert.False(Some.SameBits(Gradients(dense, setup)[0], Gradients(sparse, Setup("7-6-5-4"))[0]));
    }

    [Theory]
    [InlineData("sparse-feedback-alignment", "feedback-alignment")]
    [InlineData("sparse-direct-feedback-alignment", "direct-feedback-alignment")]
    public void ASparseRuleIsTheDenseOneWithItsConnections(string sparse, string dense)
    {
        FeedbackOptions usual = sparse == "sparse-feedback-alignment" ? new() { Share = 0.5 } : new() { ErrorsPerUnit = 1 };
        Some.AssertSameBits(Gradients(dense, Setup("7-60-50-40", usual)), Gradients(sparse, Setup("7-60-50-40")));
        foreach (var given in (FeedbackOptions[])[new() { Share = 0.3 }, new() { ErrorsPerUnit = 3 }])
        {
            Some.AssertSameBits(Gradients(dense, Setup("7-60-50-40", given)), Gradients(sparse, Setup("7-60-50-40", given)));
        }
    }

    [Theory]
    [InlineData("low-rank-feedback-alignment", "feedback-alignment", null, 4)]
    [InlineData("low-rank-feedback-alignment", "feedback-alignment", 2, 2)]
    [InlineData("low-rank-direct-feedback-alignment", "direct-feedback-alignment", null, 2)]
    [InlineData("low-rank-direct-feedback-alignment", "direct-feedback-alignment", 3, 3)]
    public void ALowRankRuleIsTheDenseOneWithTheFactorsMultipliedOut(string thin, string dense, int? given, int rank)
    {
        var setup = Setup("7-16-15-4", new() { Rank = given });
        var learner = RuleCatalog.Standard.Get(thin).Create(setup);
        Matrix[] feedback = [.. learner.Feedback.Select(path => path.Weights)];
        Assert.All(feedback, matrix => FeedbackOptionsTests.AssertRank(rank, matrix));
        LearningRule multiplied = dense == "feedback-alignment" ? new FeedbackAlignmentRule(setup, Some.Fixed([default, .. feedback]))
            : new DirectFeedbackAlignmentRule(setup, Some.Fixed(feedback));
        AssertClose(Gradients(multiplied, setup), Gradients(learner, setup), 1e-6);

        // And so does what the dense rule draws for itself when it is given the rank.
        var same = Setup("7-16-15-4", new() { Rank = rank });
        Some.AssertSameBits(feedback, [.. RuleCatalog.Standard.Get(dense).Create(same).Feedback.Select(path => path.Weights)]);
    }

    [Fact]
    public void SharedFeedbackIsDirectFeedbackWhereThereIsOneHiddenLayer()
    {
        var setup = Setup("7-6-4");
        Some.AssertSameBits(Gradients("direct-feedback-alignment", setup), Gradients("shared-direct-feedback-alignment", setup));
    }

    /// <summary>
    /// The slices begin alike and lie in one memory, and the rule is direct feedback alignment through them; the widest layer may be any.
    /// </summary>
    [Theory]
    [InlineData("7-6-30-20-4")]
    [InlineData("7-30-20-6-4")]
    public void SharedFeedbackIsDirectFeedbackThroughSlicesOfOneMatrix(string sizes)
    {
        var setup = Setup(sizes);
        var learner = RuleCatalog.Standard.Get("shared-direct-feedback-alignment").Create(setup);
        Matrix[] slices = [.. learner.Feedback.Select(path => path.Weights)];
        Assert.Equal(setup.Network.Layers.SkipLast(1).Select(layer => $"4 × {layer.Outputs}"), slices.Select(slice => slice.Shape));
        Assert.All(slices, slice => Assert.True(slice.MayOverlap(slices[0])));
        var widest = slices.MaxBy(slice => slice.Columns);
        foreach (var slice in slices)
        {
            for (var i = 0; i < slice.Rows * slice.Columns; i++)
            {
                Assert.Equal(widest[i / slice.Columns, i % slice.Columns], slice[i / slice.Columns, i % slice.Columns]);
            }
        }

        var copies = Some.Fixed([.. slices.Select(slice => slice.Copy())]);
        Some.AssertSameBits(Gradients(new DirectFeedbackAlignmentRule(setup, copies), setup), Gradients(learner, setup));
    }

    [Fact]
    public void IndirectFeedbackIsDirectFeedbackWhereThereIsOneHiddenLayer()
    {
        var setup = Setup("7-6-4");
        Some.AssertSameBits(Gradients("direct-feedback-alignment", setup), Gradients("indirect-feedback-alignment", setup));
    }

    /// <summary>Three hidden layers by hand, in double, where all widths differ and where all are equal.</summary>
    [Theory]
    [InlineData("4-3-5-6-2")]
    [InlineData("3-3-3-3-3")]
    public void IndirectFeedbackGoesForwardThroughWeightsAndDerivatives(string sizes)
    {
        var network = Some.Network(sizes, 1, Activation.Tanh, Activation.Logistic);
        var setup = Some.Setup(network, Loss.SquaredError);
        var batch = Some.Batch(network, 1, 2);
        var learner = RuleCatalog.Standard.Get("indirect-feedback-alignment").Create(setup);
        var errors = new HiddenErrors(network, 1);
        var gradients = new Gradients(learner.LearnedParameters, network.Compute);
        learner.EstimateGradients(batch, gradients, errors);

        var signals = Signals(network, batch);
        var target = ReferenceNetwork.Rows(batch.Targets)[0];
        var top = signals[^1].Zip(target, (y, t) => (y - t) * y * (1 - y)).ToArray();
        var feedback = ReferenceNetwork.Rows(learner.Feedback[0].Weights);
        Assert.Equal((1, network.Layers.Count - 1, 0), (learner.Feedback.Count, learner.Feedback[0].From, learner.Feedback[0].To));
        double[] error = [.. Enumerable.Range(0, feedback[0].Length).Select(j => feedback.Zip(top, (row, e) => row[j] * e).Sum())];
        for (var layer = 0; layer < 3; layer++)
        {
            AssertClose(error, ReferenceNetwork.Rows(errors[layer])[0]);
            double[] local = [.. error.Zip(signals[layer + 1], (e, h) => e * (1 - h * h))];
            AssertClose([.. local.SelectMany(e => signals[layer].Select(x => e * x))], [.. ReferenceNetwork.Rows(gradients[network.Layers[layer].Weights].Values).SelectMany(row => row)]);
            error = [.. ReferenceNetwork.Rows(network.Layers[layer + 1].Weights.Read())
                .Select(row => row.Zip(local, (w, e) => w * e).Sum())];
        }
    }

    [Fact]
    public void InALinearNetworkLocalFeedbackAlignmentIsFeedbackAlignment()
    {
        var setup = Setup("7-6-5-6-4", hidden: Activation.Linear);
        Some.AssertSameBits(Gradients("feedback-alignment", setup), Gradients("local-feedback-alignment", setup));
    }

    [Theory]
    [InlineData("7-6-5-8-4")]
    [InlineData("6-6-6-6-6")]
    public void LocalFeedbackAlignmentIsDirectFeedbackThroughTheProductsAndNotFeedbackAlignment(string sizes)
    {
        foreach (var activation in (Activation[])[Activation.Tanh, Activation.Logistic, Activation.Relu])
        {
            var setup = Setup(sizes, hidden: activation);
            var feedback = setup.DrawFeedback();
            for (var i = feedback.Length - 2; i > 0; i--)
            {
                var product = new Matrix(feedback[i + 1].Rows, feedback[i].Columns);
                setup.Network.Compute.Product(feedback[i + 1].Read(), feedback[i].Read(), product);
                feedback[i] = new FixedWeights(product);
            }

            var local = Gradients("local-feedback-alignment", setup);
            AssertClose(Gradients(new DirectFeedbackAlignmentRule(setup, feedback[1..]), setup), local, 1e-6);
            var chained = Gradients("feedback-alignment", setup);
            Assert.True(GreatestDifference(chained[0], local[0]) > 1e-4, "the derivatives in between must matter for the test to show anything");
            Some.AssertSameBits(chained[4], local[4]);
        }
    }

    /// <summary>Hidden errors by hand: one number for each output, by whether it is too great or too small.</summary>
    [Fact]
    public void ErrorSignFeedbackSendsTheSignsOfTheError()
    {
        var setup = Setup("7-6-5-4", hidden: Activation.Tanh, loss: Loss.SquaredError);
        var batch = Some.Batch(setup.Network, 5, 2);

        // An output that is right to the bit has no sign.
        var answers = setup.Network.Predict(batch.Inputs);
        batch.Targets[1, 2] = answers[1, 2];
        var learner = RuleCatalog.Standard.Get("error-sign-direct-feedback-alignment").Create(setup);
        AssertHiddenErrors(learner, batch, (example, output) => Math.Sign(answers[example, output] - batch.Targets[example, output]));
    }

    [Fact]
    public void TargetProjectionSendsTheTargetsInTheSignOfAnError()
    {
        var setup = Setup("7-6-5-4", hidden: Activation.Tanh, loss: Loss.SquaredError);
        var batch = Some.Batch(setup.Network, 5, 2);
        AssertHiddenErrors(RuleCatalog.Standard.Get("direct-random-target-projection").Create(setup), batch,
            (example, output) => -batch.Targets[example, output]);
    }

    /// <summary>
    /// One-hot targets are the sign of the error without shift and scale, sign(y − t) = 1 − 2t: so sDFA's hidden errors are twice target
    /// projection's, plus what an example of no class would give. This fixes the sign of the targets.
    /// </summary>
    [Theory]
    [InlineData("softmax-cross-entropy")]
    [InlineData("logistic-cross-entropy")]
    public void ForClassesTheSignOfTheErrorIsTheTargetShiftedAndScaled(string loss)
    {
        var setup = Setup("7-6-5-4", loss: Loss.Standard.Get(loss));
        var batch = OneHot(Some.Batch(setup.Network, 5, 2));
        var (sign, target) =
            (RuleCatalog.Standard.Get("error-sign-direct-feedback-alignment").Create(setup),
                RuleCatalog.Standard.Get("direct-random-target-projection").Create(setup));
        var (signs, targets) = (Some.Errors(sign, batch), Some.Errors(target, batch));
        for (var layer = 0; layer < 2; layer++)
        {
            var feedback = ReferenceNetwork.Rows(sign.Feedback[layer].Weights);
            for (var example = 0; example < 5; example++)
            {
                for (var unit = 0; unit < feedback[0].Length; unit++)
                {
                    Assert.Equal(2 * targets[layer][example, unit] + feedback.Sum(row => row[unit]), signs[layer][example, unit], 1e-5);
                }
            }
        }
    }

    /// <summary>And so it agrees with direct feedback through the same weights more often than not, as the paper has it.</summary>
    [Fact]
    public void TargetProjectionsHiddenErrorsPointAlongThoseOfDirectFeedback()
    {
        var setup = Setup("20-50-10");
        var batch = OneHot(Some.Batch(setup.Network, 9, 2));
        var (direct, target) =
            (Some.Errors(RuleCatalog.Standard.Get("direct-feedback-alignment").Create(setup), batch),
                Some.Errors(RuleCatalog.Standard.Get("direct-random-target-projection").Create(setup), batch));
        for (var example = 0; example < 9; example++)
        {
            Assert.True(Reductions.Dot(direct[0].Row(example), target[0].Row(example)) > 0);
        }
    }

    /// <summary>Hidden layers need not wait for the output: its weights change nothing for them.</summary>
    [Fact]
    public void TargetProjectionTeachesHiddenLayersWithoutTheOutput()
    {
        var setup = Setup("7-6-5-4");
        var before = Gradients("direct-random-target-projection", setup);
        WeightDistribution.Normal(1).Draw(setup.Network.Layers[^1].Weights.Read(), new RandomStreams(9).Stream("other"));
        var after = Gradients("direct-random-target-projection", setup);
        Some.AssertSameBits(before[..4], after[..4]);
        Assert.False(Some.SameBits(before[4], after[4]));
    }

    private static void AssertHiddenErrors(LearningRule learner, Batch batch, Func<int, int, double> signal)
    {
        var errors = Some.Errors(learner, batch);
        for (var layer = 0; layer < errors.Count; layer++)
        {
            var feedback = ReferenceNetwork.Rows(learner.Feedback[layer].Weights);
            for (var example = 0; example < batch.Count; example++)
            {
                double[] expected = [.. Enumerable.Range(0, feedback[0].Length).Select(unit => feedback.Select((row, output) => row[unit] * signal(example, output)).Sum())];
                AssertClose(expected, ReferenceNetwork.Rows(errors[layer])[example]);
            }
        }
    }

    private static Batch OneHot(Batch batch)
    {
        for (var example = 0; example < batch.Count; example++)
        {
            batch.Targets.Row(example).Clear();
            batch.Targets[example, example % batch.Targets.Columns] = 1;
        }

        return batch;
    }

    /// <summary>Input, hidden outputs and output of the first example.</summary>
    private static List<double[]> Signals(Network network, Batch batch)
    {
        List<double[]> signals = [ReferenceNetwork.Rows(batch.Inputs)[0]];
        foreach (var layer in network.Layers)
        {
            var rows = ReferenceNetwork.Rows(layer.Weights.Read());
            var below = signals[^1];
            signals.Add([.. rows.Select(
                (row, i) => ReferenceNetwork.Apply(
                    layer.Activation.Id, layer.Biases!.Read()[0, i] + row.Zip(below, (w, x) => w * x).Sum()))]);
        }

        return signals;
    }

    private static RuleSetup Setup(string sizes, FeedbackOptions? options = null, Activation? hidden = null, Loss? loss = null)
        => new(Some.Network(sizes, 1, hidden), loss ?? Loss.SoftmaxCrossEntropy, 9, new RandomStreams(4), options);

    private static Matrix[] Gradients(string rule, RuleSetup setup) => Gradients(RuleCatalog.Standard.Get(rule).Create(setup), setup);

    private static Matrix[] Gradients(LearningRule rule, RuleSetup setup)
    {
        var gradients = new Gradients(rule.LearnedParameters, setup.Network.Compute);
        rule.EstimateGradients(Some.Batch(setup.Network, 5, 2), gradients);
        return Some.Copies(gradients);
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    private static void AssertClose(Matrix[] expected, Matrix[] actual, double tolerance)
        => Assert.All(expected.Zip(actual), pair => Assert.InRange(GreatestDifference(pair.First, pair.Second), 0, tolerance));

    private static double GreatestDifference(Matrix a, Matrix b)
        => ReferenceNetwork.Rows(a).Zip(ReferenceNetwork.Rows(b), (x, y) => x.Zip(y, (p, q) => Math.Abs(p - q)).Max()).Max();
}
