using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Networks.Modules;

/// <summary>
/// A convolution is the dense layer whose matrix has a filter's weights wherever the filter stands, to the bit: forward, back through its
/// own weights and through others, and in its gradient, whose sum over positions alone is taken in another order.
/// </summary>
public sealed class ConvolutionIdentityTests
{
    private static readonly Compute _compute = new();

    public static TheoryData<int, int, int, int, int, int, int, int, int> Geometries => new()
    {
        // height, width, channels, filters, kernel, stride, padding, dilation, groups
        { 1, 1, 5, 4, 1, 1, 0, 1, 1 },
        { 3, 4, 2, 3, 1, 1, 0, 1, 1 },
        { 3, 3, 2, 4, 3, 1, 0, 1, 1 },
        { 4, 5, 3, 5, 3, 1, 1, 1, 1 },
        { 5, 4, 2, 3, 2, 1, 1, 1, 1 },
        { 6, 5, 2, 4, 3, 2, 1, 1, 1 },
        { 7, 6, 3, 2, 2, 3, 2, 1, 1 },
        { 6, 7, 2, 3, 3, 1, 2, 2, 1 },
        { 5, 5, 4, 6, 3, 2, 1, 1, 2 },
        { 4, 4, 3, 3, 3, 1, 1, 1, 3 },
        { 4, 4, 17, 16, 3, 1, 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void AConvolutionIsTheDenseLayerWithTheUnrolledMatrixToTheBit(
        int height, int width, int channels, int filters, int kernel, int stride, int padding, int dilation, int groups)
    {
        var map = Map(height, width, channels, filters, kernel, stride, padding, dilation, groups);
        var layer = new WeightedLayer("filters", map, Activation.Tanh, bias: true);
        layer.Weights.Read().CopyFrom(Some.Matrix(map.Rows, map.Columns, 1));
        layer.Biases!.Read().CopyFrom(Some.Matrix(1, map.Rows, 2));
        var dense = WeightedLayer.Dense("dense", map.From.Size, map.To.Size, Activation.Tanh, bias: true, _compute);
        dense.Weights.Read().CopyFrom(Unrolled(map, layer.Weights.Read()));
        Some.ForEach(dense.Biases!.Read(), (_, unit) => dense.Biases.Read()[0, unit] = layer.Biases.Read()[0, unit % filters]);

        var input = Some.Matrix(6, map.From.Size, 3);
        var (expected, actual) = (new Matrix(6, map.To.Size), new Matrix(6, map.To.Size));
        dense.Forward(input, expected);
        layer.Forward(input, actual);
        Some.AssertSameBits(expected, actual);

        var (error, feedback) = (Some.Matrix(6, map.To.Size, 4), Some.Matrix(map.Rows, map.Columns, 5));
        var (expectedBelow, below) = (new Matrix(6, map.From.Size), new Matrix(6, map.From.Size));
        dense.Backward(error, dense.Weights, expectedBelow);
        layer.Backward(error, layer.Weights, below);
        Some.AssertSameBits(expectedBelow, below);
        dense.Backward(error, new FixedWeights(Unrolled(map, feedback)), expectedBelow);
        layer.Backward(error, new FixedWeights(feedback), below);
        Some.AssertSameBits(expectedBelow, below);

        var (ofDense, ofFilters) = (new Gradients(dense.Parameters, _compute), new Gradients(layer.Parameters, _compute));
        dense.Gradient(input, error, ofDense);
        layer.Gradient(input, error, ofFilters);
        var (sums, all) = (new double[map.Rows, map.Columns], ofDense[dense.Weights].Values);
        ForEachUse(map, (filter, weight, unit, source) => sums[filter, weight] += all[unit, source]);
        Some.ForEach(ofFilters[layer.Weights].Values, (filter, weight)
            => Assert.Equal(sums[filter, weight], ofFilters[layer.Weights].Values[filter, weight], 1e-5));
        var biases = new double[filters];
        Some.ForEach(ofDense[dense.Biases].Values, (_, unit) => biases[unit % filters] += ofDense[dense.Biases].Values[0, unit]);
        Some.ForEach(ofFilters[layer.Biases].Values, (_, filter)
            => Assert.Equal(biases[filter], ofFilters[layer.Biases].Values[0, filter], 1e-5));
    }

    /// <summary>Where a filter stands at one position only there is nothing to sum, and the gradient is the dense layer's to the bit.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 3)]
    public void AFilterOfTheSizeOfThePictureIsAUnit(int height, int width, int channels)
    {
        var map = new ConvolutionMap(new(height, width, channels), 4, new() { Kernel = new(height, width) }, _compute);
        var layer = new WeightedLayer("filters", map, Activation.Tanh, bias: true);
        var dense = WeightedLayer.Dense("dense", map.From.Size, 4, Activation.Tanh, bias: true, _compute);
        var (input, error) = (Some.Matrix(9, map.From.Size, 3), Some.Matrix(9, 4, 4));
        var (ofDense, ofFilters) = (new Gradients(dense.Parameters, _compute), new Gradients(layer.Parameters, _compute));
        dense.Gradient(input, error, ofDense);
        layer.Gradient(input, error, ofFilters);
        Some.AssertSameBits(ofDense[dense.Weights].Values, ofFilters[layer.Weights].Values);
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void AWeightIsUsedWhereItMeetsThePicture(
        int height, int width, int channels, int filters, int kernel, int stride, int padding, int dilation, int groups)
    {
        var map = Map(height, width, channels, filters, kernel, stride, padding, dilation, groups);
        var uses = new int[map.Rows, map.Columns];
        ForEachUse(map, (filter, weight, _, _) => uses[filter, weight]++);
        var geometry = map.Options.Geometry(map.From, filters);
        Assert.All(Enumerable.Range(0, map.Columns), weight => Assert.Equal(uses[0, weight], geometry.Uses(weight)));
    }

    /// <summary>
    /// Linear filters: the mean of y x over noise is σ² W at every position, so B's mean gradient is λ B − ρ W. The estimate of one position
    /// has about the variance ‖w‖² ∕ n; five standard deviations.
    /// </summary>
    [Fact]
    public void AWeightMirrorOfAConvolutionTendsToItsFilters()
    {
        const int Patterns = 4000;
        var map = new ConvolutionMap(new(4, 3, 2), 3, new() { Kernel = Extent.Square(3), Padding = Extent.Square(1) }, _compute);
        var filters = new WeightedLayer("filters", map, Activation.Linear, bias: true);
        filters.Weights.Draw(WeightDistribution.Normal(0.5), new RandomStreams(1).Stream("weights"));
        var network = new Network(
            [WeightedLayer.Dense("hidden1", 5, 24, Activation.Tanh, bias: true, _compute), filters,
                WeightedLayer.Dense("output", map.To.Size, 2, Activation.Linear, bias: true, _compute)], _compute);
        var rule = new WeightMirrorRule(new(network, Loss.SquaredError, 4, new RandomStreams(3), options: new Dictionary<string, double>
        {
            ["noiseExamples"] = Patterns,
            ["noise"] = 0.2,
            ["mirrorRate"] = 3,
            ["mirrorDecay"] = 2,
        }));
        var gradients = new Gradients(rule.LearnedParameters, _compute);
        rule.EstimateGradients(Some.Batch(network, 4, 5), gradients);
        var (b, w, gradient) = (rule.Parameters[0].Read(), filters.Weights.Read(), gradients[rule.Parameters[0]].Values);
        Some.ForEach(w, (filter, weight) =>
        {
            var norm = Math.Sqrt(Reductions.Dot(Row(w, filter), Row(w, filter)));
            Assert.Equal((2 * b[filter, weight] - gradient[filter, weight]) / 3, w[filter, weight], 5 * norm / Math.Sqrt(Patterns));
        });
    }

    /// <summary>The difference of W and B is kept · the difference, whatever the filters learn.</summary>
    [Fact]
    public void UnderKolenPollackFiltersAndTheirFeedbackTendToOneAnother()
    {
        var network = ModuleNetworks.Of("pictures");
        var rule = new KolenPollackRule(Some.Setup(network));
        var gradients = new Gradients(rule.LearnedParameters, network.Compute);
        rule.EstimateGradients(Some.Batch(network, 6, 5), gradients);
        Assert.All(rule.Ties, tie => Some.AssertSameBits(gradients[tie.Weights].Values, gradients[tie.Feedback].Values));
        Assert.Equal(network.Layers.Count - 1, rule.Ties.Count);
    }

    [Fact]
    public void FeedbackOfAConvolutionHasTheShapeOfItsFiltersAndIsDrawnByItsFans()
    {
        var map = new ConvolutionMap(new(8, 8, 16), 32, new() { Kernel = Extent.Square(3), Padding = Extent.Square(1), Groups = 2 }, _compute);
        var network = new Network(
            [WeightedLayer.Dense("hidden1", 5, 1024, Activation.Tanh, bias: true, _compute),
                new WeightedLayer("hidden2", map, Activation.Tanh, bias: true),
                WeightedLayer.Dense("output", map.To.Size, 2, Activation.Linear, bias: true, _compute)], _compute);
        Assert.Equal((32, 72, 72, 144), (map.Rows, map.Columns, map.FanIn, map.FanOut));
        Check(new(), Math.Sqrt(2.0 / (72 + 144)));
        Check(new() { Normalization = FeedbackNormalization.FanIn() }, 1 / Math.Sqrt(144));
        Check(new() { Normalization = FeedbackNormalization.FanOut(2) }, 2 / Math.Sqrt(72));
        Check(new() { Regenerate = true }, Math.Sqrt(2.0 / (72 + 144)));
        Assert.Contains("set the share of feedback connections", Assert.Throws<ArgumentException>(
            () => Draw(new() { ErrorsPerUnit = 2 })).Message, StringComparison.Ordinal);

        // Of 2304 numbers a standard deviation is within five times 1 ∕ √(2 · 2304) of what is asked for.
        void Check(FeedbackOptions options, double deviation)
        {
            var drawn = Draw(options);
            Assert.Equal("32 × 72", drawn.Shape);
            Assert.Equal(deviation, Math.Sqrt(Reductions.Dot(drawn, drawn) / (32 * 72)), 5 * deviation / Math.Sqrt(2 * 32 * 72));
        }

        Matrix Draw(FeedbackOptions options)
            => new RuleSetup(network, Loss.SquaredError, 4, new RandomStreams(2), options).DrawFeedback()[1].Read();
    }

    [Fact]
    public void AConvolutionThatCannotBeIsRefused()
    {
        Refused("needs at least one filter", filters: 0);
        Refused("divides 3 channels and 4 filters into 2 groups", new() { Kernel = Extent.Square(1), Groups = 2 });
        Refused("has a kernel of 6x6 that does not fit into 5x5 positions with a padding of 0x0", new() { Kernel = Extent.Square(6) });
        Refused("needs a kernel, stride, dilation and groups of at least 1", new() { Kernel = Extent.Square(1), Stride = new(0, 1) });

        static void Refused(string message, ConvolutionOptions? options = null, int filters = 4)
            => Assert.Contains(message, Assert.Throws<ArgumentException>(() => new ConvolutionMap(
                new(5, 5, 3), filters, options ?? new() { Kernel = Extent.Square(1) }, _compute)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RulesThatNeedDenseLayersRefuseConvolutions()
    {
        var network = ModuleNetworks.Of("convolutions");
        Assert.Contains("hidden2 is a convolution", Assert.Throws<ArgumentException>(
            () => new PseudobackpropRule(Some.Setup(network))).Message, StringComparison.Ordinal);
        Assert.All(RuleCatalog.Standard.Entries, rule => Assert.Equal(
            rule.RefusesConvolution, Record.Exception(() => rule.Create(Some.Setup(network))) is ArgumentException));
        Assert.Contains("one after another; this one also has hidden1", Assert.Throws<ArgumentException>(
            () => RuleCatalog.Standard.Get("pepita").Create(Some.Setup(network))).Message, StringComparison.Ordinal);
    }

    private static Matrix Row(Matrix matrix, int row)
    {
        var copy = new Matrix(1, matrix.Columns);
        Some.ForEach(copy, (_, column) => copy[0, column] = matrix[row, column]);
        return copy;
    }

    private static ConvolutionMap Map(
        int height, int width, int channels, int filters, int kernel, int stride, int padding, int dilation, int groups)
        => new(new(height, width, channels), filters, new()
        {
            Kernel = Extent.Square(kernel),
            Stride = Extent.Square(stride),
            Padding = Extent.Square(padding),
            Dilation = Extent.Square(dilation),
            Groups = groups,
        }, _compute);

    private static Matrix Unrolled(ConvolutionMap map, Matrix weights)
    {
        var matrix = new Matrix(map.To.Size, map.From.Size);
        ForEachUse(map, (filter, weight, unit, source) => matrix[unit, source] = weights[filter, weight]);
        return matrix;
    }

    /// <summary>Counts out where a filter's weight meets a number of the picture: for which unit, and which number.</summary>
    private static void ForEachUse(ConvolutionMap map, Action<int, int, int, int> use)
    {
        var (options, from, to) = (map.Options, map.From, map.To);
        var (group, perGroup) = (from.Channels / options.Groups, to.Channels / options.Groups);
        for (var (unit, y) = (0, 0); y < to.Height; y++)
        {
            for (var x = 0; x < to.Width; x++)
            {
                for (var filter = 0; filter < to.Channels; filter++, unit++)
                {
                    for (var (weight, row) = (0, 0); row < options.Kernel.Height; row++)
                    {
                        for (var column = 0; column < options.Kernel.Width; column++)
                        {
                            for (var channel = 0; channel < group; channel++, weight++)
                            {
                                var fromY = y * options.Stride.Height + row * options.Dilation.Height - options.Padding.Height;
                                var fromX = x * options.Stride.Width + column * options.Dilation.Width - options.Padding.Width;
                                if (fromY >= 0 && fromY < from.Height && fromX >= 0 && fromX < from.Width)
                                {
                                    use(filter, weight, unit, (fromY * from.Width + fromX) * from.Channels + filter / perGroup * group + channel);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
