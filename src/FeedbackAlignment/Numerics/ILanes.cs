namespace FeedbackAlignment.Numerics;

/// <summary>
/// One vector register of floats. Kernels are written once against this and compiled for 512, 256 and 128 bits and for both kinds of
/// arithmetic. Every operation is rounded as IEEE 754 says, lane by lane: the width changes the speed and never a bit.
/// </summary>
/// <typeparam name="T">The implementing type.</typeparam>
internal interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>Floats in the register.</summary>
    static abstract int Count { get; }

    /// <summary>How many such registers the processor has: 16 or 32.</summary>
    static abstract int Registers { get; }

    static abstract T Load(ref float source);

    static abstract T Broadcast(float value);

    /// <summary>Two neighbors, in turns.</summary>
    static abstract T BroadcastPair(ref float first);

    /// <summary>a · b + c, rounded as the kind of arithmetic says.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>sum ← a · b + sum, rounded alike, in the register of the sum: the compiler may put the other form into a new one.</summary>
    static abstract void AddProduct(ref T sum, T a, T b);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T SquareRoot(T a);

    static abstract T Absolute(T a);

    static abstract T Min(T a, T b);

    static abstract T Max(T a, T b);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract T Round(T a);

    /// <summary>2^a for an integer a in −126 … 127.</summary>
    static abstract T PowerOfTwo(T a);

    /// <summary>Lane by lane: where a &lt; b, <paramref name="then"/>, else <paramref name="otherwise"/>.</summary>
    static abstract T WhereLess(T a, T b, T then, T otherwise);

    void Store(ref float target);
}
