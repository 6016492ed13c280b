using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>What a run takes at the very least, by its spec alone: so that what cannot be is refused before a folder is made.</summary>
internal static class RunMemory
{
    /// <summary>Of every unit a forward pass keeps the output, and a rule the error.</summary>
    private const int NumbersPerUnit = 2;

    /// <summary>Bytes of the weights, once.</summary>
    public static double OfWeights(NetworkPlan plan) => plan.Layers.Sum(layer => Matrix.BytesOf(layer.Columns, layer.Rows));

    /// <summary>The mistakes of a spec that asks for more memory than may be used.</summary>
    /// <param name="spec">A valid spec.</param>
    /// <param name="plan">Its network.</param>
    /// <param name="components">What the spec can name.</param>
    public static IEnumerable<SpecProblem> Check(ExperimentSpec spec, NetworkPlan plan, Components components)
    {
        var weights = OfWeights(plan) * (1 + Slots(spec.Optimizer, components));
        if (!MemoryBudget.Fits(weights))
        {
            var what = $"the weights of {ForeignText.Line(plan.ToString(), ForeignText.LongestQuote)} and the state of the optimizer "
                + "would take";
            yield return new SpecProblem("network.layers", MemoryBudget.Refusal(weights, what));
        }

        var batch = spec.Training.BatchSize;
        var widest = plan.Nodes.Max(module => Math.Max(module.From.Size, module.To.Size));
        var most = (long)(Array.MaxLength / (Matrix.BytesOf(1, widest) / sizeof(float))) - 1;
        var passes = NumbersPerUnit * plan.Nodes.Sum(module => Matrix.BytesOf(batch, module.To.Size));
        if (batch > most)
        {
            yield return new SpecProblem("training.batchSize", $"must be at most {most} for a layer of {widest} units, was {batch}");
        }
        else if (!MemoryBudget.Fits(passes))
        {
            var what = $"the outputs and errors of a batch of {batch} would take";
            yield return new SpecProblem("training.batchSize", MemoryBudget.Refusal(passes, what));
        }
    }

    /// <summary>Numbers that an optimizer keeps for each weight.</summary>
    private static int Slots(OptimizerSpec optimizer, Components components)
        => components.Optimizers.Get(optimizer.Kind).Smallest(optimizer.Setup()).Memory.Count;
}
