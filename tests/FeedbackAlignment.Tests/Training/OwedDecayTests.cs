using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Training;

/// <summary>Decay that a step need not do at once is the same decay, whenever somebody looks.</summary>
public sealed class OwedDecayTests
{
    /// <summary>Where nobody looks: more steps than may be owed, while the rate is steady.</summary>
    private const int ManySteps = 1400;

    private const int Steps = 400, Inputs = 300, Border = 20, FirstFrozen = 100, FirstThawed = 150;

    /// <summary>Who looks at the weights, and when.</summary>
    public enum Looks
    {
        /// <summary>Nobody before the end.</summary>
        Never,

        /// <summary>Now and then somebody reads them.</summary>
        AtValues,

        /// <summary>Now and then many examples are predicted.</summary>
        AtManyExamples,

        /// <summary>Now and then one example is predicted twice, the second time with no step put off.</summary>
        AtOneExample,

        /// <summary>Now and then a step follows a step, with no forward pass in between.</summary>
        AtTwoSteps,

        /// <summary>Every step.</summary>
        Always,
    }

    /// <summary>Layers at rates and decays of their own: each owes under its own kept share.</summary>
    [Theory]
    [InlineData(Looks.Never)]
    [InlineData(Looks.AtValues)]
    [InlineData(Looks.AtOneExample)]
    [InlineData(Looks.AtTwoSteps)]
    public void GroupsOweTheirOwnDecayToTheBit(Looks looks)
    {
        foreach (var mode in (WeightDecayMode[])[WeightDecayMode.PerStep, WeightDecayMode.TimesLearningRate])
        {
            var expected = Train(looks, mode, true, true, threads: 1, MatrixOrder.ColumnMajor, InGroups);
            Some.AssertSameBits(expected, Train(looks, mode, true, true, threads: 2, MatrixOrder.RowMajor, InGroups));
            Assert.False(Some.SameBits(expected[^1], Train(looks, mode, true, true, threads: 2, MatrixOrder.RowMajor)[^1]));
        }

        static ParameterGroup[] InGroups(IReadOnlyList<Parameter> parameters) =>
        [
            .. parameters.Index().Select(parameter => new ParameterGroup([parameter.Item])
            {
                LearningRateFactor = 0.3f + parameter.Index,
                WeightDecay = 1e-3f / (parameter.Index + 1),
            }),
        ];
    }

    public static TheoryData<Looks, WeightDecayMode, bool, bool> Cases()
    {
        var cases = new TheoryData<Looks, WeightDecayMode, bool, bool>();
        foreach (var looks in Enum.GetValues<Looks>())
        {
            cases.Add(looks, WeightDecayMode.PerStep, false, false);
            cases.Add(looks, WeightDecayMode.PerStep, true, true);
            cases.Add(looks, WeightDecayMode.TimesLearningRate, false, true);
        }

        return cases;
    }

    /// <summary>The other way is a batch of one that lies by columns: every step walks over all weights at once.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void StepsOnSparseInputsHaveTheBitsOfWalksOverAllWeights(Looks looks, WeightDecayMode mode, bool freeze, bool hiddenErrorThroughWeights)
    {
        var expected = Train(looks, mode, freeze, hiddenErrorThroughWeights, threads: 1, MatrixOrder.ColumnMajor);
        foreach (var threads in (int[])[1, 2])
        {
            Some.AssertSameBits(expected, Train(looks, mode, freeze, hiddenErrorThroughWeights, threads, MatrixOrder.RowMajor));
        }
    }

    /// <summary>Put off, owed or taken at once.</summary>
    [Fact]
    public void CoupledDecayIsOwedAsTheDecoupledOneIs()
    {
        (Looks, MatrixOrder)[] cases = [(Looks.AtTwoSteps, MatrixOrder.RowMajor), (Looks.AtValues, MatrixOrder.ColumnMajor)];
        foreach (var (looks, order) in cases)
        {
            Some.AssertSameBits(
                Train(looks, WeightDecayMode.TimesLearningRate, true, true, threads: 1, order),
                Train(looks, WeightDecayMode.Coupled, true, true, threads: 2, order));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1024)]
    [InlineData(1027)]
    [InlineData(2051)]
    public void AnInputThatIsAlwaysZeroLeavesItsWeightsToDecayAlone(int steps)
    {
        const float Decay = 1e-3f;
        using var compute = new Compute(2);
        var layer = Layer(compute);
        var (gradients, optimizer) = (new Gradients([layer.Weights], compute), new Sgd([layer.Weights], weightDecay: Decay, decayMode: WeightDecayMode.PerStep));
        layer.Weights.Read()[7, 0] = 3e-45f;
        layer.Weights.Read()[8, 0] = -0f;
        layer.Weights.Read()[9, 0] = float.NegativeInfinity;
        layer.Weights.Read()[10, 0] = float.NaN;
        var expected = layer.Weights.Read().Copy();
        var (output, error, input) = (new Matrix(1, 260), Some.Matrix(1, 260, 5), Sparse(1, MatrixOrder.RowMajor));
        for (var step = 0; step < steps; step++)
        {
            layer.Forward(input, output);
            gradients[layer.Weights].SetMeanOuterProduct(error, input);
            optimizer.Step(gradients, 1e-3f);
            for (var unit = 0; unit < 260; unit++)
            {
                for (var i = 0; i < Border; i++)
                {
                    expected[unit, i] *= 1 - Decay;
                }
            }
        }

        var weights = layer.Weights.Read();
        for (var unit = 0; unit < 260; unit++)
        {
            for (var i = 0; i < Border; i++)
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(expected[unit, i]), BitConverter.SingleToInt32Bits(weights[unit, i]));
            }
        }
    }

    [Fact]
    public void OwingAndSettlingAllocateNothing()
    {
        using var compute = new Compute(2);
        var layer = Layer(compute);
        var (gradients, optimizer) = (new Gradients([layer.Weights], compute), new Sgd([layer.Weights], weightDecay: 1e-4f, decayMode: WeightDecayMode.PerStep));
        var (output, error) = (new Matrix(1, 260), Some.Matrix(1, 260, 5));
        Matrix[] inputs = [Sparse(1, MatrixOrder.RowMajor), Sparse(2, MatrixOrder.RowMajor), Sparse(3, MatrixOrder.RowMajor)];
        var (marks, rows) = (new AllocationMarks(), 0);
        do
        {
            for (var step = 0; step < 60; step++)
            {
                var input = inputs[step % inputs.Length];
                layer.Forward(input, output);
                gradients[layer.Weights].SetMeanOuterProduct(error, input);
                optimizer.Step(gradients, 1e-3f);
                rows += step % 20 == 0 ? layer.Weights.Read().Rows : 0;
            }
        }
        while (marks.Set());
        Assert.Equal(0, marks.LeastBetweenTwo);
        Assert.True(rows > 0);
    }

    /// <summary>The weights at the end, and what was seen on the way.</summary>
    private static List<Matrix> Train(
        Looks looks, WeightDecayMode mode, bool freeze, bool backpropagates, int threads, MatrixOrder order,
        Func<IReadOnlyList<Parameter>, ParameterGroup[]>? grouping = null)
    {
        grouping ??= parameters => [new(parameters) { WeightDecay = 1e-3f }];
        using var compute = new Compute(threads);
        var network = Network.Mlp("300-260-130-3", seed: 3, new() { Hidden = Activation.Relu }, compute);
        var rule = RuleCatalog.Standard.Get(backpropagates ? "backpropagation" : "feedback-alignment")
            .Create(Some.Setup(network, Loss.SquaredError, 1, 3));
        var all = new Sgd(grouping(rule.LearnedParameters), decayMode: mode);
        var withoutFirst = new Sgd(grouping([.. rule.LearnedParameters.Skip(2)]), decayMode: mode);
        var (gradients, seen) = (new Gradients(rule.LearnedParameters, compute), new List<Matrix>());
        var batches = Enumerable.Range(0, 37).Select(i => new Batch(Sparse((ulong)i, order), Some.Matrix(1, 3, 100 + (ulong)i))).ToArray();
        var many = Some.Matrix(3, Inputs, 9);
        var steps = looks == Looks.Never ? ManySteps : Steps;
        for (var step = 0; step < steps; step++)
        {
            rule.EstimateGradients(batches[step % batches.Length], gradients);
            var optimizer = freeze && step is >= FirstFrozen and < FirstThawed ? withoutFirst : all;

            // The rate is steady for long, changes at every step, is steady again, and leaves nothing of the decay at last.
            var rate = (steps - step) switch { <= 30 => 1e-6f, _ when step is >= 200 and < 250 => 0.02f - 1e-4f * (step - 200), _ => 0.02f };
            optimizer.Step(gradients, rate);
            var isTime = step % 47 == 41;
            switch (looks)
            {
                case Looks.AtValues when isTime:
                    seen.AddRange(Some.Copies(network.Parameters));
                    break;
                case Looks.AtManyExamples when isTime:
                    seen.Add(network.Predict(many).Copy());
                    break;
                case Looks.AtOneExample when isTime:
                    seen.Add(network.Predict(batches[step % 5].Inputs).Copy());
                    seen.Add(network.Predict(batches[step % 7].Inputs).Copy());
                    break;
                case Looks.AtTwoSteps when isTime:
                    optimizer.Step(gradients, rate);
                    break;
                case Looks.Always:
                    Assert.All(network.Parameters, parameter => Assert.True(float.IsFinite(parameter.Read()[0, 0])));
                    break;
            }
        }

        seen.AddRange(Some.Copies(network.Parameters));
        return seen;
    }

    private static WeightedLayer Layer(Compute compute)
    {
        var layer = WeightedLayer.Dense("layer", Inputs, 260, Activation.Linear, bias: false, compute);
        layer.Weights.Draw(WeightDistribution.Uniform(0.3), new RandomStreams(1).Stream("weights"));
        return layer;
    }

    /// <summary>The first inputs are always 0, as the border of a picture is; of the others one in five is not.</summary>
    private static Matrix Sparse(ulong example, MatrixOrder order)
    {
        var input = new Matrix(1, Inputs, order);
        var random = new RandomStreams(example).Stream("pixels");
        for (var i = 0; i < input.Columns; i++)
        {
            var pixel = Math.Max(0, random.NextUniform(-4, 1));
            input[0, i] = i >= Border ? pixel : i % 2 == 0 ? 0f : -0f;
        }

        return input;
    }
}
