using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Distributed;

/// <summary>
/// The processes that carry out one experiment together. Each reads spec and data by itself; they compare what they have; then rank 0 runs
/// the experiment, and tells the others which run comes next and where it stands. Only rank 0 writes and prints.
/// </summary>
/// <param name="ranks">The processes.</param>
public sealed class RankTeam(IRanks ranks)
{
    private bool _hasAgreed, _isTraining;

    /// <summary>Whether this is the rank that writes and prints.</summary>
    public bool IsFirst => ranks.IsFirst();

    /// <summary>Which rank this is.</summary>
    public int Rank => ranks.Rank;

    /// <summary>How many ranks there are.</summary>
    public int Size => ranks.Size;

    /// <summary>Threads for this rank's part of a step, once all have agreed.</summary>
    public int Threads { get; private set; } = 1;

    /// <summary>The exit code of rank 0, once it has ended.</summary>
    public int ExitCode { get; private set; }

    internal IRanks Ranks => ranks;

    /// <summary>Compares what all ranks have; comes once, and on every rank.</summary>
    /// <param name="spec">This rank's spec, complete.</param>
    /// <param name="split">Its data.</param>
    /// <param name="components">What the spec can name.</param>
    /// <exception cref="SpecException">There are more ranks than groups, or than parts of the network.</exception>
    /// <exception cref="DisagreementException">A rank has something else, or could not be made ready.</exception>
    public void Agree(ExperimentSpec spec, DataSplit split, Components components)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(split);
        if (spec.Training.Parallel != ParallelIds.Batches)
        {
            if (RuleTrials.Of(spec, components, ranks.Size) is { } problem)
            {
                throw new SpecException([problem]);
            }
        }
        else if (spec.Training.Groups < ranks.Size)
        {
            throw new SpecException([new SpecProblem(
                "training.groups", $"must be at least {ranks.Size} for {ranks.Size} processes, one for each; was {spec.Training.Groups}")]);
        }

        Compare(RankFacts.Of(spec, split), spec.Training.Threads);
    }

    /// <summary>Says that this rank cannot take part, or that the team cannot go on; the exception that is the reason goes on.</summary>
    /// <param name="message">Why, in one line.</param>
    /// <returns>Whether the others know it and end by themselves; otherwise somebody must <see cref="Abort"/>.</returns>
    public bool GiveUp(string message)
    {
        if (_hasAgreed)
        {
            // Between two runs the others wait for what comes next.
            if (!IsFirst || _isTraining)
            {
                return false;
            }

            End(1);
            return true;
        }

        try
        {
            Compare(new RankFacts { Failure = message }, null);
        }
        catch (DisagreementException)
        {
            // It is the one that this rank has said, or as good.
        }

        return true;
    }

    /// <summary>Ends all processes.</summary>
    /// <param name="exitCode">What they tell the shell.</param>
    public void Abort(int exitCode) => ranks.Abort(exitCode);

    /// <summary>Tells the others that the experiment has ended.</summary>
    /// <param name="exitCode">How.</param>
    public void End(int exitCode)
    {
        if (IsFirst && _hasAgreed)
        {
            Tell(new Order { ExitCode = exitCode });
        }

        ExitCode = exitCode;
    }

    /// <summary>Does the runs that rank 0 says, on every other rank, until there are no more.</summary>
    /// <param name="spec">The spec, complete.</param>
    /// <param name="split">The examples.</param>
    /// <param name="components">What the spec can name.</param>
    /// <param name="cancellation">Asks all ranks to stop.</param>
    public void Follow(ExperimentSpec spec, DataSplit split, Components components, CancellationToken cancellation)
    {
        while (Next() is { Rule: { } rule } order)
        {
            using var compute = new Compute(Threads);
            var state = order.HasState ? ranks.BroadcastAll([]) : null;
            var parts = new TrainingParts(
                spec, new RunKey(rule, order.Seed), split, components, compute, order.CheckpointEvery, tests: true, showsKernels: false,
                ranks);
            if (state is not null)
            {
                parts.Trainer.Restore(new MemoryStream(state), "the checkpoint that rank 0 has read");
            }

            parts.Trainer.Run(cancellation: cancellation);
        }
    }

    /// <summary>Tells the others which run comes next.</summary>
    /// <param name="key">The run.</param>
    /// <param name="restored">The training, if it goes on from a checkpoint; null: it begins.</param>
    /// <param name="checkpointEvery">Examples from one checkpoint to the next; null: none but at a stop.</param>
    internal void Begin(RunKey key, Trainer? restored, long? checkpointEvery)
    {
        Tell(new Order { Rule = key.Rule, Seed = key.Seed, HasState = restored is not null, CheckpointEvery = checkpointEvery });
        _isTraining = true;
        if (restored is not null)
        {
            using var state = new MemoryStream();
            restored.Save(state);
            ranks.BroadcastAll(state.ToArray());
        }
    }

    /// <summary>The others have ended that run, too.</summary>
    internal void HaveTrained() => _isTraining = false;

    private void Compare(RankFacts own, int? threads)
    {
        _hasAgreed = true;
        var all = ranks.Gather(JsonSerializer.SerializeToUtf8Bytes(own, ExperimentJson.Line))
            .Select(bytes => JsonSerializer.Deserialize<RankFacts>(bytes, ExperimentJson.Line)!).ToArray();
        var judged = new Verdict(Objection(all), [.. all.Select(rank => Math.Min(threads ?? Share(rank, all), rank.ProcessorCount))]);
        var verdict = JsonSerializer.Deserialize<Verdict>(
            ranks.BroadcastAll(JsonSerializer.SerializeToUtf8Bytes(judged, ExperimentJson.Line)), ExperimentJson.Line)!;
        Threads = verdict.Threads[Rank];
        if (verdict.Objection is { } objection)
        {
            _hasAgreed = false;
            throw new DisagreementException(objection);
        }
    }

    /// <summary>Ranks that may use the same processors of the same machine divide them.</summary>
    private static int Share(RankFacts rank, RankFacts[] all)
        => Math.Max(1, rank.ProcessorCount / all.Count(other => other.Processors == rank.Processors));

    private static string? Objection(RankFacts[] all)
    {
        foreach (var (rank, facts) in all.Index())
        {
            if ((facts.Failure is { } failure ? $"cannot take part: {failure}" : facts.DifferenceFrom(all[0])) is { } objection)
            {
                return $"rank {rank} {objection}";
            }
        }

        return null;
    }

    private void Tell(Order order) => ranks.BroadcastAll(JsonSerializer.SerializeToUtf8Bytes(order, ExperimentJson.Line));

    /// <summary>What rank 0 says; null: the experiment has ended.</summary>
    private Order? Next()
    {
        var order = JsonSerializer.Deserialize<Order>(ranks.BroadcastAll([]), ExperimentJson.Line)!;
        if (order.Rule is not null)
        {
            return order;
        }

        ExitCode = order.ExitCode;
        return null;
    }

    private sealed record Verdict(string? Objection, int[] Threads);

    private sealed record Order
    {
        public string? Rule { get; init; }

        public ulong Seed { get; init; }

        public bool HasState { get; init; }

        /// <summary>Ranks that share the layers then give rank 0 what they have.</summary>
        public long? CheckpointEvery { get; init; }

        public int ExitCode { get; init; }
    }
}

/// <summary>Ranks cannot train together. The message is one line, which names the rank.</summary>
/// <param name="message">That line.</param>
public sealed class DisagreementException(string message) : Exception(message);
