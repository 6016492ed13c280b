using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>The pass of an ordinary network: module by module, and at once.</summary>
internal sealed class InstantPass : ForwardPass
{
    /// <param name="network">The network.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    /// <param name="streams">The training's random numbers; null for a pass that only answers.</param>
    /// <param name="instead">Makes another run than a module's own, or none (null).</param>
    /// <param name="sharing">A pass with whose streams this one draws; null: it has its own.</param>
    public InstantPass(
        Network network, int maxBatch, RandomStreams? streams, Func<Module, RunSetup, ModuleRun?>? instead = null,
        InstantPass? sharing = null)
        : base(network, maxBatch)
    {
        var setup = new RunSetup(network.Index, maxBatch, streams) { Instead = instead, Shared = sharing?.NamedNoise };
        Root = setup.Begin(network.Root);
        (Layers, Runs, Noise, NamedNoise) = (setup.Layers, setup.Runs, setup.Noise, setup.Named);
    }

    /// <summary>The streams from which modules draw, by their names.</summary>
    internal IReadOnlyDictionary<string, RandomStream> NamedNoise { get; }

    internal override IReadOnlyList<RandomStream> Noise { get; }

    /// <summary>Runs some of the network's modules, to learn.</summary>
    /// <param name="input">batch × inputs of the first of them.</param>
    /// <param name="from">The first module.</param>
    /// <param name="to">The module behind the last.</param>
    /// <returns>batch × outputs of the last of them. Valid until the next run.</returns>
    public Matrix Run(Matrix input, int from, int to)
        => ((SequenceRun)Root).Forward(from == 0 ? Readable(input) : input, PassMode.Learn, from, to);
}
