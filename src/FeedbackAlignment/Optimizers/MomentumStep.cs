using System.Runtime.CompilerServices;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>v ← μ v + g, w ← kept · w − η v; Nesterov's form steps by g + μ v.</summary>
/// <param name="momentum">μ.</param>
/// <param name="nesterov">Whether it has Nesterov's form.</param>
/// <param name="rate">η.</param>
/// <param name="kept">What is kept of a weight.</param>
internal readonly struct MomentumStep(float momentum, bool nesterov, float rate, float kept) : IStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<T>(ref T weight, T gradient, ref T velocity, ref T sameVelocity)
        where T : struct, ILanes<T>
    {
        velocity = T.MultiplyAdd(velocity, T.Broadcast(momentum), gradient);
        var direction = nesterov ? T.MultiplyAdd(velocity, T.Broadcast(momentum), gradient) : velocity;
        weight = T.MultiplyAdd(direction, T.Broadcast(-rate), weight * T.Broadcast(kept));
        sameVelocity = velocity;
    }

    /// <exception cref="ArgumentException">Nesterov's form without momentum, or a number out of range.</exception>
    public static void Require(float momentum, bool nesterov)
    {
        if (momentum is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "momentum must be in [0, 1)");
        }

        if (nesterov && momentum == 0)
        {
            throw new ArgumentException("Nesterov's form needs a momentum > 0", nameof(nesterov));
        }
    }
}
