using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Tests.Distributed;

/// <summary>The formulas, against what happens when every pass and every message is played through.</summary>
public sealed class StepModelTests
{
    public static TheoryData<LayerSchedule> Schedules => [.. Enum.GetValues<LayerSchedule>()];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void TheFormulaIsTheSimulation(LayerSchedule schedule)
    {
        foreach (var ranks in (int[])[1, 2, 3, 8, 64])
        {
            foreach (var m in (int[])[1, 2, 7, 64, 100])
            {
                foreach (var times in Times(schedule).Where(_ => schedule != LayerSchedule.DelayedGradients || m >= ranks))
                {
                    Assert.Equal(
                        StepSimulation.Seconds(schedule, ranks, m, times), StepModel.Seconds(schedule, ranks, m, times), 1e-9 * m * ranks);
                }
            }
        }
    }

    /// <summary>With one micro-batch and f = b = g the gain over GPipe is 3K/(K+1), never 3; with many it is 3/2.</summary>
    [Fact]
    public void TheGainIsAsTheIssueSays()
    {
        var times = new StageTimes(1, 1, 1);
        foreach (var ranks in (int[])[1, 2, 4, 64, 1000])
        {
            var gain = Gain(ranks, 1);
            Assert.Equal(3.0 * ranks / (ranks + 1), gain, 12);
            Assert.True(gain < 3);
        }

        Assert.Equal(1.5, Gain(64, 1_000_000), 1e-3);

        double Gain(int ranks, int m)
            => StepModel.Seconds(LayerSchedule.GPipe, ranks, m, times) / StepModel.Seconds(LayerSchedule.Direct, ranks, m, times);
    }

    /// <summary>No schedule beats the work of its busiest rank and the way there and back; delayed gradients beat the others.</summary>
    [Fact]
    public void DelayedGradientsAreFasterAndStayAboveTheLeast()
    {
        foreach (var times in (StageTimes[])[new(1, 1, 1), new(1, 2, 0.5), new(2, 1, 1.5, Hop: 0.3)])
        {
            foreach (var (ranks, m) in ((int, int)[])[(2, 1), (4, 4), (8, 3), (8, 32)])
            {
                var delayed = StepSimulation.Seconds(LayerSchedule.DelayedGradients, ranks, m, times);
                var gpipe = StepModel.Seconds(LayerSchedule.GPipe, ranks, m, times);
                var (f, b, g) = (times.Forward, times.Error, times.Gradient);
                Assert.InRange(delayed, (m * (f + b + g)) + (times.Hop == 0 ? 0 : times.Hop), times.Hop == 0 ? gpipe : double.MaxValue);
                Assert.True(delayed >= ((ranks - 1) * (f + b + (2 * times.Hop))) + f + b + g - 1e-9);
            }
        }
    }

    [Fact]
    public void OneMachineDoesAllTheWorkItself()
    {
        var forecast = new StepForecast(NetworkPlan.Parse("784-8x512-10"), 64, new(1e9, 1e9, 1e-4));
        var pass = 2.0 * ((784 * 512) + (7 * 512 * 512) + (512 * 10)) * 64 / 1e9;
        Assert.Equal(2 * pass, forecast.Layers(LayerSchedule.Direct, 1, 4), 9);
        Assert.Equal(2 * pass, forecast.Batches(1, isRing: false), 9);
        Assert.Equal(2 * pass, forecast.Batches(1, isRing: true), 9);

        // Of four machines each sends six quarters of the weights, or two sums up and two down the tree.
        var all = NetworkPlan.Parse("784-8x512-10").CountParameters() * 4 / 1e9;
        Assert.Equal((pass / 2) + (6 * 1e-4) + (1.5 * all), forecast.Batches(4, isRing: true), 9);
        Assert.Equal((pass / 2) + (4 * 1e-4) + (4 * all), forecast.Batches(4, isRing: false), 9);
        Assert.Equal(3 * pass, forecast.Layers(LayerSchedule.GPipe, 1, 4), 9);
        Assert.Equal(9, forecast.MostRanks);
    }

    [Fact]
    public void WhereNoFormulaIsKnownItIsRefused()
    {
        Assert.Throws<ArgumentException>(() => StepModel.Seconds(LayerSchedule.DelayedGradients, 4, 2, new(1, 1, 1)));
        Assert.Throws<ArgumentException>(() => StepModel.Seconds(LayerSchedule.OneForwardOneBackward, 4, 4, new(1, 1, 1, Hop: 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => StepModel.Seconds(LayerSchedule.Direct, 0, 1, new(1, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => StepSimulation.Seconds(LayerSchedule.Direct, 1, 0, new(1, 1, 1)));
    }

    private static StageTimes[] Times(LayerSchedule schedule) => schedule switch
    {
        LayerSchedule.Direct => [new(1, 1, 1), new(1, 5, 3, Hop: 0.25, Broadcast: 2), new(2, 1, 0.5, Hop: 4)],
        LayerSchedule.GPipe => [new(1, 1, 1), new(1, 2, 3, Hop: 0.25), new(2, 1, 0.5, Hop: 4)],
        LayerSchedule.OneForwardOneBackward => [new(1, 1, 1), new(1, 2, 1)],
        _ => [new(1, 1, 1)],
    };
}
