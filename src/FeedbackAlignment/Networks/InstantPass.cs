using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>The pass of an ordinary network: module by module, and at once.</summary>
internal sealed class InstantPass : ForwardPass
{
    /// <param name="network">The network.</param>
    /// <param name="maxBatch">The most examples in a batch.</param>
    /// <param name="streams">The training's random numbers; null for a pass that only answers.</param>
    /// <param name="instead">Makes another run than a module's own, or none (null).</param>
    public InstantPass(
        Network network, int maxBatch, RandomStreams? streams, Func<Module, RunSetup, ModuleRun?>? instead = null)
        : base(network, maxBatch)
    {
        var setup = new RunSetup(network.Index, maxBatch, streams) { Instead = instead };
        Root = setup.Begin(network.Root);
        (Layers, Runs, Noise) = (setup.Layers, setup.Runs, setup.Noise);
    }

    internal override IReadOnlyList<RandomStream> Noise { get; }
}
