using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>What a module's run is made from.</summary>
public sealed class RunSetup
{
    private readonly RandomStreams? _streams;
    private readonly LayerRun[] _layers;
    private readonly List<RandomStream> _noise = [];
    private readonly Dictionary<Module, ModuleRun> _runs = [];
    private readonly Dictionary<string, RandomStream> _named = [];

    /// <param name="index">Knows the network's layers and sites.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    /// <param name="streams">The training's random numbers; null for a pass that only answers.</param>
    internal RunSetup(NetworkIndex index, int maxBatch, RandomStreams? streams)
    {
        (Index, MaxBatch, _streams) = (index, maxBatch, streams);
        _layers = new LayerRun[index.Layers.Count];
    }

    /// <summary>The most examples in a batch.</summary>
    public int MaxBatch { get; }

    /// <summary>Does the products, and shares other work among its threads.</summary>
    internal Compute Compute => Index.Layers[0].Map.Compute;

    /// <summary>The runs of all layers with weights, in the network's order.</summary>
    internal LayerRun[] Layers => _layers;

    /// <summary>The runs of all modules.</summary>
    internal IReadOnlyDictionary<Module, ModuleRun> Runs => _runs;

    /// <summary>Makes another run than a module's own, or none (null).</summary>
    internal Func<Module, RunSetup, ModuleRun?>? Instead { get; init; }

    /// <summary>Streams of another pass that serve this one, too, by their names; null: it has its own.</summary>
    internal IReadOnlyDictionary<string, RandomStream>? Shared { get; init; }

    /// <summary>All streams that the runs draw from, by their names.</summary>
    internal IReadOnlyDictionary<string, RandomStream> Named => _named;

    /// <summary>All streams that the runs draw from.</summary>
    internal IReadOnlyList<RandomStream> Noise => _noise;

    /// <summary>Knows the network's layers and sites.</summary>
    internal NetworkIndex Index { get; }

    /// <summary>The run of a child.</summary>
    /// <param name="child">A module of the network.</param>
    public ModuleRun Begin(Module child)
    {
        ArgumentNullException.ThrowIfNull(child);
        var run = Instead?.Invoke(child, this) ?? child.Begin(this);
        if (run is LayerRun layer)
        {
            _layers[layer.Index] = layer;
        }

        return _runs[child] = run;
    }

    /// <summary>
    /// A stream of the training's random numbers. It belongs to the training: its place is in checkpoints, and instruments put it back.
    /// </summary>
    /// <param name="name">A name that no other stream of the network has; the module's name should be in it.</param>
    /// <returns>The stream; in a pass that only answers, null.</returns>
    public RandomStream? Stream(string name)
    {
        if (_streams is null)
        {
            return null;
        }

        var stream = Shared?[name] ?? _streams.Stream($"{RandomStreams.Noise}/{name}");
        _named[name] = stream;
        _noise.Add(stream);
        return stream;
    }
}
