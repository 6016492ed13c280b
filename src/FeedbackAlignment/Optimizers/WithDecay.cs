using System.Runtime.CompilerServices;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>A step whose gradient has λw in it: coupled weight decay.</summary>
/// <typeparam name="TStep">The step's own arithmetic.</typeparam>
/// <param name="step">The step.</param>
/// <param name="decay">λ.</param>
internal readonly struct WithDecay<TStep>(TStep step, float decay) : IStep
    where TStep : struct, IStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<T>(ref T weight, T gradient, ref T state1, ref T state2)
        where T : struct, ILanes<T>
        => step.Apply(ref weight, T.MultiplyAdd(weight, T.Broadcast(decay), gradient), ref state1, ref state2);
}
