namespace FeedbackAlignment.Benchmarks;

/// <summary>
/// The share of the peak that each product of a convolution reaches on one thread, by the time that a processor worked for it. Other
/// programs on the machine then disturb less than by the clock, and the peak is measured in the same rounds.
/// </summary>
internal static class ConvolutionShares
{
    private const int Rounds = 25;

    public static void Print()
    {
        var (logarithms, count) = (0.0, 0);
        Console.WriteLine($"{"share of the peak, one thread",-30}{"forward",10}{"error",10}{"gradient",10}");
        foreach (var which in Enum.GetValues<ConvolutionCase>())
        {
            using var products = new ConvolutionBenchmarks { Case = which, Threads = 1 };
            products.Prepare();
            var shares = Shares([() => products.AtPeak(), products.Forward, products.Backward, products.Gradient]);
            Console.WriteLine($"{which,-30}{shares[1],10:P0}{shares[2],10:P0}{shares[3],10:P0}");
            if (products.IsWide)
            {
                (logarithms, count) = (logarithms + shares.Sum(Math.Log), count + shares.Length - 1);
            }
        }

        Console.WriteLine($"geometric mean of channels and filters >= 32, stride 1: {Math.Exp(logarithms / count):P0}");
    }

    /// <summary>The first action's median time over each action's, all timed in turns.</summary>
    private static double[] Shares(Action[] actions)
    {
        var times = actions.Select(_ => new double[Rounds]).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                actions[i]();
                var begin = Environment.CpuUsage.TotalTime;
                actions[i]();
                times[i][round] = (Environment.CpuUsage.TotalTime - begin).TotalMicroseconds;
            }
        }

        double[] medians = [.. times.Select(some => some.Order().ElementAt(Rounds / 2))];
        return [.. medians.Select(median => medians[0] / median)];
    }
}
