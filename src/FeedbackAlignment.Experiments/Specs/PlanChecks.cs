using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Texts;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What a network that is more than sizes asks of the rest of a spec.</summary>
internal static class PlanChecks
{
    public static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (!problems.Sound("network.layers") || spec.Network?.Layers is null
            || spec.Network.Plan(components) is not { HasActivations: true } plan)
        {
            return;
        }

        RequireDefault("activation", spec.Network.Activation, Activation.Tanh.Id);
        RequireDefault("outputActivation", spec.Network.OutputActivation, Activation.Linear.Id);
        if (!plan.IsChain)
        {
            CheckRules(spec, plan, components, problems);
        }

        CheckBatch(spec, plan, problems);

        void RequireDefault(string key, string? value, string standard)
        {
            if (problems.Sound($"network.{key}") && value != standard)
            {
                problems.Add(
                    $"network.{key}",
                    $"must be left out, because network.layers has its own activations, e.g. dense 256 relu; was "
                        + $"{ForeignText.Quoted(value ?? "")}");
            }
        }
    }

    /// <summary>The mistake of batches that a module cannot learn from, once the number of examples is known.</summary>
    /// <param name="spec">A valid spec.</param>
    /// <param name="plan">Its network.</param>
    /// <param name="train">Training examples there are.</param>
    /// <param name="validation">Validation examples there are.</param>
    public static IEnumerable<SpecProblem> OfBatches(ExperimentSpec spec, NetworkPlan plan, int train, int validation)
    {
        var phases = spec.Training.Phases?.Select(phase => phase.Examples) ?? [SpecCompletion.TotalExamples(spec.Training, train)];
        if (TrainerChecks.SmallestBatch(train, Math.Min(spec.Training.BatchSize, train), phases) < plan.LeastBatch)
        {
            yield return new("training.batchSize",
                $"leaves one example over at the end of a pass, a phase or the training, but {plan.NeedsBatch} learns from at least "
                + $"{plan.LeastBatch} at a time; was {spec.Training.BatchSize}, with {train} training examples");
        }

        if (plan.LeastBatch > validation && spec.Training.MeasureEvery != 0)
        {
            yield return new(
                "data.validation",
                $"must be at least {plan.LeastBatch} with {plan.NeedsBatch}, or training.measureEvery 0; was {validation}");
        }
    }

    /// <summary>The mistake of a rule that needs convolutions, once the whole network is known.</summary>
    /// <param name="spec">A valid spec.</param>
    /// <param name="plan">Its network.</param>
    /// <param name="components">What specs can name.</param>
    public static IEnumerable<SpecProblem> OfConvolutions(ExperimentSpec spec, NetworkPlan plan, Components components)
        => NamedRules.Of(spec).Where(named => components.Rules.Find(named.Id)?.MissesConvolution(plan) ?? false)
            .Select(named => new SpecProblem(
                named.Path,
                $"{ForeignText.Quoted(named.Id)} needs a network with convolutions, and {plan} has none; leave one of the two out"));

    private static void CheckBatch(ExperimentSpec spec, NetworkPlan plan, SpecProblems problems)
    {
        if (!problems.Sound("training") || spec.Training is not { } training)
        {
            return;
        }

        if (training.BatchSize < plan.LeastBatch)
        {
            problems.Add(
                "training.batchSize",
                $"must be at least {plan.LeastBatch} with {plan.NeedsBatch}, because one example has no variance; was "
                    + $"{training.BatchSize}");
        }

        if (training.MeasureEvery != 0 && training.MeasureExamples < plan.LeastBatch)
        {
            problems.Add(
                "training.measureExamples",
                $"must be at least {plan.LeastBatch} with {plan.NeedsBatch}, because one example has no variance; was "
                    + $"{training.MeasureExamples}");
        }
    }

    private static void CheckRules(ExperimentSpec spec, NetworkPlan plan, Components components, SpecProblems problems)
    {
        foreach (var (path, id) in NamedRules.Of(spec))
        {
            if (components.Rules.Find(id) is not { } rule
                || RuleCost.ObjectionToModules(rule, plan, "network.layers") is not { } objection)
            {
                continue;
            }

            var advice = rule is { NeedsChain: true, Parts.Count: > 0, PartNames.Count: 0 }
                ? $"name what each rule serves, e.g. {plan.LayerNames[0]}{RuleMixture.Mark}{rule.Parts[0].Id}{RuleMixture.Joint}"
                    + $"{MixtureRule.Others}{RuleMixture.Mark}{rule.Parts[^1].Id}"
                : "leave one of the two out";
            problems.Add(path, $"{ForeignText.Quoted(id)} {objection}; {advice}");
        }
    }
}
