using System.Numerics;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// How often each line of the weights, all that lead out of one input, still has to be multiplied with what a step keeps of it. A line
/// whose input is 0 before and after a step is not touched by it; it owes that step's decay until it is wanted.
/// </summary>
/// <param name="lines">Number of inputs.</param>
internal sealed class OwedDecay(int lines)
{
    private readonly int[] _counts = new int[(lines + Matrix.Granule - 1) / Matrix.Granule * Matrix.Granule];

    /// <summary>How often the first line has to be multiplied; the others' counts follow.</summary>
    public ref int Origin => ref MemoryMarshal.GetArrayDataReference(_counts);

    /// <summary>
    /// Whether a step would leave a line alone. Inputs beyond the last whole vector are not looked at: the answer decides what is faster,
    /// never what is right.
    /// </summary>
    /// <param name="before">1 × inputs: what is stepped with.</param>
    /// <param name="now">1 × inputs: what is multiplied with.</param>
    public static bool IsWorthIt(Matrix before, Matrix now)
    {
        var befores = MemoryMarshal.Cast<float, Vector<int>>(before.Row(0));
        var nows = MemoryMarshal.Cast<float, Vector<int>>(now.Row(0));
        for (var i = 0; i < befores.Length; i++)
        {
            if (Vector.EqualsAny((befores[i] | nows[i]) << 1, Vector<int>.Zero))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts a step, after all threads have taken it: the lines it touched owe nothing now, the others once more.</summary>
    /// <param name="before">1 × inputs: what was stepped with.</param>
    /// <param name="now">1 × inputs: what was multiplied with.</param>
    public void CountStep(Matrix before, Matrix now)
    {
        var counts = MemoryMarshal.Cast<int, Vector<int>>(_counts.AsSpan());
        var befores = MemoryMarshal.Cast<float, Vector<int>>(before.PaddedLine(0));
        var nows = MemoryMarshal.Cast<float, Vector<int>>(now.PaddedLine(0));
        for (var i = 0; i < counts.Length; i++)
        {
            // Both are 0, of either sign: their bits without the sign are.
            var idle = Vector.Equals((befores[i] | nows[i]) << 1, Vector<int>.Zero);
            counts[i] = (counts[i] + Vector<int>.One) & idle;
        }
    }

    /// <summary>No line owes anything.</summary>
    public void Clear() => Array.Clear(_counts);
}
