namespace FeedbackAlignment.Numerics;

/// <summary>
/// Philox4x32-10, a counter-based generator: a keyed bijection of a 128-bit counter. Any place of a stream can be computed by
/// itself, and its output is the same on every machine. Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3"
/// (SC 2011).
/// </summary>
internal static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The four random words that belong to a counter under a key.</summary>
    public static (uint A, uint B, uint C, uint D) Block((uint A, uint B, uint C, uint D) counter, (uint A, uint B) key)
    {
        var (a, b, c, d) = counter;
        var (k0, k1) = key;
        for (var round = 0; round < Rounds; round++)
        {
            var low = (ulong)Multiplier0 * a;
            var high = (ulong)Multiplier1 * c;
            (a, b, c, d) = ((uint)(high >> 32) ^ b ^ k0, (uint)high, (uint)(low >> 32) ^ d ^ k1, (uint)low);
            unchecked
            {
                k0 += Weyl0;
                k1 += Weyl1;
            }
        }

        return (a, b, c, d);
    }
}
