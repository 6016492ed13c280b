using System.Runtime.ExceptionServices;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Tests.Training.Distributed;

/// <summary>Trainings of one plan on several ranks, which are threads.</summary>
internal static class Team
{
    /// <summary>A small plan whose passes end with a batch of 5: of 8 groups three are empty then.</summary>
    public static Plan Plan(string rule, int groups) => new()
    {
        Rule = rule,
        Options = new Plan().Options with { Groups = groups, Examples = 100, Patience = null },
    };

    /// <summary>What a rank has at the end.</summary>
    /// <param name="Weights">The weights.</param>
    /// <param name="Result">Its result.</param>
    /// <param name="States">What it saved at checkpoints; only rank 0 is asked to.</param>
    public sealed record End(Matrix[] Weights, TrainingResult Result, IReadOnlyList<byte[]> States);

    /// <summary>Runs a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="size">Ranks; 1: a process by itself.</param>
    /// <param name="from">A state to go on from.</param>
    /// <param name="step">Is told the rank and its examples after each step.</param>
    /// <param name="stop">For each rank what stops it.</param>
    /// <returns>What each rank has at the end.</returns>
    public static IReadOnlyList<End> Run(
        Plan plan, int size, byte[]? from = null, Action<int, long>? step = null, IReadOnlyList<CancellationToken>? stop = null)
        => OnRanks(size, ranks =>
        {
            var own = plan with { Options = plan.Options with { Ranks = size == 1 ? null : ranks } };
            var trainer = own.Begin(out var network);
            if (from is not null)
            {
                trainer.Restore(new MemoryStream(from), "state");
            }

            List<byte[]> states = [];
            var observer = new TrainingCallbacks
            {
                Step = progress => step?.Invoke(ranks.Rank, progress.Examples),
                Checkpoint = state => states.Add(Saved(state)),
            };
            var result = trainer.Run(observer, stop?[ranks.Rank] ?? default);
            return new End(Some.Copies(network.Parameters), result, states);
        });

    /// <summary>Does something on each rank, each in a thread; the first trouble of the lowest rank comes out when all have
    /// ended.</summary>
    public static IReadOnlyList<T> OnRanks<T>(int size, Func<MemoryRanks, T> work)
    {
        var ranks = MemoryRanks.Create(size);
        var (ends, troubles) = (new T[size], new Exception?[size]);
        Thread[] threads = [.. ranks.Select(rank => new Thread(() =>
        {
            try
            {
                ends[rank.Rank] = work(rank);
            }
            catch (Exception trouble)
            {
                troubles[rank.Rank] = trouble;
                rank.Abort(1);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "a rank waits for ever"));
        var first = troubles.FirstOrDefault(trouble => trouble is not (null or RanksException { Message: "another rank has given up" }));
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return ends;
    }

    private static byte[] Saved(TrainingState state)
    {
        using var stream = new MemoryStream();
        state.Save(stream);
        return stream.ToArray();
    }
}
