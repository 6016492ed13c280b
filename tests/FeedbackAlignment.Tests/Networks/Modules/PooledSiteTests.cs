using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Networks.Modules;

/// <summary>Direct feedback before pooling, after it, and repeated at all positions.</summary>
public sealed class PooledSiteTests
{
    private const string Plan =
        "1x8x8, conv 3x3 4 tanh, max-pool 2, conv 3x3 5 padding 0, batch-norm, tanh, average-pool 2, dense 6 tanh, dense 3";

    [Theory]
    [InlineData(FeedbackSites.Module, "hidden1 256, tanh1 20, hidden3 6")]
    [InlineData(FeedbackSites.Block, "hidden1 256, tanh1 20, hidden3 6")]
    [InlineData(FeedbackSites.Pooled, "pool1 64, pool2 5, hidden3 6")]
    public void ASiteIsAtTheActivationOrAfterThePoolingThatFollows(FeedbackSites kind, string sites)
    {
        var setup = Setup(NetworkPlan.Parse(Plan).Build(1), kind);
        Assert.Equal(sites, string.Join(", ", setup.Sites.Select(site => $"{site.Module.Name} {site.Module.To.Size}")));
        Assert.Equal(
            setup.Sites.Select(site => (3, site.Module.To.Size)), setup.DrawDirectFeedback().Select(source => (source.Rows, source.Columns)));
        Assert.Equal(["hidden1", "hidden2", "hidden3"], setup.Sites.Select(site => site.Name));
    }

    /// <summary>Pooling and activation below the site have their exact derivatives, so with the weights above it is backpropagation.</summary>
    [Fact]
    public void AfterPoolingTheWeightsAboveAsFeedbackGiveBackpropagationToTheBit()
    {
        var network = NetworkPlan.Parse("1x8x8, conv 3x3 4 tanh, max-pool 2, dense 3").Build(1);
        var setup = Setup(network, FeedbackSites.Pooled);
        var rule = new DirectFeedbackAlignmentRule(setup, Some.Fixed(network.Layers[^1].Weights.Read().Copy()));
        Some.AssertSameBits(Estimate(new BackpropagationRule(setup)), Estimate(rule));
    }

    /// <summary>
    /// An error that would be replaced further down, or that only modules without parameters would get, is not computed: 0 stands before
    /// the first layer, 1 behind its activation and 2 behind the second's.
    /// </summary>
    [Theory]
    [InlineData("backpropagation", FeedbackSites.Module, "21")]
    [InlineData("feedback-alignment", FeedbackSites.Module, "21")]
    [InlineData("direct-feedback-alignment", FeedbackSites.Module, "")]
    [InlineData("direct-feedback-alignment", FeedbackSites.Pooled, "")]
    public void AnErrorThatNobodyLearnsFromIsNotComputed(string id, FeedbackSites kind, string asked)
    {
        using var compute = new Compute();
        List<int> calls = [];
        Shape[] shapes = [new(4, 4, 2), new(4, 4, 3), new(4, 4, 5)];
        WeightedLayer Filters(string name, Shape from, int filters) => new(
            name, new ConvolutionMap(from, filters, new() { Kernel = Extent.Square(3), Padding = Extent.Square(1) }, compute),
            Activation.Tanh, bias: true);
        var network = new Network(
            new Sequence("network",
            [
                new Watched("0", shapes[0], calls), Filters("hidden1", shapes[0], 3), new Watched("1", shapes[1], calls),
                Filters("hidden2", shapes[1], 5), new Watched("2", shapes[2], calls),
                WeightedLayer.Dense("output", shapes[2].Size, 3, Activation.Linear, bias: true, compute),
            ]),
            compute);
        var rule = RuleCatalog.Standard.Get(id).Create(Setup(network, kind));
        _ = Estimate(rule);
        Assert.Equal(asked, string.Concat(calls));
    }

    /// <summary>What is after pooling is not before it: the two kinds of sites are different trainings.</summary>
    [Fact]
    public void TheKindsAreDifferentAlgorithms()
    {
        var network = NetworkPlan.Parse(Plan).Build(1);
        Matrix[] Of(FeedbackSites kind) => Estimate(new DirectFeedbackAlignmentRule(Setup(network, kind)));
        Assert.False(Some.SameBits(Of(FeedbackSites.Module)[0], Of(FeedbackSites.Pooled)[0]));
        Some.AssertSameBits(Of(FeedbackSites.Module), Of(FeedbackSites.Block));
    }

    /// <summary>The error at a position is the sum, over the positions of the layer above that see it, of the kernel's row for it.</summary>
    [Fact]
    public void ARepeatedErrorComesThroughAKernelOfTheLayerAbove()
    {
        var network = NetworkPlan.Parse("2x5x6, conv 3x3 3 tanh, conv 2x3 4 stride 2 padding 1 tanh, dense 3").Build(1);
        var setup = Setup(network, FeedbackSites.Pooled);
        var rule = new RepeatedDirectFeedbackAlignmentRule(setup);
        var errors = new HiddenErrors(network, 4);
        var batch = Some.Batch(network, 4, 5);
        rule.EstimateGradients(batch, new Gradients(network.Parameters, network.Compute), errors);

        var output = new Matrix(4, 3);
        Loss.SquaredError.Evaluate(network.Predict(batch.Inputs), batch.Targets, output);
        var (from, above) = (network.Layers[0].To, network.Layers[1].To);
        Assert.Equal(((3, 3, 4), (3, 18)), ((above.Height, above.Width, above.Channels), (rule.Feedback[0].Weights.Rows, rule.Feedback[0].Weights.Columns)));
        var kernel = rule.Feedback[0].Weights;
        for (var example = 0; example < 4; example++)
        {
            var expected = new double[from.Size];
            for (var (y, x) = (0, 0); y < above.Height; (y, x) = x + 1 < above.Width ? (y, x + 1) : (y + 1, 0))
            {
                for (var (row, column) = (0, 0); row < 2; (row, column) = column < 2 ? (row, column + 1) : (row + 1, 0))
                {
                    var (fromY, fromX) = (2 * y + row - 1, 2 * x + column - 1);
                    for (var channel = 0; fromY >= 0 && fromY < from.Height && fromX >= 0 && fromX < from.Width && channel < 3; channel++)
                    {
                        for (var unit = 0; unit < 3; unit++)
                        {
                            expected[(fromY * from.Width + fromX) * 3 + channel]
                                += output[example, unit] * kernel[unit, (row * 3 + column) * 3 + channel];
                        }
                    }
                }
            }

            Assert.All(expected.Index(), unit => Assert.Equal(unit.Item, errors[0][example, unit.Index], 1e-5));
        }

        // Below the output layer it is direct feedback alignment.
        var direct = new Matrix(4, network.Layers[1].Outputs);
        network.Compute.Product(output, rule.Feedback[1].Weights, direct);
        Some.AssertSameBits(direct, errors[1]);
    }

    [Fact]
    public void ARepeatedErrorIsRefusedWherePoolingStandsBetween()
        => Assert.Contains("hidden1, which takes what pooling gives; set feedback.sites to pooled", Assert.Throws<ArgumentException>(
            () => new RepeatedDirectFeedbackAlignmentRule(Setup(NetworkPlan.Parse(Plan).Build(1), FeedbackSites.Module))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void AStepWithARepeatedErrorAllocatesNothing()
    {
        var network = NetworkPlan.Parse(Plan).Build(1);
        var rule = new RepeatedDirectFeedbackAlignmentRule(Setup(network, FeedbackSites.Pooled));
        var (batch, gradients) = (Some.Batch(network, 6, 5), new Gradients(network.Parameters, network.Compute));
        rule.EstimateGradients(batch, gradients);
        var before = GC.GetAllocatedBytesForCurrentThread();
        rule.EstimateGradients(batch, gradients);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static RuleSetup Setup(Network network, FeedbackSites sites)
        => new(network, Loss.SquaredError, 64, new RandomStreams(1), new FeedbackOptions { Sites = sites });

    private static Matrix[] Estimate(LearningRule rule)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(Some.Batch(rule.Network, 6, 5), gradients);
        return Some.Copies(gradients);
    }

    /// <summary>Does nothing, and tells when it is asked for an error.</summary>
    private sealed class Watched(string name, Shape shape, List<int> calls) : Module(name, shape, shape)
    {
        public override ModuleRun Begin(RunSetup setup)
            => new Run(int.Parse(Name, System.Globalization.CultureInfo.InvariantCulture), calls);

        private sealed class Run(int number, List<int> calls) : ModuleRun
        {
            public override void Forward(Matrix input, PassMode mode) => Output = input;

            public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
            {
                calls.Add(number);
                return error;
            }
        }
    }
}
