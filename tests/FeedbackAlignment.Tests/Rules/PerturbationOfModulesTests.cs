using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Probes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Tests.Networks.Modules;

namespace FeedbackAlignment.Tests.Rules;

/// <summary>
/// Node and weight perturbation on networks of modules. The estimate is the change of the loss times ξ ∕ σ², so the mean of the
/// estimate is the gradient if one draw changes the loss as the gradient says, e · ξ, and the noise is that of all that learns.
/// </summary>
public sealed class PerturbationOfModulesTests
{
    private const double Deviation = 1e-3;

    public static TheoryData<string> Kinds => ModuleNetworks.All;

    public static TheoryData<string, string> KindsAndRules()
    {
        var cases = new TheoryData<string, string>();
        foreach (var kind in ModuleNetworks.Kinds)
        {
            string[] rules = ["node-perturbation", "weight-perturbation"];
            foreach (var rule in rules.Where(rule => ModuleNetworks.CanBeTaught(kind, rule)))
            {
                cases.Add(kind, rule);
            }
        }

        return cases;
    }

    /// <summary>
    /// Whatever learns is disturbed, under the masks of the first pass and with statistics of the batch. Weights are drawn by columns, all
    /// else is a row.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void UnderWeightPerturbationADrawChangesTheLossAsTheGradientSays(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var (setup, batch) = (Setup(network), Some.Batch(network, 6, 5));
        var (exact, estimated) = (Estimate(new BackpropagationRule(setup), batch), Estimate(new WeightPerturbationRule(setup), batch));
        var random = setup.Streams.Stream($"{RandomStreams.Noise}/weight-perturbation");
        var (alongNoise, noises, alongGradient, gradients) = (0.0, 0.0, 0.0, 0.0);
        List<(float Estimate, double Noise)> pairs = [];
        foreach (var parameter in network.Parameters.SkipLast(2))
        {
            var isByColumns = parameter.Kind == ParameterKind.Weights;
            for (var line = 0; line < (isByColumns ? parameter.Columns : 1); line++)
            {
                foreach (var (row, column) in Enumerable.Range(0, isByColumns ? parameter.Rows : parameter.Columns)
                    .Select(place => isByColumns ? (place, line) : (line, place)))
                {
                    var (noise, slope, estimate) = (
                        Deviation * random.NextNormal(), exact[parameter].Values[row, column], estimated[parameter].Values[row, column]);
                    pairs.Add((estimate, noise));
                    (alongNoise, noises) = (alongNoise + (estimate * noise), noises + (noise * noise));
                    (alongGradient, gradients) = (alongGradient + (slope * noise), gradients + ((double)slope * slope));
                }
            }
        }

        var factor = alongNoise / noises;
        Assert.All(pairs, pair => Assert.Equal(factor * pair.Noise, pair.Estimate, 1e-5 * Math.Abs(factor) * Deviation));
        Assert.Equal(alongGradient, factor * Deviation * Deviation, 0.03 * Deviation * Math.Sqrt(gradients));
    }

    /// <summary>Each example's own change, where no module mixes examples.</summary>
    [Fact]
    public void UnderNodePerturbationADrawChangesEachExamplesLossAsItsErrorsSay()
    {
        var (network, errors) = Network(mixes: false);
        var (changes, expected, size) = Look(network, errors, 5);
        for (var example = 0; example < 5; example++)
        {
            Assert.All(changes, change => Assert.Equal(changes[0][example], change[example], 1e-4 * Math.Abs(changes[0][example])));
            Assert.Equal(expected[example], changes[0][example], 0.03 * Deviation * size[example]);
        }
    }

    /// <summary>
    /// Under batch normalization an example's noise changes the others' answers. What lies below it learns from the sum of the changes,
    /// what lies above from each example's own.
    /// </summary>
    [Fact]
    public void UnderBatchNormalizationTheChangeOfTheWholeBatchTellsWhatLiesBelow()
    {
        var (network, errors) = Network(mixes: true);
        var (changes, expected, size) = Look(network, errors, 5);
        var (below, above) = (changes[0], changes[^1]);
        Assert.All(below, change => Assert.Equal(below[0], change, 1e-4 * Math.Abs(below[0])));
        Assert.Equal(below[0], above.Sum(), 1e-3 * above.Sum(Math.Abs));
        Assert.Equal(expected.Sum(), below[0], 0.03 * Deviation * Math.Sqrt(size.Sum(one => one * one)));
        Assert.All(above, change => Assert.NotEqual(below[0], change, 0.1 * Math.Abs(below[0])));
    }

    /// <summary>Another last example changes the answers to the others exactly where a module says that it mixes them.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void AModuleSaysWhetherItMixesExamples(string kind)
    {
        var network = ModuleNetworks.Of(kind);
        var inputs = Some.Matrix(6, network.Inputs, 5);
        var before = Answers();
        inputs.Row(5).Fill(0.5f);
        Assert.Equal(network.Root.MixesExamples, !Some.SameBits(before, Answers()));

        Matrix Answers() => network.CreatePass(6, new RandomStreams(1)).Run(inputs).Top(5).Copy();
    }

    /// <summary>Filters of two layers, pooled between: the distance of the mean of n draws to the gradient goes down with 1 ∕ √n.</summary>
    [Theory]
    [InlineData("node-perturbation")]
    [InlineData("weight-perturbation")]
    public void OnAConvolutionTheMeanOfManyDrawsIsTheGradient(string id)
    {
        var network = Some.Planned("1x4x4, conv 3x3 2 padding 0 tanh, conv 1x2 3 padding 0 tanh, max-pool 2x1, dense 2", 3);
        var (setup, batch) = (Setup(network), Some.Batch(network, 2, 5));
        var exact = Some.Copies(Estimate(new BackpropagationRule(setup), batch));
        var (rule, gradients) = (RuleCatalog.Standard.Get(id).Create(setup), new Gradients(network.Parameters, network.Compute));
        double[][,] sums = [.. exact.Select(matrix => new double[matrix.Rows, matrix.Columns])];
        var draws = 0;
        var early = Mean(until: 400);
        Assert.All(Mean(until: 40_000).Zip(early), pair =>
        {
            Assert.InRange(pair.First.Distance, 0, Math.Min(0.1, pair.Second.Distance / 3));
            Assert.InRange(pair.First.Angle, 0, 6);
        });

        List<(double Distance, double Angle)> Mean(int until)
        {
            for (; draws < until; draws++)
            {
                rule.EstimateGradients(batch, gradients);
                foreach (var (sum, parameter) in sums.Zip(network.Parameters))
                {
                    var values = gradients[parameter].Values;
                    Some.ForEach(values, (row, column) => sum[row, column] += values[row, column]);
                }
            }

            return [.. sums.Zip(exact).SkipLast(2).Select(pair =>
            {
                var (mean, squares) = (new Matrix(pair.Second.Rows, pair.Second.Columns), 0.0);
                Some.ForEach(mean, (row, column) =>
                {
                    mean[row, column] = (float)(pair.First[row, column] / draws);
                    squares += Math.Pow(mean[row, column] - pair.Second[row, column], 2);
                });
                return (Math.Sqrt(squares / Reductions.Dot(pair.Second, pair.Second)), Angle.Degrees(mean, pair.Second)!.Value);
            })];
        }
    }

    /// <summary>Masks, running statistics, weights, and what the output layer learns are those of a step of backpropagation.</summary>
    [Theory]
    [MemberData(nameof(KindsAndRules))]
    public void TheSecondPassLeavesNoTrace(string kind, string id)
    {
        var (exact, disturbed) = (After("backpropagation"), After(id));
        Some.AssertSameBits(exact.Numbers, disturbed.Numbers);
        Assert.Equal(exact.Places, disturbed.Places);
        Assert.Equal(exact.Loss, disturbed.Loss);

        (Matrix[] Numbers, ulong[] Places, double Loss) After(string id)
        {
            var network = ModuleNetworks.Of(kind);
            var rule = RuleCatalog.Standard.Get(id).Create(Some.Setup(network));
            var gradients = new Gradients(network.Parameters, network.Compute);
            var loss = rule.EstimateGradients(Some.Batch(network, 6, 5), gradients);
            loss += rule.EstimateGradients(Some.Batch(network, 4, 6), gradients);
            return ([.. Some.Copies(network.Parameters), .. network.Buffers.Select(buffer => buffer.Values),
                .. network.Layers[^1].Parameters.Select(parameter => gradients[parameter].Values)],
                [.. rule.ModuleNoise.Select(noise => noise.Position)], loss);
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndRules))]
    public void TheNumberOfThreadsChangesNoBit(string kind, string id)
    {
        Some.AssertSameBits(With(1), With(3));

        Matrix[] With(int threads)
        {
            var network = ModuleNetworks.Of(kind, threads);
            using var compute = network.Compute;
            return Some.Copies(Estimate(RuleCatalog.Standard.Get(id).Create(Some.Setup(network)), Some.Batch(network, 9, 5)));
        }
    }

    [Theory]
    [InlineData("recurrent")]
    [InlineData("recurrent-above")]
    public void LayersThatRunInAnotherWayAreRefusedUnderNodePerturbation(string kind)
        => Assert.Contains(
            "node perturbation needs layers that run once, in sequences and residual blocks; recurrence: ",
            Assert.Throws<ArgumentException>(() => new NodePerturbationRule(Some.Setup(ModuleNetworks.Of(kind)))).Message,
            StringComparison.Ordinal);

    /// <summary>
    /// What one draw says the losses change by, as each layer's error has it, and what the exact errors say: e · ξ over all that is
    /// disturbed, and the length of e.
    /// </summary>
    private static (double[][] Changes, double[] Expected, double[] Size) Look(Network network, IReadOnlyList<ErrorSeen> seen, int examples)
    {
        var (setup, batch) = (Setup(network), Some.Batch(network, examples, 5));
        var (exact, estimated) = (new HiddenErrors(network, examples), new HiddenErrors(network, examples));
        Estimate(new BackpropagationRule(setup), batch, exact);
        Matrix[] ofNorms = [.. seen.Select(one => one.Error.Copy())];
        Estimate(new NodePerturbationRule(setup), batch, estimated);
        var random = setup.Streams.Stream($"{RandomStreams.Noise}/node-perturbation");
        var (expected, size) = (new double[examples], new double[examples]);
        var changes = Enumerable.Range(0, exact.Count).Select(_ => new double[examples]).ToArray();
        Module[] learns = [.. FeedbackAlignment.Networks.Network.All(network.Root)
            .Where(module => module.Children.Count == 0 && module.Parameters.Any())];
        for (var example = 0; example < examples; example++)
        {
            var (layer, norm) = (0, 0);
            foreach (var module in learns)
            {
                var error = module is WeightedLayer ? (layer < exact.Count ? exact[layer] : default) : ofNorms[norm++];
                var (along, squares) = (0.0, 0.0);
                for (var unit = 0; unit < error.Columns; unit++)
                {
                    var noise = Deviation * random.NextNormal();
                    expected[example] += error[example, unit] * noise;
                    size[example] += (double)error[example, unit] * error[example, unit];
                    if (module is WeightedLayer)
                    {
                        (along, squares) = (along + (estimated[layer][example, unit] * noise), squares + (noise * noise));
                    }
                }

                if (module is WeightedLayer && layer < exact.Count)
                {
                    changes[layer++][example] = along / squares * Deviation * Deviation;
                }
            }
        }

        return (changes, expected, [.. size.Select(Math.Sqrt)]);
    }

    /// <summary>A network of pictures with all that a draw goes through; behind each norm the error there is seen.</summary>
    private static (Network Network, IReadOnlyList<ErrorSeen> Errors) Network(bool mixes)
    {
        var (compute, two) = (new Compute(), Extent.Square(2));
        var same = new ConvolutionOptions { Kernel = Extent.Square(3), Padding = Extent.Square(1) };
        ErrorSeen[] seen = [new("seen1", new(4, 3, 4)), new("seen2", new(2, 2, 3))];
        Norm first = mixes ? new BatchNorm("norm1", new(4, 3, 4)) : new LayerNorm("norm1", new(4, 3, 4));
        var network = new Network(
            new Sequence("network",
            [
                new FromPlanes("planes", new(4, 3, 2)),
                Filters("hidden1", new(4, 3, 2), 4, Activation.Linear, same),
                first,
                seen[0],
                new ActivationModule("act1", new(4, 3, 4), Activation.Tanh),
                new Residual(
                    "block",
                    new Sequence("block/branch", [Filters("block/one", new(4, 3, 4), 5, Activation.Tanh, same with { Stride = two }),
                        Filters("block/two", new(2, 2, 5), 3, Activation.Linear, same), new LayerNorm("norm2", new(2, 2, 3)), seen[1]]),
                    Filters("block/shortcut", new(4, 3, 4), 3, Activation.Linear, new() { Kernel = Extent.Square(1), Stride = two })),
                new ActivationModule("act2", new(2, 2, 3), Activation.Tanh),
                new AveragePool("pool", new(2, 2, 3), new() { Size = new(2, 1) }),
                new Dropout("drop", new(1, 2, 3), 0.3),
                WeightedLayer.Dense("top", 6, 5, Activation.Tanh, bias: true, compute),
                WeightedLayer.Dense("output", 5, 3, Activation.Linear, bias: true, compute),
            ]), compute);
        foreach (var parameter in network.Parameters)
        {
            var isScale = parameter.Kind == ParameterKind.Scale;
            parameter.Draw(WeightDistribution.Normal(isScale ? 0.2 : 0.5), new RandomStreams(4).Stream(parameter.Name));
            Some.ForEach(parameter.Read(), (row, unit) => parameter.Read()[row, unit] += isScale ? 1 : 0);
        }

        return (network, seen);

        WeightedLayer Filters(string name, Shape from, int filters, Activation of, ConvolutionOptions options)
            => new(name, new ConvolutionMap(from, filters, options, compute), of, bias: true);
    }

    private static RuleSetup Setup(Network network)
        => new(
            network, Loss.SoftmaxCrossEntropy, 64, new RandomStreams(1), options: new Dictionary<string, double> { ["noise"] = Deviation });

    private static Gradients Estimate(LearningRule rule, Batch batch, HiddenErrors? errors = null)
    {
        var gradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        rule.EstimateGradients(batch, gradients, errors);
        return gradients;
    }

    /// <summary>Does nothing, and keeps the error that it is given.</summary>
    private sealed class ErrorSeen(string name, Shape shape) : Module(name, shape, shape)
    {
        public Matrix Error { get; private set; }

        public override ModuleRun Begin(RunSetup setup) => new Run(this);

        private sealed class Run(ErrorSeen module) : ModuleRun
        {
            public override void Forward(Matrix input, PassMode mode) => Output = input;

            public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
            {
                module.Error = error.Copy();
                return error;
            }
        }
    }
}
