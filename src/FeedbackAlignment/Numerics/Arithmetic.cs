namespace FeedbackAlignment.Numerics;

/// <summary>
/// How a product is added to a sum. The two kinds round differently, so their bits differ; within one kind all bits are the same at any
/// number of threads and any vector width.
/// </summary>
public enum Arithmetic
{
    /// <summary>
    /// a · b + c is rounded once (IEEE 754 fusedMultiplyAdd). Where the processor has none, it is emulated, many times slower.
    /// </summary>
    Fused,

    /// <summary>a · b is rounded, then the sum is: fast on machines without fused multiply-add, such as WebAssembly.</summary>
    Separate,
}
