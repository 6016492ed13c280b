using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The mistakes that lie between options of the feedback weights, the rules and the network.</summary>
internal static class FeedbackChecks
{
    public static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (!problems.Sound("feedback"))
        {
            return;
        }

        var feedback = spec.Feedback;
        if (feedback.Normalization != FeedbackNormalizationIds.None && feedback.Scheme != Initialization.Default
            && components.Initializations.Get(feedback.Scheme).DependsOnFans)
        {
            problems.Add("feedback.normalization",
                $"cannot be combined with {feedback.Scheme}, which already depends on the size of the matrix; write uniform or normal, "
                + $"or {FeedbackNormalizationIds.None} here");
        }

        if (feedback is { Share: not null, ErrorsPerUnit: not null })
        {
            problems.Add("feedback.errorsPerUnit", "cannot be combined with feedback.share; keep one of the two");
        }
        else if (feedback.Rank is not null && (feedback.Share < 1 || feedback.ErrorsPerUnit is not null))
        {
            problems.Add("feedback.rank",
                "cannot be combined with missing connections; leave it or "
                + $"feedback.{(feedback.Share < 1 ? "share" : "errorsPerUnit")} out");
        }
        else if (Kept(feedback) is { } kept)
        {
            problems.Add("feedback.regenerate", $"cannot be combined with {kept}; leave one of the two out");
        }
        else
        {
            CheckRules(spec, components, problems);
        }

        CheckSizes(spec, components, problems);
    }

    /// <summary>What would have to be kept of feedback weights that are to be regenerated; null: nothing.</summary>
    private static string? Kept(FeedbackSpec feedback)
        => !feedback.Regenerate ? null
            : feedback.Rank is not null ? "feedback.rank, whose factors are kept"
            : feedback.Share < 1 ? "feedback.share below 1, whose missing connections are kept"
            : feedback.ErrorsPerUnit is not null ? "feedback.errorsPerUnit, whose missing connections are kept"
            : feedback.Normalization == FeedbackNormalizationIds.ErrorNorm ? $"feedback.normalization {FeedbackNormalizationIds.ErrorNorm}, which must see all weights first"
            : null;

    private static void CheckRules(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (!problems.Sound("rules", "training.phases"))
        {
            return;
        }

        var feedback = spec.Feedback;
        var options = new FeedbackOptions { Share = feedback.Share, ErrorsPerUnit = feedback.ErrorsPerUnit, Rank = feedback.Rank, Regenerate = feedback.Regenerate };
        var trained = spec.Rules.Concat((spec.Training.Phases ?? []).Select(phase => phase.Rule).OfType<string>()).Distinct();
        foreach (var objection in trained.Select(id => components.Rules.Find(id)?.FeedbackObjection(options)).OfType<string>())
        {
            var key = feedback.Regenerate ? "regenerate" : feedback.Rank is not null ? "rank" : feedback.Share is not null ? "share" : "errorsPerUnit";
            problems.Add($"feedback.{key}", $"{objection}; leave it or the rule out");
        }
    }

    /// <summary>Numbers that no matrix of the network can have; where only some cannot, those have what they can.</summary>
    private static void CheckSizes(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (!problems.Sound("network.layers") || spec.Network.Layers is not { } text || NetworkPlan.LeavesInput(text)
            || spec.Network.Plan(components).Layers is not [_, _, ..] layers)
        {
            return;
        }

        var (errors, rank) = (
            layers.Skip(1).Max(layer => layer.Rows), layers.Skip(1).Max(layer => Math.Min(layer.Rows, layer.Columns)));
        if (spec.Feedback.ErrorsPerUnit > errors)
        {
            problems.Add("feedback.errorsPerUnit",
                $"must be ≤ {errors}, because no layer of {spec.Network.Layers} sends more, was {spec.Feedback.ErrorsPerUnit}");
        }

        if (spec.Feedback.Rank > rank)
        {
            problems.Add("feedback.rank",
                $"must be ≤ {rank}, because no feedback matrix of {spec.Network.Layers} can have a higher rank, was {spec.Feedback.Rank}");
        }
    }
}
