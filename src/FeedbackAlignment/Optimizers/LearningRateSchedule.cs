using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>
/// The learning rate as training goes on. Time is counted in examples, so it does not depend on the batch size. A schedule counts them
/// from its own beginning, which is the end of its warm-up if it has one.
/// </summary>
public sealed class LearningRateSchedule
{
    private readonly float _rate;
    private readonly Course _course;
    private readonly long _warmUp;

    private LearningRateSchedule(float rate, Course course, long warmUp = 0)
    {
        if (!float.IsFinite(rate) || rate <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "a learning rate must be a finite number > 0");
        }

        (_rate, _course, _warmUp) = (rate, course, warmUp);
    }

    /// <summary>Always η.</summary>
    /// <param name="rate">η &gt; 0.</param>
    public static LearningRateSchedule Constant(float rate) => new(rate, new Course("constant", null, null, _ => 1));

    /// <summary>η · factorᵏ after k steps.</summary>
    /// <param name="rate">η &gt; 0.</param>
    /// <param name="factor">Factor at each step, in [0, 1].</param>
    /// <param name="every">Examples from one step to the next, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static LearningRateSchedule Step(float rate, double factor, long every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        RequireShare(factor);
        return new(rate, new Course("step", factor, every, seen => Math.Pow(factor, seen / every)));
    }

    /// <summary>Falls exponentially from η to η · factor at the end.</summary>
    /// <param name="rate">η &gt; 0.</param>
    /// <param name="factor">What is left at the end, in (0, 1].</param>
    /// <param name="length">Examples to the end, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static LearningRateSchedule Exponential(float rate, double factor, long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfEqual(factor, 0);
        RequireShare(factor);
        return new(rate, new Course("exponential", factor, length, seen => Math.Pow(factor, Progress(seen, length))));
    }

    /// <summary>
    /// Falls along half a cosine from η to η · factor at the end (Loshchilov and Hutter 2017). The factor of specs is 0.1 by default, so
    /// the rate ends at 0.1 η; PyTorch's <c>CosineAnnealingLR</c> ends at 0 by default.
    /// </summary>
    /// <param name="rate">η &gt; 0.</param>
    /// <param name="factor">What is left at the end, in [0, 1].</param>
    /// <param name="length">Examples to the end, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static LearningRateSchedule Cosine(float rate, double factor, long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        RequireShare(factor);
        return new(rate, new Course("cosine", factor, length,
            seen => factor + (1 - factor) * 0.5 * (1 + Math.Cos(Math.PI * Progress(seen, length)))));
    }

    /// <summary>A schedule whose rate first rises linearly to η; then this schedule begins, as if those examples had not been.</summary>
    /// <param name="examples">Examples of the warm-up, ≥ 0. Where a length to the end is given, it does not include them.</param>
    /// <example>
    /// Half a cosine over 60,000 examples, the first 6,000 of which warm up:
    /// <code>LearningRateSchedule.Cosine(0.1f, factor: 0.1, length: 54_000).WithWarmUp(6_000)</code>
    /// </example>
    public LearningRateSchedule WithWarmUp(long examples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(examples);
        return new(_rate, _course, examples);
    }

    /// <summary>The learning rate of the next step.</summary>
    /// <param name="examplesSeen">Examples learned from until then.</param>
    /// <param name="batch">Examples in the step: a warm-up counts them, so that its first step is not of length 0.</param>
    public float At(long examplesSeen, int batch = 1)
    {
        var warmth = _warmUp == 0 ? 1 : Math.Min(1, (double)(examplesSeen + batch) / _warmUp);
        return (float)(_rate * _course.Factor(Math.Max(0, examplesSeen - _warmUp)) * warmth);
    }

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add("rate", _rate);
        identity.Add(Identity.Kind, _course.Kind);
        identity.Add("factor", _course.Fall);
        identity.Add("length", _course.Length);
        identity.Add("warmUp", _warmUp);
    }

    private static double Progress(long seen, long length) => Math.Min(1, (double)seen / length);

    private static void RequireShare(double factor)
    {
        if (factor is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "what is left of a learning rate must be a share in [0, 1]");
        }
    }

    /// <param name="Kind">Its name in specs.</param>
    /// <param name="Fall">The factor that is given; null: none.</param>
    /// <param name="Length">Examples to the end, or to the next step; null: there is neither.</param>
    /// <param name="Factor">Share of η after some examples.</param>
    private sealed record Course(string Kind, double? Fall, long? Length, Func<long, double> Factor);
}
