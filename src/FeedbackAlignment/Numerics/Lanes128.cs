using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace FeedbackAlignment.Numerics;

/// <summary>4 floats in 128 bits.</summary>
/// <typeparam name="TArithmetic">How products are added.</typeparam>
internal readonly struct Lanes128<TArithmetic>(Vector128<float> value) : ILanes<Lanes128<TArithmetic>>
    where TArithmetic : struct, IArithmetic
{
    private readonly Vector128<float> _value = value;

    public static int Count => Vector128<float>.Count;

    public static int Registers => AdvSimd.IsSupported ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> Load(ref float source) => new(Vector128.LoadUnsafe(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> BroadcastPair(ref float first)
        => new(Vector128.Create(Unsafe.ReadUnaligned<double>(ref Unsafe.As<float, byte>(ref first))).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> MultiplyAdd(Lanes128<TArithmetic> a, Lanes128<TArithmetic> b, Lanes128<TArithmetic> c)
        => new(TArithmetic.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Lanes128<TArithmetic> sum, Lanes128<TArithmetic> a, Lanes128<TArithmetic> b)
        => Unsafe.AsRef(in sum._value) = TArithmetic.MultiplyAdd(a._value, b._value, sum._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> operator +(Lanes128<TArithmetic> a, Lanes128<TArithmetic> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> operator -(Lanes128<TArithmetic> a, Lanes128<TArithmetic> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> operator *(Lanes128<TArithmetic> a, Lanes128<TArithmetic> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> operator /(Lanes128<TArithmetic> a, Lanes128<TArithmetic> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> SquareRoot(Lanes128<TArithmetic> a) => new(Vector128.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> Absolute(Lanes128<TArithmetic> a) => new(Vector128.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> Min(Lanes128<TArithmetic> a, Lanes128<TArithmetic> b) => new(Vector128.Min(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> Max(Lanes128<TArithmetic> a, Lanes128<TArithmetic> b) => new(Vector128.Max(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> Round(Lanes128<TArithmetic> a) => new(Vector128.Round(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> PowerOfTwo(Lanes128<TArithmetic> a)
        => new(Vector128.ShiftLeft(Vector128.ConvertToInt32(a._value) + Vector128.Create(127), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TArithmetic> WhereLess(
        Lanes128<TArithmetic> a, Lanes128<TArithmetic> b, Lanes128<TArithmetic> then, Lanes128<TArithmetic> otherwise)
        => new(Vector128.ConditionalSelect(Vector128.LessThan(a._value, b._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target) => _value.StoreUnsafe(ref target);
}
