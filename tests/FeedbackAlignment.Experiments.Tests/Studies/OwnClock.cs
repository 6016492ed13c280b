namespace FeedbackAlignment.Experiments.Tests.Studies;

/// <summary>A clock that a test sets forward; each machine has its own, and its date means nothing.</summary>
internal sealed class OwnClock : TimeProvider
{
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("dates are never compared");

    public void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds);
}
