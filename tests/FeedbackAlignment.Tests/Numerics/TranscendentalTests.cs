using FeedbackAlignment.Numerics;

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
        for (var i = 0; i + 16 <= _numbers.Length; i += 16)
        {
            var numbers = _numbers.AsSpan(i, 16).ToArray();
            var (wide, middle, narrow) = (new float[16], new float[16], new float[16]);
            Apply<Lanes512>(numbers, wide);
            Apply<Lanes256>(numbers, middle);
            Apply<Lanes128>(numbers, narrow);
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
            (Transcendental.Tanh(x) + Transcendental.Logistic(x) + Transcendental.Exp(T.Min(x, T.Broadcast(3f)))).Store(ref results[i]);
        }
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
