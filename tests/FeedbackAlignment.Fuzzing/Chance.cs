using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Fuzzing;

/// <summary>Draws.</summary>
internal static class Chance
{
    /// <summary>A number from 0 to <paramref name="count"/> − 1.</summary>
    public static int Below(RandomStream random, int count) => (int)(random.NextDouble() * count);

    public static T Of<T>(IReadOnlyList<T> choices, RandomStream random) => choices[Below(random, choices.Count)];
}
