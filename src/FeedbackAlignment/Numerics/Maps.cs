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
