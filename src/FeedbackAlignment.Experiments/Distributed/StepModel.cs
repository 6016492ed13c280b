namespace FeedbackAlignment.Experiments.Distributed;

/// <summary>In which order ranks that share the layers do the work of a step.</summary>
public enum LayerSchedule
{
    /// <summary>
    /// Direct rules: all forward passes, then the output's error to all ranks, then all gradients, on all ranks at once
    /// (<c>training.parallel: layers</c>).
    /// </summary>
    Direct,

    /// <summary>
    /// Backpropagation as in GPipe: all forward passes, then all backward passes, error and gradient in one (<c>pipeline</c>). Huang et
    /// al., NeurIPS 2019, arXiv 1811.06965.
    /// </summary>
    GPipe,

    /// <summary>
    /// Backpropagation with one forward, one backward pass in turns: the time of GPipe, and inputs of fewer micro-batches to keep.
    /// Narayanan et al., SOSP 2019.
    /// </summary>
    OneForwardOneBackward,

    /// <summary>
    /// The same with weight gradients delayed: a rank sends the error on first and takes gradients while it would wait (zero bubble H1).
    /// Qi, Wan, Huang, Lin, ICLR 2024, arXiv 2401.10241.
    /// </summary>
    DelayedGradients,
}

/// <summary>What a rank needs for a micro-batch, in seconds; all ranks are equal.</summary>
/// <param name="Forward">f: its forward pass.</param>
/// <param name="Error">b: the error through its layers; direct rules bring it for next to nothing.</param>
/// <param name="Gradient">g: the gradients of its weights.</param>
/// <param name="Hop">From the end of a pass until its message has arrived at the next rank. The link takes a message at any time.</param>
/// <param name="Broadcast">From the end of the last forward pass until all ranks have the output's error.</param>
public readonly record struct StageTimes(double Forward, double Error, double Gradient, double Hop = 0, double Broadcast = 0);

/// <summary>The time of a step on ranks that share the layers. <see cref="StepSimulation"/> finds the same by playing it through.</summary>
public static class StepModel
{
    /// <summary>Seconds of one step.</summary>
    /// <param name="schedule">The order of the work.</param>
    /// <param name="ranks">K ≥ 1.</param>
    /// <param name="microBatches">m ≥ 1.</param>
    /// <param name="times">What a rank needs.</param>
    /// <returns>
    /// Direct: (K−1)(f+h) + m(f+g) + broadcast. GPipe: (m+K−1)(f+b+g) + 2(K−1)h, and so 1F1B where messages take no time. Delayed gradients
    /// where they take none, f = b = g and m ≥ K: m(f+b+g) + (K−1)(f+b−g).
    /// </returns>
    /// <exception cref="ArgumentException">No formula is known for such times; simulate them.</exception>
    public static double Seconds(LayerSchedule schedule, int ranks, int microBatches, in StageTimes times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(microBatches, 1);
        var (f, b, g, h) = (times.Forward, times.Error, times.Gradient, times.Hop);
        return schedule switch
        {
            LayerSchedule.Direct => ((ranks - 1) * (f + h)) + (microBatches * (f + g)) + times.Broadcast,
            LayerSchedule.GPipe => ((microBatches + ranks - 1) * (f + b + g)) + (2 * (ranks - 1) * h),
            LayerSchedule.OneForwardOneBackward when h == 0 => (microBatches + ranks - 1) * (f + b + g),
            LayerSchedule.DelayedGradients when h == 0 && f == b && b == g && microBatches >= ranks
                => (microBatches * (f + b + g)) + ((ranks - 1) * (f + b - g)),
            _ => throw new ArgumentException($"no formula is known for {schedule} with these times; simulate it", nameof(times)),
        };
    }
}
