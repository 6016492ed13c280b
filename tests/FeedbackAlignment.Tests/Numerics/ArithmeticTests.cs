using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class ArithmeticTests
{
    /// <summary>(1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴: a float has no place for the last digit, all that is left beside −(1 + 2⁻¹¹).</summary>
    private const float A = 1 + 1f / 4096, C = -(1 + 1f / 2048), LastDigit = 1f / (1 << 24);

    [Fact]
    public void FusedRoundsOnceAndSeparateTwice()
    {
        Assert.Equal(LastDigit, Fused.MultiplyAdd(A, A, C));
        Assert.Equal(0, Separate.MultiplyAdd(A, A, C));
        Widths<Fused>(LastDigit);
        Widths<Separate>(0);
    }

    [Fact]
    public void TheProcessHasTheArithmeticThatItsSwitchSays()
    {
        var wanted = Environment.GetEnvironmentVariable("FA_ARITHMETIC") ?? "fused";
        Assert.Equal(wanted, Compute.Arithmetic.ToString(), ignoreCase: true);
        using var compute = new Compute();
        var sum = Matrix.From(new[,] { { C } });
        compute.Product(Matrix.From(new[,] { { A } }), Matrix.From(new[,] { { A } }), sum, accumulate: true);
        Assert.Equal(wanted == "fused" ? LastDigit : 0, sum[0, 0]);
    }

    /// <summary>It is fixed before the first number is computed, so that no process computes with both.</summary>
    [Fact]
    public void TheSwitchIsReadOnce()
    {
        var before = Compute.Arithmetic;
        AppContext.TryGetSwitch(Compute.SeparateArithmeticSwitch, out var was);
        AppContext.SetSwitch(Compute.SeparateArithmeticSwitch, before == Arithmetic.Fused);
        Assert.Equal(before, Compute.Arithmetic);
        AppContext.SetSwitch(Compute.SeparateArithmeticSwitch, was);
    }

    private static void Widths<TArithmetic>(float expected)
        where TArithmetic : struct, IArithmetic
    {
        Every<Lanes512<TArithmetic>>(expected);
        Every<Lanes256<TArithmetic>>(expected);
        Every<Lanes128<TArithmetic>>(expected);
    }

    private static void Every<T>(float expected)
        where T : struct, ILanes<T>
    {
        float[] results = new float[T.Count], sums = new float[T.Count];
        T.MultiplyAdd(T.Broadcast(A), T.Broadcast(A), T.Broadcast(C)).Store(ref results[0]);
        var sum = T.Broadcast(C);
        T.AddProduct(ref sum, T.Broadcast(A), T.Broadcast(A));
        sum.Store(ref sums[0]);
        Assert.All([.. results, .. sums], result => Assert.Equal(expected, result));
    }
}
