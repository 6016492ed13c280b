using FeedbackAlignment.Optimizers;

namespace FeedbackAlignment.Tests.Optimizers;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void AConstantStaysWhereItIs()
        => Assert.Equal([0.1f, 0.1f], ((long[])[0, 1_000_000]).Select(seen => LearningRateSchedule.Constant(0.1f).At(seen)));

    [Fact]
    public void StepsAreTakenExactlyAtTheirMultiples()
    {
        var schedule = LearningRateSchedule.Step(0.8f, 0.5, every: 100);
        Assert.Equal([0.8f, 0.8f, 0.4f, 0.4f, 0.2f, 0.1f], ((long[])[0, 99, 100, 199, 200, 300]).Select(seen => schedule.At(seen)));
    }

    [Fact]
    public void TheExponentialFallsByTheSameFactorInEqualTimesAndStopsAtTheEnd()
    {
        var schedule = LearningRateSchedule.Exponential(1, 0.01, length: 200);
        Assert.Equal(1, schedule.At(0));
        Assert.Equal(0.1, schedule.At(100), 1e-7);
        Assert.Equal(0.01, schedule.At(200), 1e-8);
        Assert.Equal(schedule.At(200), schedule.At(5000));
    }

    [Fact]
    public void TheCosineBeginsAtTheRateIsHalfwayInTheMiddleAndEndsAtItsFactor()
    {
        var schedule = LearningRateSchedule.Cosine(2, 0.1, length: 400);
        Assert.Equal(2, schedule.At(0));
        Assert.Equal(2 * (0.1 + 0.9 * 0.5 * (1 + Math.Sqrt(0.5))), schedule.At(100), 1e-6);
        Assert.Equal(1.1, schedule.At(200), 1e-6);
        Assert.Equal(0.2, schedule.At(400), 1e-6);
        Assert.Equal(schedule.At(400), schedule.At(4000));
    }

    [Fact]
    public void AWarmUpRisesLinearlyToTheRateAndItsFirstStepIsNotZero()
    {
        var schedule = LearningRateSchedule.Constant(1).WithWarmUp(100);
        Assert.Equal([0.1f, 0.2f, 1f, 1f], ((long[])[0, 10, 90, 500]).Select(seen => schedule.At(seen, batch: 10)));
        Assert.Equal(1, LearningRateSchedule.Constant(1).WithWarmUp(0).At(0));
    }

    /// <summary>After the warm-up the schedule is, to the bit, what it is without one that many examples earlier.</summary>
    [Fact]
    public void AScheduleBeginsWhereItsWarmUpEnds()
    {
        foreach (var schedule in (LearningRateSchedule[])[LearningRateSchedule.Step(1, 0.5, every: 50), LearningRateSchedule.Exponential(1, 0.1, 900), LearningRateSchedule.Cosine(1, 0.1, 900)])
        {
            var warm = schedule.WithWarmUp(100);
            Assert.Equal([0.1f, 0.6f, 1f], ((long[])[0, 50, 90]).Select(seen => warm.At(seen, batch: 10)));
            Assert.All((long[])[0, 10, 49, 50, 450, 890, 900, 5000], seen => Assert.Equal(schedule.At(seen, 10), warm.At(seen + 100, 10)));
        }
    }

    [Fact]
    public void NumbersOutOfRangeAreRefusedWhenTheScheduleIsMade()
    {
        foreach (var rate in (float[])[0, -1, float.NaN, float.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant(rate));
        }

        foreach (var factor in (double[])[-0.1, 1.1, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Step(1, factor, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Exponential(1, factor, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(1, factor, 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Exponential(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Step(1, 0.5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(1, 0.5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant(1).WithWarmUp(-1));
    }
}
