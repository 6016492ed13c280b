using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>
/// Which of the network's modules each rank has: neighbors, with at least one layer with weights, so that the busiest rank has as few
/// multiply-adds as can be. Of equal divisions it is the one whose messages are the shortest.
/// </summary>
internal sealed class LayerPlan
{
    private readonly Network _network;
    private readonly int[] _starts;

    private LayerPlan(Network network, int[] starts) => (_network, _starts) = (network, starts);

    /// <summary>The modules of a rank: from the first to the one behind the last.</summary>
    /// <param name="rank">The rank.</param>
    public (int From, int To) this[int rank] => (_starts[rank], _starts[rank + 1]);

    /// <summary>Why ranks cannot share the layers under a rule; null: they can.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="parallel">What they would share.</param>
    public static string? Objection(LearningRule rule, Parallelism parallel)
        => parallel == Parallelism.Batches ? null
        : rule.Network.Dynamics is not null ? "the units of a spiking network act on each other in every time step"
        : rule is not ErrorRule sending ? "it does more than give each hidden layer an error, so no rank could do its part alone"
        : (rule.SplitObjection ?? sending.LayersObjection) is { } objection ? objection
        : rule.Memory.Count > 0 ? "it remembers numbers from batch to batch, which belong to no layer"
        : parallel == Parallelism.Layers && !sending.Walk.BringsAll
            ? "a hidden layer needs the error of the layer above, not only the output's; pipeline sends errors back from rank to rank"
        : null;

    /// <summary>Divides a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rules">All rules that train it; none has an objection.</param>
    /// <param name="parallel">What the ranks share; not batches.</param>
    /// <param name="size">The number of ranks.</param>
    /// <exception cref="ArgumentException">There are more ranks than parts.</exception>
    public static LayerPlan Of(Network network, IEnumerable<LearningRule> rules, Parallelism parallel, int size)
    {
        var modules = network.Root.Children;
        var mayBegin = MayBegin(network, rules, parallel);
        var layers = LayersOf(network);
        var most = MostParts(mayBegin, layers);
        return size > most
            ? throw new ArgumentException(
                $"{nameof(TrainingOptions.Parallel)} {parallel}: there are {size} ranks, must be at most {most}, the parts into which the "
                + "network can be divided", nameof(size))
            : new(network, Starts(modules, mayBegin, layers, size));
    }

    /// <summary>The most ranks that can share the layers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rules">All rules that train it; none has an objection.</param>
    /// <param name="parallel">What the ranks share; not batches.</param>
    public static int MostRanks(Network network, IEnumerable<LearningRule> rules, Parallelism parallel)
        => MostParts(MayBegin(network, rules, parallel), LayersOf(network));

    /// <summary>The rank that has a module, or a module in which it is.</summary>
    /// <param name="module">A module of the network.</param>
    public int RankOf(Module module) => RankWhere(part => Network.All(part).Contains(module), module.Name);

    /// <summary>The rank whose modules a parameter of the network or of a rule serves.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="rules">All rules.</param>
    /// <exception cref="ArgumentException">It serves the modules of several ranks, or nobody knows which it serves.</exception>
    public int RankOf(Parameter parameter, IReadOnlyList<LearningRule> rules)
    {
        if (_network.Parameters.Contains(parameter))
        {
            return RankWhere(part => part.Parameters.Contains(parameter), parameter.Name);
        }

        int[] ranks =
        [
            .. rules.SelectMany(rule => rule.Feedback).Where(path => path.Parameters.Contains(parameter))
                .Select(path => RankOf(path.Site?.Module ?? _network.Layers[path.From])).Distinct(),
        ];
        return ranks is [var only] ? only : throw NotOfOne(parameter.Name);
    }

    /// <summary>The rank that has a buffer.</summary>
    /// <param name="buffer">A buffer of the network.</param>
    public int RankOf(ModuleBuffer buffer) => RankWhere(part => part.Buffers.Contains(buffer), buffer.Name);

    private int RankWhere(Func<Module, bool> hasIt, string what)
    {
        int[] ranks =
        [
            .. _network.Root.Children.Index().Where(part => hasIt(part.Item))
                .Select(part => Array.FindLastIndex(_starts, start => start <= part.Index)).Distinct(),
        ];
        return ranks is [var only] ? only : throw NotOfOne(what);
    }

    private static ArgumentException NotOfOne(string what)
        => new(
            $"{nameof(TrainingOptions.Parallel)} must be {nameof(Parallelism.Batches)}: {what} does not belong to the layers of one rank");

    /// <summary>For each module whether it may be the first of a part.</summary>
    private static bool[] MayBegin(Network network, IEnumerable<LearningRule> rules, Parallelism parallel)
    {
        ErrorWalk[] walks = [.. rules.Select(rule => ((ErrorRule)rule).Walk)];
        return [.. Enumerable.Range(0, network.Root.Children.Count).Select(module
            => module > 0 && (parallel == Parallelism.Pipeline || walks.All(walk => !walk.IsSentBack(module))))];
    }

    private static WeightedLayer[][] LayersOf(Network network)
        => [.. network.Root.Children.Select(module => Network.All(module).OfType<WeightedLayer>().ToArray())];

    /// <summary>A part ends as soon as it may: no other way gives more.</summary>
    private static int MostParts(bool[] mayBegin, WeightedLayer[][] layers)
    {
        var (parts, hasWeights) = (1, layers[0].Length > 0);
        for (var i = 1; i < mayBegin.Length; i++)
        {
            if (mayBegin[i] && hasWeights)
            {
                (parts, hasWeights) = (parts + 1, false);
            }

            hasWeights |= layers[i].Length > 0;
        }

        return parts;
    }

    private static int[] Starts(IReadOnlyList<Module> modules, bool[] mayBegin, WeightedLayer[][] layers, int size)
    {
        // sums[i]: of the modules before i.
        var (costs, counts) = (new double[modules.Count + 1], new int[modules.Count + 1]);
        for (var i = 0; i < modules.Count; i++)
        {
            costs[i + 1] = costs[i] + layers[i].Sum(MultiplyAdds);
            counts[i + 1] = counts[i] + layers[i].Length;
        }

        // best[k, i]: k + 1 parts of the modules before i; where the last of them starts.
        var best = new (double Busiest, long Sent, int Start)[size, modules.Count + 1];
        for (var parts = 0; parts < size; parts++)
        {
            for (var end = 0; end <= modules.Count; end++)
            {
                best[parts, end] = parts == 0 ? (counts[end] > 0 ? costs[end] : double.PositiveInfinity, 0, 0)
                    : Enumerable.Range(0, end).Where(start => mayBegin[start] && counts[end] > counts[start])
                        .Select(start => (
                            Math.Max(best[parts - 1, start].Busiest, costs[end] - costs[start]),
                            best[parts - 1, start].Sent + modules[start].From.Size, start))
                        .Append((double.PositiveInfinity, long.MaxValue / 2, 0)).Min();
            }
        }

        var starts = new int[size + 1];
        starts[size] = modules.Count;
        for (var part = size - 1; part > 0; part--)
        {
            starts[part] = best[part, starts[part + 1]].Start;
        }

        return starts;
    }

    private static double MultiplyAdds(WeightedLayer layer)
        => (double)layer.Weights.Rows * layer.Weights.Columns * layer.Map.To.Size / layer.Map.Rows;
}
