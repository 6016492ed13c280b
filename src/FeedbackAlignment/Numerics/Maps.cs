using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>x ← max(x, 0).</summary>
internal readonly struct Rectify : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T> => T.Max(x, T.Broadcast(0f));
}

/// <summary>x ← 1 ∕ (1 + e^−x).</summary>
internal readonly struct TakeLogistic : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T> => Transcendental.Logistic(x);
}

/// <summary>x ← tanh x.</summary>
internal readonly struct TakeTanh : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T> => Transcendental.Tanh(x);
}

/// <summary>x ← x where x ≥ 0, else slope · x.</summary>
internal readonly struct LeakyRectify(float slope) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T> => T.WhereLess(x, T.Broadcast(0f), x * T.Broadcast(slope), x);
}

/// <summary>x ← ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|).</summary>
internal readonly struct TakeSoftplus : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T>
        => T.Max(x, T.Broadcast(0f)) + Transcendental.LogOnePlus(Transcendental.Exp(T.Broadcast(0f) - T.Absolute(x)));
}

/// <summary>x ← x ∕ (1 + e^−x).</summary>
internal readonly struct TakeSilu : IMap
{
    /// <summary>Below −100 the result is as good as 0, but the logistic function stays above 0 while x does not stop.</summary>
    public const float Far = 100;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T> => T.Max(x, T.Broadcast(-Far)) * Transcendental.Logistic(x);
}

/// <summary>x ← x · Φ(x), Φ(x) = ½ (1 + erf(x ∕ √2)).</summary>
internal readonly struct TakeGelu : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T> => x * Transcendental.Normal(x, out _);
}

/// <summary>x ← map(y), whatever x was.</summary>
internal readonly struct TakeOf<TMap>(TMap map) : IMap2
    where TMap : struct, IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : struct, ILanes<T> => map.Apply(y);
}

/// <summary>x ← e^(x − shift).</summary>
internal readonly struct ExpShifted(float shift) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T> => Transcendental.Exp(x - T.Broadcast(shift));
}

/// <summary>x ← x · factor.</summary>
internal readonly struct Scale(float factor) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T> => x * T.Broadcast(factor);
}

/// <summary>x ← (x − origin) · factor.</summary>
internal readonly struct ScaleFrom(float origin, float factor) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T> => (x - T.Broadcast(origin)) * T.Broadcast(factor);
}

/// <summary>x ← x · factor + y.</summary>
internal readonly struct ScaleAndAdd(float factor) : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : struct, ILanes<T> => T.MultiplyAdd(x, T.Broadcast(factor), y);
}

/// <summary>x ← factor · y.</summary>
internal readonly struct TakeScaled(float factor) : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : struct, ILanes<T> => y * T.Broadcast(factor);
}

/// <summary>x ← x + factor · y.</summary>
internal readonly struct AddScaled(float factor) : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : struct, ILanes<T> => T.MultiplyAdd(y, T.Broadcast(factor), x);
}

/// <summary>x ← x · y.</summary>
internal readonly struct Times : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : struct, ILanes<T> => x * y;
}

/// <summary>
/// x ← (1 − share) · x + share · y: one step of a leaky integrator, share = 1 ∕ time constant. With a share of 1 it is y, to the bit.
/// </summary>
internal readonly struct Leak(float share) : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : struct, ILanes<T> => T.MultiplyAdd(x, T.Broadcast(1 - share), y * T.Broadcast(share));
}

/// <summary>
/// The same for x, y ≥ 0, but what falls below 2⁻¹² becomes 0: products skip it, and it never gets so small that it slows the processor.
/// </summary>
internal readonly struct LeakOrForget(float share) : IMap2
{
    private const float Least = 1f / (1 << 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y)
        where T : struct, ILanes<T>
    {
        var left = new Leak(share).Apply(x, y);
        return T.WhereLess(left, T.Broadcast(Least), T.Broadcast(0f), left);
    }
}

/// <summary>error ← error where the output was &gt; 0, else 0: the derivative of the rectifier.</summary>
internal readonly struct GateByRectifier : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T error, T output)
        where T : struct, ILanes<T> => T.WhereLess(T.Broadcast(0f), output, error, T.Broadcast(0f));
}

/// <summary>weight ← weight where there is a connection, else +0, whatever it was.</summary>
internal readonly struct KeepConnected : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T weight, T connection)
        where T : struct, ILanes<T> => T.WhereLess(T.Broadcast(0f), connection, weight, T.Broadcast(0f));
}

/// <summary>magnitude ← |magnitude| with the sign of the weight; +0 where the weight is 0 or no number.</summary>
internal readonly struct CarrySign : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T magnitude, T weight)
        where T : struct, ILanes<T>
    {
        var (zero, size) = (T.Broadcast(0f), T.Absolute(magnitude));
        return T.WhereLess(zero, weight, size, T.WhereLess(weight, zero, zero - size, zero));
    }
}

/// <summary>error ← error · h(1 − h): the derivative of the logistic function at output h.</summary>
internal readonly struct GateByLogistic : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T error, T output)
        where T : struct, ILanes<T> => error * (output * (T.Broadcast(1f) - output));
}

/// <summary>error ← error · (1 − h²): the derivative of tanh at output h.</summary>
internal readonly struct GateByTanh : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T error, T output)
        where T : struct, ILanes<T> => error * (T.Broadcast(1f) - output * output);
}

/// <summary>error ← error where the output was &gt; 0, else slope · error: the derivative of the leaky rectifier.</summary>
internal readonly struct GateByLeakyRectifier(float slope) : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T error, T output)
        where T : struct, ILanes<T> => T.WhereLess(T.Broadcast(0f), output, error, error * T.Broadcast(slope));
}

/// <summary>
/// error ← error · (1 − e^−h): the derivative of softplus at output h, as 2t ∕ (1 + t) with t = tanh(h ∕ 2), which loses no digits near 0.
/// </summary>
internal readonly struct GateBySoftplus : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T error, T output)
        where T : struct, ILanes<T>
    {
        var t = Transcendental.Tanh(output * T.Broadcast(0.5f));
        return error * ((t + t) / (T.Broadcast(1f) + t));
    }
}

/// <summary>error ← error · s(1 + z(1 − s)), s = 1 ∕ (1 + e^−z): the derivative of SiLU at input z.</summary>
internal readonly struct GateBySilu : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T error, T input)
        where T : struct, ILanes<T>
    {
        // 1 − s as e^−z · s: it loses no digits where s is near 1.
        var z = T.Min(T.Max(input, T.Broadcast(-TakeSilu.Far)), T.Broadcast(TakeSilu.Far));
        var fall = Transcendental.Exp(T.Broadcast(0f) - z);
        var share = T.Broadcast(1f) / (T.Broadcast(1f) + fall);
        return error * (share * T.MultiplyAdd(z, fall * share, T.Broadcast(1f)));
    }
}

/// <summary>error ← error · (Φ(z) + z e^(−z² ∕ 2) ∕ √(2π)): the derivative of GELU at input z.</summary>
internal readonly struct GateByGelu : IMap2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T error, T input)
        where T : struct, ILanes<T>
    {
        // Beyond ±20 the bell is as good as 0, but stays above it while z does not stop.
        var z = T.Min(T.Max(input, T.Broadcast(-20f)), T.Broadcast(20f));
        var below = Transcendental.Normal(input, out var bell);
        return error * T.MultiplyAdd(z, bell * T.Broadcast(0.398942280f), below);
    }
}

/// <summary>x ← −1, 0 or 1: the sign of x, of a zero 0.</summary>
internal readonly struct TakeSign : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x)
        where T : struct, ILanes<T>
    {
        var zero = T.Broadcast(0f);
        return T.WhereLess(x, zero, T.Broadcast(-1f), T.WhereLess(zero, x, T.Broadcast(1f), zero));
    }
}
