using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What a spec may say, but hardly means: worth a line, and no mistake.</summary>
public static class SpecNotes
{
    /// <summary>What the network took from the data; null: nothing.</summary>
    /// <param name="asked">The spec as it was asked for.</param>
    /// <param name="complete">The same, complete.</param>
    /// <param name="components">What they can name.</param>
    public static string? OfNetwork(ExperimentSpec asked, ExperimentSpec complete, Components components)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(complete);
        ArgumentNullException.ThrowIfNull(components);
        if (asked.Network.Layers is not { } text || !NetworkPlan.LeavesInput(text))
        {
            return null;
        }

        var plan = complete.Network.Plan(components);
        var inputs = plan.Input.IsPicture ? $"pictures of {plan.Input}" : $"{plan.Input} inputs";
        return $"network.layers took {inputs} from the data{(NetworkPresets.Find(text) is null ? "" : $", and {plan.Outputs} classes")}";
    }

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
