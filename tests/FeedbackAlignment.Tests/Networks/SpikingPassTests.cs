using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Networks;

public sealed class SpikingPassTests
{
    private static readonly SpikingDynamics _dynamics = new() { Steps = 12, TimeConstant = 4, Settle = 3 };

    /// <summary>
    /// Inputs of 0 and 1 fire for certain, so v approaches z = W x + b as (1 − (1 − 1∕τ)ᵗ) z, and the trace of an input that is 1 as that
    /// factor.
    /// </summary>
    [Fact]
    public void UnderConstantInputThePotentialFollowsTheClosedFormOfTheLeakyIntegrator()
    {
        var network = Some.Network("6-4", 1, output: Activation.Linear);
        var input = Certain();
        var z = network.Predict(input);
        var pass = Spiking(network, _dynamics).CreatePass(1);
        for (var step = 1; step <= 30; step++)
        {
            var potentials = pass.Run(input);
            var approach = 1 - Math.Pow(1 - 0.25, step);
            for (var unit = 0; unit < 4; unit++)
            {
                Assert.Equal(approach * z[0, unit], potentials[0, unit], 1e-5);
            }

            for (var i = 0; i < 6; i++)
            {
                Assert.Equal(approach * input[0, i], pass.InputOf(0)[0, i], 1e-5);
            }
        }
    }

    /// <summary>
    /// What a weight learns from is ∂v ∕ ∂w: while no weight moves, v is W times the traces, plus the bias as far as it has come.
    /// </summary>
    [Fact]
    public void ThePotentialIsTheWeightsTimesTheTraces()
    {
        var network = Spiking(Some.Network("6-5-4", 1, Activation.Logistic), _dynamics);
        var input = Probabilities(3, 6);
        var pass = network.CreatePass(3);
        for (var step = 1; step <= 25; step++)
        {
            pass.Run(input);
            var top = network.Layers[1];
            var fromTraces = new Matrix(3, 4);
            network.Compute.Product(pass.InputOf(1), top.Weights.Read().Transposed, fromTraces);
            var approach = 1 - Math.Pow(1 - 0.25, step);
            for (var row = 0; row < 3; row++)
            {
                for (var unit = 0; unit < 4; unit++)
                {
                    Assert.Equal(fromTraces[row, unit] + approach * top.Biases!.Read()[0, unit], pass.Outputs[1][row, unit], 1e-4);
                }
            }
        }
    }

    /// <summary>Without a leak, and where every unit is sure to fire or not to, nothing is left to chance.</summary>
    [Fact]
    public void WithoutLeakAndWithUnitsThatAreSureItIsTheOrdinaryNetworkToTheBit()
    {
        var ordinary = Some.Network("6-5-4", 1, Activation.Logistic);
        foreach (ref var bias in ordinary.Layers[0].Biases!.Read().Row(0))
        {
            bias = bias > 0 ? 80 : -80;
        }

        var input = Certain();
        var spiking = Spiking(ordinary, _dynamics with { TimeConstant = 1 }).CreatePass(1);
        var instant = ordinary.CreatePass(1);
        for (var step = 0; step < 3; step++)
        {
            Some.AssertSameBits(instant.Run(input), spiking.Run(input));
            Some.AssertSameBits(instant.Outputs[0], spiking.Outputs[0]);
            Some.AssertSameBits(instant.InputOf(0), spiking.InputOf(0));
            for (var unit = 0; unit < 5; unit++)
            {
                Assert.Equal(instant.InputOf(1)[0, unit], spiking.InputOf(1)[0, unit], 1e-30);
            }
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.4f)]
    public void InputsAndHiddenUnitsFireAsOftenAsTheirRatesSay(float inputRate)
    {
        const int Lives = 20_000;
        var network = Some.Network("3-2-2", 1, Activation.Logistic);
        var input = Repeated([0.2f, 0.7f, 1f], Lives);
        var pass = Spiking(network, _dynamics with { TimeConstant = 1, InputRate = inputRate }).CreatePass(Lives);
        pass.Run(input);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(input[0, i] * inputRate, MeanOfColumn(pass.InputOf(0), i), 0.02);
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(MeanOfColumn(pass.Outputs[0], i), MeanOfColumn(pass.InputOf(1), i), 0.02);
            Assert.InRange(MeanOfColumn(pass.Outputs[0], i), 0.1, 0.9);
        }

        Assert.All(Enumerable.Range(0, Lives), row => Assert.True(pass.InputOf(1)[row, 0] is 0 or 1));
    }

    /// <summary>On average tanh(g e) ∕ g arrives: the error itself where it is small.</summary>
    [Theory]
    [InlineData(0.5f, 1f)]
    [InlineData(0.2f, 1f)]
    [InlineData(0.5f, 3f)]
    public void ErrorSpikesCarryTheErrorOnAverage(float tonicRate, float gain)
    {
        const int Lives = 200_000;
        float[] errors = [0, 0.05f, -0.05f, 0.4f, -1];
        var carried = Repeated(errors, Lives);
        Spiking(Network.Mlp("2-5", 1), _dynamics with { TonicRate = tonicRate, ErrorGain = gain }).CreatePass(Lives).CarryError(carried);
        var spread = Math.Sqrt((1 - tonicRate) / tonicRate) / gain / Math.Sqrt(Lives);
        for (var unit = 0; unit < errors.Length; unit++)
        {
            Assert.Equal(Math.Tanh(gain * errors[unit]) / gain, MeanOfColumn(carried, unit), 5 * spread);
        }

        Assert.Equal(2, Enumerable.Range(0, Lives).Select(row => carried[row, 0]).Distinct().Count());
    }

    [Fact]
    public void AnOrdinaryNetworkCarriesTheErrorItself()
    {
        var error = Some.Matrix(2, 4, 1);
        var before = error.Copy();
        Some.Network("6-4", 1).CreatePass(2).CarryError(error);
        Some.AssertSameBits(before, error);
    }

    [Fact]
    public void AnAnswerIsTheAverageAfterSettlingOfAPresentationFromRest()
    {
        var network = Some.Network("6-4", 1, output: Activation.Linear);
        var input = Certain();
        var z = network.Predict(input);
        var answer = Spiking(network, _dynamics).Predict(input);
        var share = Enumerable.Range(4, 9).Average(step => 1 - Math.Pow(1 - 0.25, step));
        for (var unit = 0; unit < 4; unit++)
        {
            Assert.Equal(share * z[0, unit], answer[0, unit], 1e-5);
        }
    }

    [Fact]
    public void TheSameExamplesGetTheSameAnswersWhateverWasRunBefore()
    {
        var network = Spiking(Some.Network("6-5-4", 1, Activation.Logistic), _dynamics);
        var input = Probabilities(3, 6);
        var pass = network.CreatePass(5);
        var first = pass.Answer(input).Copy();
        pass.Run(Probabilities(5, 6));
        pass.CarryError(new Matrix(5, 4));
        Some.AssertSameBits(first, pass.Answer(input));
        Some.AssertSameBits(first, network.Predict(input));
    }

    [Fact]
    public void StepsBeforeAnAnswerUseOtherRandomNumbersThanTheAnswer()
    {
        var network = Spiking(Some.Network("6-5-4", 1, Activation.Logistic), _dynamics with { Steps = 1, Settle = 0 });
        var input = Probabilities(1, 6);
        var pass = network.CreatePass(1);
        Assert.False(Some.SameBits(pass.Run(input).Copy(), pass.Answer(input)));
    }

    [Fact]
    public void SeedsHaveSpikesOfTheirOwn()
    {
        var network = Some.Network("6-5-4", 1, Activation.Logistic);
        var input = Probabilities(1, 6);
        Assert.False(Some.SameBits(Spiking(network, _dynamics).Predict(input), Spiking(network, _dynamics with { Seed = 2 }).Predict(input)));
    }

    /// <summary>A trace that is all but forgotten is 0, not ever smaller.</summary>
    [Fact]
    public void TracesOfLongAgoAreZero()
    {
        var pass = Spiking(Some.Network("6-5-4", 1, Activation.Logistic), _dynamics).CreatePass(1);
        pass.Run(Certain());
        for (var step = 0; step < 40; step++)
        {
            pass.Run(new Matrix(1, 6));
        }

        Assert.Equal(0, Reductions.Dot(pass.InputOf(0), pass.InputOf(0)));
    }

    [Fact]
    public void DynamicsThatDoNotFitAreRefusedInOneLine()
    {
        Assert.Contains("hidden1: 6-5 tanh: in a spiking network hidden layers are logistic", Message(Activation.Tanh, null, _dynamics), StringComparison.Ordinal);
        Assert.Contains("the output layer is linear", Message(Activation.Logistic, Activation.Logistic, _dynamics), StringComparison.Ordinal);
        SpikingDynamics[] wrong =
        [
            _dynamics with { Steps = 0 }, _dynamics with { Settle = 12 }, _dynamics with { Settle = -1 }, _dynamics with { TimeConstant = 0.5f },
            _dynamics with { TimeConstant = float.NaN }, _dynamics with { InputRate = 0 }, _dynamics with { InputRate = 1.1f }, _dynamics with { TonicRate = 0.6f },
            _dynamics with { ErrorGain = 0 }, _dynamics with { ErrorGain = float.PositiveInfinity },
        ];
        Assert.All(wrong,
            dynamics => Assert.Throws<ArgumentOutOfRangeException>(() => Network.Mlp("6-4", 1, new() { Dynamics = dynamics })));

        static string Message(Activation hidden, Activation? output, SpikingDynamics dynamics)
            => Assert.Throws<ArgumentException>(()
                => Network.Mlp("6-5-4", 1, new() { Hidden = hidden, Output = output, Dynamics = dynamics })).Message;
    }

    /// <summary>The same layers, with the same weights.</summary>
    private static Network Spiking(Network network, SpikingDynamics dynamics) => new(network.Layers, network.Compute, dynamics);

    /// <summary>Six inputs that fire always or never.</summary>
    private static Matrix Certain() => Matrix.From(new float[,] { { 1, 0, 1, 1, 0, 1 } });

    private static Matrix Probabilities(int rows, int columns)
    {
        var matrix = Some.Matrix(rows, columns, 9);
        Elementwise.Map(matrix, default(TakeLogistic));
        return matrix;
    }

    private static Matrix Repeated(float[] row, int times)
    {
        var matrix = new Matrix(times, row.Length);
        for (var i = 0; i < times; i++)
        {
            row.CopyTo(matrix.Row(i));
        }

        return matrix;
    }

    private static double MeanOfColumn(Matrix matrix, int column) => Enumerable.Range(0, matrix.Rows).Average(row => (double)matrix[row, column]);
}
