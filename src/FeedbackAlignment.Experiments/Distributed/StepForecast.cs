using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Distributed;

/// <summary>Machines, as far as the time of a step depends on them.</summary>
/// <param name="Operations">Floating-point operations per second, a multiply-add counted as two.</param>
/// <param name="Bandwidth">Bytes per second from one machine to another.</param>
/// <param name="Latency">Seconds that every message takes besides.</param>
public sealed record Machines(double Operations, double Bandwidth, double Latency);

/// <summary>
/// What a step of a network takes on so many machines, by <see cref="StepModel"/> and <see cref="StepSimulation"/>: with the layers divided
/// into equal parts, or with the batch divided.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="batch">Examples of a batch.</param>
/// <param name="machines">The machines.</param>
public sealed class StepForecast(NetworkPlan network, int batch, Machines machines)
{
    private readonly NetworkCounts _counts = NetworkCounts.Of(network);

    /// <summary>Layers with weights: the most ranks that can share them.</summary>
    public int MostRanks => network.Layers.Count;

    /// <summary>Seconds on ranks that share the layers.</summary>
    /// <param name="schedule">The order of the work.</param>
    /// <param name="ranks">How many ranks.</param>
    /// <param name="microBatches">How many micro-batches.</param>
    public double Layers(LayerSchedule schedule, int ranks, int microBatches)
        => StepSimulation.Seconds(schedule, ranks, microBatches, Times(ranks, microBatches));

    /// <summary>
    /// Seconds of a direct rule on ranks that share the batch: each has all layers, takes its examples, and sums of all gradients go up
    /// a tree and down again.
    /// </summary>
    /// <param name="ranks">How many ranks; 1: a process by itself.</param>
    /// <param name="isRing">
    /// Whether the sums go round a ring piece by piece, which is the least that a link can carry; no library of ours does it.
    /// </param>
    public double Batches(int ranks, bool isRing)
    {
        var weights = (double)network.CountParameters();
        var exchange = ranks == 1 ? 0 : isRing ? 2 * (ranks - 1) * Message(weights / ranks) : 2 * Levels(ranks) * Message(weights);
        return (2 * Pass / ranks) + exchange;
    }

    /// <summary>What a rank needs for a micro-batch: the forward pass, the error and the gradient cost the same.</summary>
    /// <param name="ranks">How many ranks.</param>
    /// <param name="microBatches">How many micro-batches.</param>
    public StageTimes Times(int ranks, int microBatches)
    {
        var part = Pass / ranks / microBatches;
        var hop = ranks == 1 ? 0 : Message(_counts.Layers.SkipLast(1).Max(layer => layer.Outputs) * (double)batch / microBatches);
        return new(part, part, part, hop, Levels(ranks) * Message((double)_counts.Outputs * batch));
    }

    /// <summary>One pass of a batch through all layers on one machine.</summary>
    private double Pass => 2.0 * _counts.Layers.Sum(layer => (double)layer.Products) * batch / machines.Operations;

    private static int Levels(int ranks) => (int)Math.Ceiling(Math.Log2(ranks));

    private double Message(double numbers) => machines.Latency + (numbers * sizeof(float) / machines.Bandwidth);
}
