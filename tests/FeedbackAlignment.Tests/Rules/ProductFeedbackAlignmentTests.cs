using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Rules;

public sealed class ProductFeedbackAlignmentTests
{
    private const string Sizes = "6-5-7-3";

    /// <summary>Where the middle layer is the layer below itself, there is nothing left of the product.</summary>
    [Theory]
    [MemberData(nameof(KolenPollackTests.OptimizersAndBatches), MemberType = typeof(KolenPollackTests))]
    public void WithTheIdentityForRItIsKolenAndPollacksRuleToTheBit(string optimizer, int batch)
    {
        var (setup, twin) = (Some.Setup(Some.Network(Sizes, 1)), Some.Setup(Some.Network(Sizes, 1)));
        var drawn = setup.DrawFeedback();
        var product = new ProductFeedbackAlignmentRule(
            setup, [.. drawn.Select(weights => (weights.Read().Copy(), Identity(weights.Columns)))]);
        var plain = new KolenPollackRule(twin, drawn);
        KolenPollackTests.Train(product, optimizer, batch, 100, decay: 0.02f);
        KolenPollackTests.Train(plain, optimizer, batch, 100, decay: 0.02f);
        Some.AssertSameBits(Some.Copies(twin.Network.Parameters), Some.Copies(setup.Network.Parameters));
        Some.AssertSameBits([.. plain.Feedback.Select(path => path.Weights)], [.. product.Feedback.Select(path => path.Weights)]);
    }

    /// <summary>B − W Rᵀ shrinks by 1 − ηλ a step under gradient descent, whatever the data.</summary>
    [Fact]
    public void TheDifferenceOfBAndTheProjectedWeightsShrinksByTheDecayAlone()
    {
        const float Rate = 0.1f, Decay = 0.3f;
        var setup = Some.Setup(Some.Network(Sizes, 1));
        var factors = Factors(setup, 3);
        var rule = new ProductFeedbackAlignmentRule(setup, factors);
        var (gradients, optimizer) = (
            new Gradients(rule.LearnedParameters, setup.Network.Compute), new Sgd(rule.LearnedParameters, weightDecay: Decay));
        var before = Differences();
        for (ulong step = 1; step <= 10; step++)
        {
            rule.EstimateGradients(Some.Batch(setup.Network, 5, step), gradients);
            optimizer.Step(gradients, Rate);
            var expected = Math.Pow(1 - Rate * Decay, step);
            foreach (var (was, now) in before.Zip(Differences()))
            {
                Some.ForEach(was, (row, column) => Assert.Equal(expected * was[row, column], now[row, column], 2e-6));
            }
        }

        Matrix[] Differences() => [.. rule.Parameters.Select((learned, i) =>
        {
            var projected = new Matrix(learned.Rows, learned.Columns);
            setup.Network.Compute.Product(setup.Network.Layers[i + 1].Weights.Read(), factors[i + 1].Fixed.Transposed, projected);
            Some.ForEach(projected, (row, column) => projected[row, column] = learned.Read()[row, column] - projected[row, column]);
            return projected;
        })];
    }

    [Fact]
    public void TheErrorGoesThroughTheProductThatIsShown()
    {
        var setup = Some.Setup(Some.Network(Sizes, 1));
        var (rule, batch) = (new ProductFeedbackAlignmentRule(setup), Some.Batch(setup.Network, 5, 2));
        var shown = new FeedbackAlignmentRule(setup, Some.Fixed([default, .. rule.Feedback.Select(path => path.Weights)]));
        var (own, other) = (new HiddenErrors(setup.Network, 5), new HiddenErrors(setup.Network, 5));
        rule.EstimateGradients(batch, new Gradients(rule.LearnedParameters, setup.Network.Compute), own);
        shown.EstimateGradients(batch, new Gradients(shown.LearnedParameters, setup.Network.Compute), other);
        for (var layer = 0; layer < own.Count; layer++)
        {
            Some.ForEach(own[layer], (row, column) => Assert.Equal(other[layer][row, column], own[layer][row, column], 1e-6));
        }
    }

    /// <summary>
    /// The product begins with the norm of feedback alignment's weights, and the middle layer is as wide as the option says.
    /// </summary>
    [Theory]
    [InlineData(1.5, 180)]
    [InlineData(4, 480)]
    public void TheProductBeginsWithTheVarianceOfFeedbackAlignmentsWeights(double expansion, int middle)
    {
        var network = Some.Network("3-120-90-5", 1);
        var setup = new RuleSetup(
            network, Loss.SoftmaxCrossEntropy, 4, new RandomStreams(3), options: new Dictionary<string,
            double>
            { ["expansion"] = expansion });
        var rule = new ProductFeedbackAlignmentRule(setup);
        Assert.Equal(middle, rule.Parameters[0].Columns);
        var (own, usual) = (rule.Feedback[0].Weights, new FeedbackAlignmentRule(setup).Feedback[0].Weights);

        // 10,800 entries that share the factors: a few per cent.
        Assert.Equal(1, Math.Sqrt(Reductions.Dot(own, own) / Reductions.Dot(usual, usual)), 0.05);
    }

    [Fact]
    public void AMixtureKeepsOnlyTheFactorsOfTheLayersThatItServes()
    {
        var rule = RuleCatalog.Standard.Get("product-feedback-alignment+backpropagation").Create(Some.Setup(Some.Network("6-5-7-3", 1)));
        Assert.Equal(["hidden2.feedback"], rule.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([(1, 0)], rule.Feedback.Select(path => (path.From, path.To)));
        Assert.Equal(
            ["hidden2.feedback"], RuleCatalog.Standard.Get("kolen-pollack+backpropagation")
                .Create(Some.Setup(Some.Network("6-5-7-3", 1))).Parameters.Select(parameter => parameter.Name));
    }

    private static Matrix Identity(int size)
    {
        var identity = new Matrix(size, size);
        for (var i = 0; i < size; i++)
        {
            identity[i, i] = 1;
        }

        return identity;
    }

    private static (Matrix Learned, Matrix Fixed)[] Factors(RuleSetup setup, int expansion)
        => [default, .. setup.Network.Layers.Skip(1).Select((layer, i) => (
            Some.Matrix(layer.Outputs, expansion * layer.Inputs, (ulong)(10 + i)),
                Some.Matrix(expansion * layer.Inputs, layer.Inputs, (ulong)(20 + i))))];
}
