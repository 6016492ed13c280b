using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FeedbackAlignment.Numerics;

/// <summary>8 floats in 256 bits.</summary>
/// <typeparam name="TArithmetic">How products are added.</typeparam>
internal readonly struct Lanes256<TArithmetic>(Vector256<float> value) : ILanes<Lanes256<TArithmetic>>
    where TArithmetic : struct, IArithmetic
{
    private readonly Vector256<float> _value = value;

    public static int Count => Vector256<float>.Count;

    public static int Registers => Avx512F.VL.IsSupported ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> Load(ref float source) => new(Vector256.LoadUnsafe(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> BroadcastPair(ref float first)
        => new(Vector256.Create(Unsafe.ReadUnaligned<double>(ref Unsafe.As<float, byte>(ref first))).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> MultiplyAdd(Lanes256<TArithmetic> a, Lanes256<TArithmetic> b, Lanes256<TArithmetic> c)
        => new(TArithmetic.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Lanes256<TArithmetic> sum, Lanes256<TArithmetic> a, Lanes256<TArithmetic> b)
        => Unsafe.AsRef(in sum._value) = TArithmetic.MultiplyAdd(a._value, b._value, sum._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> operator +(Lanes256<TArithmetic> a, Lanes256<TArithmetic> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> operator -(Lanes256<TArithmetic> a, Lanes256<TArithmetic> b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> operator *(Lanes256<TArithmetic> a, Lanes256<TArithmetic> b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> operator /(Lanes256<TArithmetic> a, Lanes256<TArithmetic> b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> SquareRoot(Lanes256<TArithmetic> a) => new(Vector256.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> Absolute(Lanes256<TArithmetic> a) => new(Vector256.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> Min(Lanes256<TArithmetic> a, Lanes256<TArithmetic> b) => new(Vector256.Min(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> Max(Lanes256<TArithmetic> a, Lanes256<TArithmetic> b) => new(Vector256.Max(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> Round(Lanes256<TArithmetic> a) => new(Vector256.Round(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> PowerOfTwo(Lanes256<TArithmetic> a)
        => new(Vector256.ShiftLeft(Vector256.ConvertToInt32(a._value) + Vector256.Create(127), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TArithmetic> WhereLess(
        Lanes256<TArithmetic> a, Lanes256<TArithmetic> b, Lanes256<TArithmetic> then, Lanes256<TArithmetic> otherwise)
        => new(Vector256.ConditionalSelect(Vector256.LessThan(a._value, b._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float target) => _value.StoreUnsafe(ref target);
}
