using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Tests.Reference;

namespace FeedbackAlignment.Tests.Optimizers;

public sealed class OptimizerTests
{
    private const int Rows = 3, Columns = 19, Steps = 20;

    public static TheoryData<string, float, WeightDecayMode> Cases()
    {
        var cases = new TheoryData<string, float, WeightDecayMode>();
        foreach (var name in EveryOptimizer.All)
        {
            cases.Add(name, 0, WeightDecayMode.TimesLearningRate);
            cases.Add(name, 0.1f, WeightDecayMode.TimesLearningRate);
            cases.Add(name, 0.1f, WeightDecayMode.PerStep);
            cases.Add(name, 0.1f, WeightDecayMode.Coupled);
        }

        return cases;
    }

    public static TheoryData<string> Names() => [.. EveryOptimizer.All];

    /// <summary>Against the formulas of the papers, in double.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryWeightMovesByTheFormulaOfThePaper(string name, float decay, WeightDecayMode mode)
    {
        foreach (var kind in Enum.GetValues<ParameterKind>())
        {
            var parameter = new Parameter("p", kind, Some.Matrix(Rows, Columns, 1, MatrixOrder.ColumnMajor));
            var weight = new Weight("p", kind == ParameterKind.Weights, Table.Of(parameter.Read()));
            var plain = new PlainOptimizer(EveryOptimizer.Numbers(name, decay, mode));
            var gradients = new Gradients([parameter], new Compute());
            var optimizer = EveryOptimizer.Create(name, [parameter], decay, mode);
            for (var step = 0; step < Steps; step++)
            {
                var rate = 0.05f / (step + 1);
                var gradient = Some.Matrix(Rows, Columns, (ulong)(100 + step));
                gradients[parameter].Write().CopyFrom(gradient);
                optimizer.Step(gradients, rate);
                weight.Gradient = Table.Of(gradient);
                plain.Step([weight], rate);
                Some.ForEach(parameter.Read(), (row, column)
                    => Assert.Equal(weight.Values[row, column], parameter.Read()[row, column], 3e-6));
            }
        }
    }

    /// <summary>What it remembers is all that an optimizer needs to go on to the same bits.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void AnotherOptimizerGoesOnFromWhatItRemembers(string name)
    {
        var whole = new Parameter("p", ParameterKind.Weights, Some.Matrix(Rows, Columns, 1));
        var (first, gradients) = (EveryOptimizer.Create(name, [whole], 0.1f), new Gradients([whole], new Compute()));
        Step(first, whole, gradients, 0, 7);
        var taken = new Parameter("p", ParameterKind.Weights, whole.Read().Copy());
        var second = EveryOptimizer.Create(name, [taken], 0.1f);
        second.Restore(first.Steps, (memory, _) => first.Memory.Single(own => own.Name == memory).Values[0].Copy());
        Step(first, whole, gradients, 7, 12);
        Step(second, taken, new Gradients([taken], new Compute()), 7, 12);
        Assert.Equal(12, second.Steps);
        Some.AssertSameBits(whole.Read(), taken.Read());
        if (first.Memory.Count > 0)
        {
            Assert.Throws<ArgumentException>(() => second.Restore(1, (_, _) => new Matrix(1, 1)));
        }

        static void Step(Optimizer optimizer, Parameter parameter, Gradients gradients, int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                gradients[parameter].Write().CopyFrom(Some.Matrix(Rows, Columns, (ulong)(100 + step)));
                optimizer.Step(gradients, 0.05f);
            }
        }
    }

    [Fact]
    public void BiasesDoNotDecay()
    {
        foreach (var name in EveryOptimizer.All)
        {
            var weights = new Parameter("w", ParameterKind.Weights, Some.Matrix(4, 3, 1));
            var biases = new Parameter("b", ParameterKind.Biases, Some.Matrix(1, 4, 2));
            var (weightsBefore, biasesBefore) = (weights.Read().Copy(), biases.Read().Copy());
            var gradients = new Gradients([weights, biases], new Compute());
            gradients[weights].Write().Fill(0);
            gradients[biases].Write().Fill(0);
            EveryOptimizer.Create(name, [weights, biases], 0.25f, WeightDecayMode.PerStep).Step(gradients, 0.1f);
            Some.AssertSameBits(biasesBefore, biases.Read());
            Assert.Equal(0.75f * weightsBefore[2, 1], weights.Read()[2, 1]);
        }
    }

    /// <summary>Neither the weights nor the optimizer's memory of them, its count of steps included.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void AnAbsentGradientLeavesParameterAndStateAlone(string name)
    {
        var (with, without) = (Make(), Make());
        Matrix[] Both() => [with.Weights.Read(), without.Weights.Read()];
        foreach (var (parameters, pauses) in (((Parameter Weights, Parameter Other), int)[])[(with, 3), (without, 0)])
        {
            var gradients = new Gradients([parameters.Weights, parameters.Other], new Compute());
            var optimizer = EveryOptimizer.Create(name, [parameters.Weights, parameters.Other], 0.01f);
            Step(1);
            for (var pause = 0; pause < pauses; pause++)
            {
                var before = parameters.Weights.Read().Copy();
                gradients.Clear();
                gradients[parameters.Other].Write().Fill(1);
                optimizer.Step(gradients, 0.1f);
                Some.AssertSameBits(before, parameters.Weights.Read());
            }

            Step(2);
            Step(3);

            void Step(ulong seed)
            {
                gradients[parameters.Weights].Write().CopyFrom(Some.Matrix(4, 3, seed));
                gradients[parameters.Other].Write().Fill(1);
                optimizer.Step(gradients, 0.1f);
            }
        }

        Some.AssertSameBits(Both()[1], Both()[0]);

        static (Parameter Weights, Parameter Other) Make()
            => (new("w", ParameterKind.Weights, Some.Matrix(4, 3, 9)), new("o", ParameterKind.Weights, Some.Matrix(2, 2, 8)));
    }

    /// <summary>A gradient that is followed at once takes λw off a weight: formed or not, put off or not.</summary>
    [Theory]
    [InlineData("sgd", 1)]
    [InlineData("sgd", 7)]
    [InlineData("compensated", 1)]
    [InlineData("compensated", 7)]
    public void WithoutMomentumCoupledDecayIsTheDecoupledOneToTheBit(string name, int examples)
    {
        Matrix Moved(WeightDecayMode mode)
        {
            var parameter = new Parameter("w", ParameterKind.Weights, Some.Matrix(5, 6, 1, MatrixOrder.ColumnMajor));
            var gradients = new Gradients([parameter], new Compute());
            var optimizer = EveryOptimizer.Create(name, [parameter], 0.3f, mode);
            for (var step = 0; step < 5; step++)
            {
                gradients[parameter].SetMeanOuterProduct(Some.Matrix(examples, 5, (ulong)step), Some.Matrix(examples, 6, 3));
                optimizer.Step(gradients, 0.1f);
            }

            return parameter.Read();
        }

        Some.AssertSameBits(Moved(WeightDecayMode.TimesLearningRate), Moved(WeightDecayMode.Coupled));
        Assert.False(Some.SameBits(Moved(WeightDecayMode.PerStep), Moved(WeightDecayMode.Coupled)));
    }

    /// <summary>The same step again is the same step: λw is not left in the gradient.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void CoupledDecayLeavesTheGradientAsItIs(string name)
    {
        var parameter = new Parameter("w", ParameterKind.Weights, Some.Matrix(5, 6, 1, MatrixOrder.ColumnMajor));
        var gradients = new Gradients([parameter], new Compute());
        gradients[parameter].SetMeanOuterProduct(Some.Matrix(7, 5, 2), Some.Matrix(7, 6, 3));
        var before = gradients[parameter].Values.Copy();
        EveryOptimizer.Create(name, [parameter], 0.3f, WeightDecayMode.Coupled).Step(gradients, 0.1f);
        Some.AssertSameBits(before, gradients[parameter].Values);
    }

    [Theory]
    [InlineData("sign")]
    [InlineData("sign-nesterov")]
    public void ASignOfNothingIsNothingAndOfNoNumberNone(string name)
    {
        var parameter = new Parameter("w", ParameterKind.Weights, Matrix.From(new[,] { { 2f, 2f, 2f, 2f, 2f } }));
        var gradients = new Gradients([parameter], new Compute());
        gradients[parameter].Write().CopyFrom(Matrix.From(new[,] { { 0, float.NaN, 1e-44f, float.NegativeInfinity, -0f } }));
        EveryOptimizer.Create(name, [parameter]).Step(gradients, 0.5f);
        var step = name == "sign" ? 0.5f : 0.5f * 1.9f;
        Assert.Equal([2, float.NaN, 2 - step, 2 + step, 2], parameter.Read().Row(0).ToArray());
    }

    [Fact]
    public void CoupledDecayIsRefusedWhereTheNameStandsForTheOther()
    {
        var setup = new OptimizerSetup([]) { DecayMode = WeightDecayMode.Coupled };
        Assert.StartsWith(
            "adamw does not add weight decay to the gradient; choose another meaning of the decay, or another optimizer, e.g. sgd",
            Assert.Throws<ArgumentException>(() => OptimizerEntry.Standard.Get("adamw").Create(setup)).Message, StringComparison.Ordinal);
        Assert.Equal(["adamw"], OptimizerEntry.Standard.Entries
            .Where(entry => entry.CoupledDecay(setup) == CoupledDecaySupport.Refused).Select(entry => entry.Id));
        Assert.Equal(["rmsprop", "adam"], OptimizerEntry.Standard.Entries
            .Where(entry => entry.CoupledDecay(setup) == CoupledDecaySupport.Nonlinear).Select(entry => entry.Id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void HavingLookedAtAGradientChangesNoBitOfAStep(int examples)
    {
        foreach (var name in EveryOptimizer.All)
        {
            var moved = ((bool[])[false, true]).Select(look =>
            {
                var parameter = new Parameter("w", ParameterKind.Weights, Some.Matrix(5, 6, 1, MatrixOrder.ColumnMajor));
                var gradients = new Gradients([parameter], new Compute());
                gradients[parameter].SetMeanOuterProduct(Some.Matrix(examples, 5, 2), Some.Matrix(examples, 6, 3));
                _ = look ? gradients[parameter].Values : default;
                EveryOptimizer.Create(name, [parameter]).Step(gradients, 0.1f);
                return parameter.Read();
            }).ToArray();
            Some.AssertSameBits(moved[0], moved[1]);
        }
    }

    [Fact]
    public void AGradientAddedWithoutBeingFormedIsTheSameGradient()
    {
        var parameter = new Parameter("w", ParameterKind.Weights, Some.Matrix(5, 6, 1, MatrixOrder.ColumnMajor));
        var gradients = new Gradients([parameter], new Compute());
        gradients[parameter].SetMeanOuterProduct(Some.Matrix(7, 5, 2), Some.Matrix(7, 6, 3));
        var target = new Matrix(5, 6, MatrixOrder.ColumnMajor);
        gradients[parameter].AddTo(target, -2);
        for (var row = 0; row < 5; row++)
        {
            for (var column = 0; column < 6; column++)
            {
                Assert.Equal(-2 * gradients[parameter].Values[row, column], target[row, column], 1e-6);
            }
        }

        Assert.Throws<ArgumentException>(() => gradients[parameter].AddTo(new Matrix(5, 6), 1));
        Assert.Throws<ArgumentException>(() => gradients[parameter].AddTo(new Matrix(6, 5, MatrixOrder.ColumnMajor), 1));
    }

    [Fact]
    public void NumbersOutOfRangeAreRefused()
    {
        Parameter[] parameters = [new("w", ParameterKind.Weights, new Matrix(1, 1))];
        foreach (var bad in (float[])[-0.1f, 1, float.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(parameters, momentum: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new SignSgd(parameters, momentum: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp(parameters, rho: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(parameters, beta1: bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(parameters, beta2: bad));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(parameters, epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp(parameters, epsilon: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(parameters, weightDecay: -1));
        Assert.Throws<ArgumentException>(() => new Sgd(parameters, momentum: 0, nesterov: true));
        Assert.Throws<ArgumentException>(() => new SignSgd(parameters, momentum: 0, nesterov: true));
    }
}
