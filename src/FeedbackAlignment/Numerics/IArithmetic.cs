using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// One kind of arithmetic. Kernels are compiled for each, so that none asks for the kind while it computes. There is no
/// <c>MultiplyAddEstimate</c> here: it may round once or twice, as the machine likes.
/// </summary>
internal interface IArithmetic
{
    /// <summary>Whether the processor has it, and moves lanes, in 256 bits.</summary>
    static abstract bool IsFast256 { get; }

    /// <summary>a · b + c.</summary>
    static abstract float MultiplyAdd(float a, float b, float c);

    /// <inheritdoc cref="MultiplyAdd(float, float, float)"/>
    static abstract Vector<float> MultiplyAdd(Vector<float> a, Vector<float> b, Vector<float> c);

    /// <inheritdoc cref="MultiplyAdd(float, float, float)"/>
    static abstract Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c);

    /// <inheritdoc cref="MultiplyAdd(float, float, float)"/>
    static abstract Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c);

    /// <inheritdoc cref="MultiplyAdd(float, float, float)"/>
    static abstract Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c);
}

/// <summary><see cref="Arithmetic.Fused"/>.</summary>
internal readonly struct Fused : IArithmetic
{
    public static bool IsFast256 => Avx.IsSupported && Fma.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MultiplyAdd(Vector<float> a, Vector<float> b, Vector<float> c) => Vector.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c)
        => Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c)
        => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c)
        => Vector512.FusedMultiplyAdd(a, b, c);
}

/// <summary><see cref="Arithmetic.Separate"/>.</summary>
/// <remarks>
/// .NET never makes one operation of the two by itself, for that would change the result: a fused operation has to be asked for by name
/// (https://github.com/dotnet/runtime/issues/64591, https://github.com/dotnet/runtime/issues/98053). C# allows a scalar product a higher
/// precision; the cast to <c>float</c> rounds it (ECMA-334, 8.3.7).
/// </remarks>
internal readonly struct Separate : IArithmetic
{
    public static bool IsFast256 => Avx.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => (float)(a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MultiplyAdd(Vector<float> a, Vector<float> b, Vector<float> c) => a * b + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => a * b + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => a * b + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => a * b + c;
}
