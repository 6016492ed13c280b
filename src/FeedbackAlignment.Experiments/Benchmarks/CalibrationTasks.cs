using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Benchmarks;

/// <summary>Multiply-adds in registers, a chunk of them at a time.</summary>
/// <param name="calibration">Does them.</param>
internal sealed class PeakTask(Calibration calibration) : TimedTask
{
    private const int RoundsEach = 1000;

    public int Threads => calibration.Threads;

    /// <summary>Floating-point operations of one chunk, as counted.</summary>
    public long OperationsEach { get; } = calibration.MultiplyAdds(RoundsEach);

    public override void Run(int times)
    {
        for (var rounds = (long)times * RoundsEach; rounds > 0; rounds -= Calibration.MostRounds)
        {
            calibration.MultiplyAdds((int)Math.Min(rounds, Calibration.MostRounds));
        }
    }
}

/// <summary>One in-place read-modify-write of some bytes.</summary>
internal sealed class PassTask : TimedTask
{
    private const int LineLength = 1008;
    private readonly Calibration _calibration;
    private readonly Matrix _memory;

    /// <param name="calibration">Does it.</param>
    /// <param name="network">Layer sizes of the network whose weights take these bytes.</param>
    /// <param name="bytes">The bytes, up to a line more.</param>
    public PassTask(Calibration calibration, string network, long bytes)
    {
        (_calibration, Network, Bytes) = (calibration, network, bytes);
        var floats = bytes / sizeof(float);
        _memory = new Matrix((int)((floats + LineLength - 1) / LineLength), LineLength);
    }

    public string Network { get; }

    public long Bytes { get; }

    public int Threads => _calibration.Threads;

    public override void Run(int times)
    {
        for (; times > 0; times--)
        {
            _calibration.ReadModifyWrite(_memory);
        }
    }
}
