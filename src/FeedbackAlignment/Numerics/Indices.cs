using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>The check of an index that a caller gives, for what is asked once a layer or an example, not once a number.</summary>
internal static class Indices
{
    /// <summary>The index, if there is such a thing.</summary>
    /// <param name="index">The index, from 0.</param>
    /// <param name="count">How many things there are.</param>
    /// <param name="things">What they are called, in the plural.</param>
    /// <param name="name">The caller's parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or too great; the message says what there is.</exception>
    public static int Require(int index, int count, string things, [CallerArgumentExpression(nameof(index))] string name = "")
        => (uint)index < (uint)count ? index
            : throw new ArgumentOutOfRangeException(
                name, index, count == 0 ? $"there are no {things}" : $"there are {count} {things}, 0 … {count - 1}");
}
