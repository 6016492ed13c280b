using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>16 floats in 512 bits.</summary>
/// <typeparam name="TArithmetic">How products are added.</typeparam>
internal readonly struct Lanes512<TArithmetic>(Vector512<float> value) : ILanes<Lanes512<TArithmetic>>
    where TArithmetic : struct, IArithmetic
{
    private readonly Vector512<float> _value = value;

    public static int Count => Vector512<float>.Count;

    public static int Registers => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> Load(ref float source) => new(Vector512.LoadUnsafe(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> BroadcastPair(ref float first)
        => new(Vector512.Create(Unsafe.ReadUnaligned<double>(ref Unsafe.As<float, byte>(ref first))).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> MultiplyAdd(Lanes512<TArithmetic> a, Lanes512<TArithmetic> b, Lanes512<TArithmetic> c)
        => new(TArithmetic.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Lanes512<TArithmetic> sum, Lanes512<TArithmetic> a, Lanes512<TArithmetic> b)
        => Unsafe.AsRef(in sum._value) = TArithmetic.MultiplyAdd(a._value, b._value, sum._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> operator +(Lanes512<TArithmetic> a, Lanes512<TArithmetic> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> operator -(Lanes512<TArithmetic> a, Lanes512<TArithmetic> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> operator *(Lanes512<TArithmetic> a, Lanes512<TArithmetic> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> operator /(Lanes512<TArithmetic> a, Lanes512<TArithmetic> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> SquareRoot(Lanes512<TArithmetic> a) => new(Vector512.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> Absolute(Lanes512<TArithmetic> a) => new(Vector512.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> Min(Lanes512<TArithmetic> a, Lanes512<TArithmetic> b) => new(Vector512.Min(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> Max(Lanes512<TArithmetic> a, Lanes512<TArithmetic> b) => new(Vector512.Max(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> Round(Lanes512<TArithmetic> a) => new(Vector512.Round(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> PowerOfTwo(Lanes512<TArithmetic> a)
        => new(Vector512.ShiftLeft(Vector512.ConvertToInt32(a._value) + Vector512.Create(127), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TArithmetic> WhereLess(
        Lanes512<TArithmetic> a, Lanes512<TArithmetic> b, Lanes512<TArithmetic> then, Lanes512<TArithmetic> otherwise)
        => new(Vector512.ConditionalSelect(Vector512.LessThan(a._value, b._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target) => _value.StoreUnsafe(ref target);
}
