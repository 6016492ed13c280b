using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>What a spiking network asks of the rest of a spec. That the output layer is linear, the loss asks.</summary>
internal static class SpikingChecks
{
    public static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (!problems.Sound("network.spiking") || spec.Network?.Spiking is not { } spiking)
        {
            return;
        }

        if (problems.Sound("network.layers") && spec.Network.Plan(components).HasActivations)
        {
            problems.Add(
                "network.spiking", "needs sizes in network.layers, e.g. 784-1000-10, because a spiking network has no other modules");
            return;
        }

        if (spiking.Settle >= spiking.Steps)
        {
            problems.Add("network.spiking.settle",
                $"must be < network.spiking.steps ({spiking.Steps}), or no step is left for the answer; was {spiking.Settle}");
        }

        if (problems.Sound("network.activation") && spec.Network.Activation != Activation.Logistic.Id)
        {
            problems.Add("network.activation",
                $"must be {Activation.Logistic.Id} with network.spiking, whose rates are probabilities; was "
                + $"{ForeignText.Quoted(spec.Network.Activation)}");
        }

        if (problems.Sound("loss") && spec.Loss != Loss.LogisticCrossEntropy.Id)
        {
            problems.Add(
                "loss",
                $"must be {Loss.LogisticCrossEntropy} with network.spiking; was "
                + (spec.Loss is null ? "left out" : ForeignText.Quoted(spec.Loss)));
        }

        if (problems.Sound("rules"))
        {
            CheckRules(spec.Rules.Select((id, index) => ($"rules[{index}]", (string?)id)), components, problems);
        }

        if (problems.Sound("training.phases"))
        {
            CheckRules(
                (spec.Training.Phases ?? []).Select((phase, index) => ($"training.phases[{index}].rule", phase.Rule)),
                components, problems);
        }

        if (problems.Sound("training.measurePseudobackprop") && spec.Training.MeasurePseudobackprop)
        {
            problems.Add("training.measurePseudobackprop",
                "must be left out with network.spiking, where the instruments read only the weights");
        }

        if (problems.Sound("training.batchSize") && spec.Training.BatchSize != 1)
        {
            problems.Add("training.batchSize",
                $"must be 1 with network.spiking, because a spiking network sees one example at a time; was {spec.Training.BatchSize}");
        }
    }

    private static void CheckRules(IEnumerable<(string Path, string? Id)> rules, Components components, SpecProblems problems)
    {
        foreach (var (path, id) in rules.Where(
            rule => rule.Id is not null && components.Rules.Find(rule.Id) is { NeedsAnswersAtOnce: true }))
        {
            problems.Add(path, $"{id} does not work with network.spiking; leave one of the two out");
        }
    }
}
