namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What a spec may say, but hardly means: worth a line, and no mistake.</summary>
public static class SpecNotes
{
    /// <summary>One line for each; empty if there is nothing to say.</summary>
    /// <param name="spec">A complete, valid spec.</param>
    /// <param name="components">What it can name.</param>
    public static IReadOnlyList<string> Of(ExperimentSpec spec, Components components)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(components);
        if (spec.Optimizer.FeedbackWeightDecay(components) > 0)
        {
            return [];
        }

        var rules = spec.Rules.Concat((spec.Training.Phases ?? []).Select(phase => phase.Rule).OfType<string>()).Distinct();
        return [.. rules.Where(id => components.Rules.Get(id).NeedsWeightDecay)
            .Select(id => $"{id} without optimizer.weightDecay never forgets its initial feedback weights")];
    }
}
