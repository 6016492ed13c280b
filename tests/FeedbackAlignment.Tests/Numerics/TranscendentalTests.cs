using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class TranscendentalTests
{
    private static readonly float[] _numbers = [.. Enumerable.Range(-4000, 8001).Select(i => i / 64f), 1e-30f, -1e-30f, 1e-8f, -1e-8f, 0.6249f, 0.625f, -0.625f, 1000, -1000];

    [Fact]
    public void LogisticIsWithinTwoUlpsOfTheTruth() => AssertClose(default(TakeLogistic), x => 1 / (1 + Math.Exp(-Math.Clamp(x, -88, 87.3))), 4);

    [Fact]
    public void TanhIsWithinTwoUlpsOfTheTruth() => AssertClose(default(TakeTanh), Math.Tanh, 3);

    [Fact]
    public void ExpIsWithinTwoUlpsOfTheTruthInItsRange() => AssertClose(new ExpShifted(0), x => Math.Exp(Math.Clamp(x, -87.3f, 88)), 2);

    [Fact]
    public void LogOnePlusIsWithinTwoUlpsOfTheTruth()
    {
        var worst = 0.0;
        for (var i = 0; i <= 1 << 20; i++)
        {
            var u = i / (float)(1 << 20);
            worst = Math.Max(worst, Ulps(Transcendental.LogOnePlus(Lanes128<Fused>.Broadcast(u)), LogOnePlus(u)));
        }

        Assert.InRange(worst, 0.5, 2);

        // ln(1 + u) for small u, where 1 + u loses digits.
        static double LogOnePlus(double u) => u < 1e-4 ? u - u * u / 2 + u * u * u / 3 : Math.Log(1 + u);
    }

    /// <summary>The error that the summary of <see cref="Activation.Gelu"/> states, as it is measured.</summary>
    [Fact]
    public void TheNormalDistributionIsRightToWhatItsSummarySays()
    {
        var (worst, worstBell) = (0.0, 0.0);
        for (var i = -(20 << 14); i <= 20 << 14; i++)
        {
            var x = i / (float)(1 << 14);
            var found = First(Transcendental.Normal(Lanes128<Fused>.Broadcast(x), out var bell));
            worst = Math.Max(worst, Math.Abs(found - Normal(x)));
            worstBell = Math.Max(worstBell, Math.Abs(First(bell) - Math.Exp(-0.5 * x * x)));
        }

        Assert.InRange(worst, 0.5e-7, 1.9e-7);
        Assert.InRange(worstBell, 0.5e-7, 1.5e-7);
    }

    /// <summary>The left tail keeps its digits, as 1 + erf does not: GELU of −5 is not 0.</summary>
    [Fact]
    public void TheNormalDistributionKeepsItsTail()
    {
        for (var x = -12f; x < 0; x += 1 / 128f)
        {
            Assert.InRange(First(Transcendental.Normal(Lanes128<Fused>.Broadcast(x), out _)) / Normal(x), 1 - 1e-5, 1 + 1e-5);
        }

        Assert.Equal(1, First(Transcendental.Normal(Lanes128<Fused>.Broadcast(float.MaxValue), out _)));
        Assert.InRange(First(Transcendental.Normal(Lanes128<Fused>.Broadcast(float.MinValue), out _)), 0, 1e-40f);
    }

    /// <summary>Far from 0 the functions have no wrong number either.</summary>
    [Theory]
    [InlineData("softplus")]
    [InlineData("silu")]
    [InlineData("gelu")]
    public void FarFromZeroFunctionsAndSlopesAreThoseOfTheRectifier(string id)
    {
        foreach (var z in (float[])[-1e38f, -1e9f, -1000, -120, 120, 1000, 1e9f, 1e38f])
        {
            var (input, output, error) = (Matrix.FromRow([z]), Matrix.FromRow([z]), Matrix.FromRow([1f]));
            Activation.FromId(id).Apply(output);
            Activation.FromId(id).MultiplyByDerivative(error, input, output);
            Assert.Equal(Math.Max(z, 0), output[0, 0], 1e-30f);
            Assert.Equal(z > 0 ? 1 : 0, error[0, 0], 1e-30f);
        }
    }

    [Fact]
    public void NotANumberStaysOneInEveryActivation()
    {
        foreach (var activation in Activation.Standard.Entries)
        {
            var (input, output, error) = (Matrix.FromRow([float.NaN]), Matrix.FromRow([float.NaN]), Matrix.FromRow([1f]));
            activation.Apply(output);
            Assert.True(float.IsNaN(output[0, 0]), activation.Id);
            if (activation != Activation.Linear && activation != Activation.LeakyRelu && activation != Activation.Relu)
            {
                activation.MultiplyByDerivative(error, input, output);
                Assert.True(float.IsNaN(error[0, 0]), activation.Id);
            }
        }
    }

    [Fact]
    public void NotANumberStaysOne()
    {
        var span = new float[16];
        span[3] = float.NaN;
        Elementwise.Map(span, default(TakeTanh));
        Assert.True(float.IsNaN(span[3]));
        Assert.Equal(0, span[2]);
        Elementwise.Map(span, default(TakeLogistic));
        Assert.True(float.IsNaN(span[3]));
    }

    /// <summary>Every lane of every width computes the same chain of IEEE operations as one float by itself.</summary>
    [Fact]
    public void EveryVectorWidthGivesTheSameBits()
    {
        EveryWidth<Fused>();
        EveryWidth<Separate>();
    }

    private static void EveryWidth<TArithmetic>()
        where TArithmetic : struct, IArithmetic
    {
        for (var i = 0; i + 16 <= _numbers.Length; i += 16)
        {
            var numbers = _numbers.AsSpan(i, 16).ToArray();
            var (wide, middle, narrow) = (new float[16], new float[16], new float[16]);
            Apply<Lanes512<TArithmetic>>(numbers, wide);
            Apply<Lanes256<TArithmetic>>(numbers, middle);
            Apply<Lanes128<TArithmetic>>(numbers, narrow);
            Assert.Equal(wide.Select(BitConverter.SingleToInt32Bits), middle.Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(wide.Select(BitConverter.SingleToInt32Bits), narrow.Select(BitConverter.SingleToInt32Bits));
        }
    }

    private static void Apply<T>(float[] numbers, float[] results)
        where T : struct, ILanes<T>
    {
        for (var i = 0; i < 16; i += T.Count)
        {
            var x = T.Load(ref numbers[i]);
            var known = Transcendental.Tanh(x) + Transcendental.Logistic(x) + Transcendental.Exp(T.Min(x, T.Broadcast(3f)));
            var outputs = new LeakyRectify(0.1f).Apply(x) + default(TakeSoftplus).Apply(x)
                + default(TakeSilu).Apply(x) + default(TakeGelu).Apply(x);
            var error = T.Broadcast(0.7f);
            var gates = new GateByLeakyRectifier(0.1f).Apply(error, x) + default(GateBySoftplus).Apply(error, T.Absolute(x))
                + default(GateBySilu).Apply(error, x) + default(GateByGelu).Apply(error, x);
            (known + outputs * T.Broadcast(0.37f) + gates).Store(ref results[i]);
        }
    }

    /// <summary>Marsaglia's series in the middle; in the tails the continued fraction of the complementary function.</summary>
    private static double Normal(double x)
    {
        if (Math.Abs(x) < 3)
        {
            return new Pointwise("gelu").Value(x) is var gelu && x != 0 ? gelu / x : 0.5;
        }

        var fraction = Math.Abs(x);
        for (var k = 300; k > 0; k--)
        {
            fraction = Math.Abs(x) + k / fraction;
        }

        var tail = Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI) / fraction;
        return x < 0 ? tail : 1 - tail;
    }

    private static float First(Lanes128<Fused> lanes)
    {
        var values = new float[4];
        lanes.Store(ref values[0]);
        return values[0];
    }

    private static double Ulps(Lanes128<Fused> found, double truth)
    {
        var size = (float)Math.Abs(truth);
        return Math.Abs(First(found) - truth) / (MathF.BitIncrement(size) - (double)size);
    }

    private static void AssertClose<TMap>(TMap map, Func<double, double> truth, double ulps)
        where TMap : struct, IMap
    {
        var padded = new float[(_numbers.Length + 15) / 16 * 16];
        _numbers.CopyTo(padded, 0);
        Elementwise.Map(padded, map);
        for (var i = 0; i < _numbers.Length; i++)
        {
            var expected = truth(_numbers[i]);
            var ulp = MathF.BitIncrement((float)Math.Abs(expected)) - (double)(float)Math.Abs(expected);
            Assert.True(Math.Abs(padded[i] - expected) <= ulps * ulp, $"at {_numbers[i]:r}: {padded[i]:r}, expected {expected:r}");
        }
    }
}
