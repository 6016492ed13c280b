using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>
/// An experiment of the reproduction: a spec that lies in this assembly (and in <c>specs/paper/</c>, to copy and change), with fewer
/// seeds where less effort is wanted. It has no training loop of its own; <c>fa train</c> runs its spec.
/// </summary>
/// <param name="id">Its id, and its folder.</param>
/// <param name="spec">Name of the spec.</param>
/// <param name="quickSeeds">Seeds at quick effort; 0: not run.</param>
/// <param name="standardSeeds">Seeds at standard effort; the paper's effort takes all that the spec has.</param>
/// <param name="vary">What differs from the spec; null: nothing.</param>
/// <param name="quickExamples">Examples at quick effort; null: all.</param>
internal sealed class PaperExperiment(
    string id, string spec, int quickSeeds, int standardSeeds, Func<ExperimentSpec, ExperimentSpec>? vary = null, long? quickExamples = null)
{
    /// <summary>Its id, and the name of its folder.</summary>
    public string Id { get; } = id;

    /// <summary>Whether it is run at all.</summary>
    /// <param name="effort">How much is spent.</param>
    public bool IsPartOf(Effort effort) => effort != Effort.Quick || quickSeeds > 0;

    /// <summary>What to run.</summary>
    /// <param name="effort">How much is spent.</param>
    public ExperimentSpec Spec(Effort effort)
    {
        var whole = Read(spec);
        var varied = vary?.Invoke(whole) ?? whole;
        var seeds = effort switch { Effort.Quick => quickSeeds, Effort.Standard => standardSeeds, _ => varied.Seeds.Count };
        var examples = effort == Effort.Quick ? quickExamples ?? varied.Training.Examples : varied.Training.Examples;
        return varied with { Seeds = [.. varied.Seeds.Take(seeds)], Training = varied.Training with { Examples = examples } };
    }

    private static ExperimentSpec Read(string name)
    {
        using var stream = typeof(PaperExperiment).Assembly.GetManifestResourceStream($"paper/{name}.json")
            ?? throw new ArgumentException($"there is no spec called {name} in this assembly", nameof(name));
        return SpecReader.Read(stream, Components.Standard);
    }
}
