using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// What a training takes over from the file of an earlier one besides the weights: <c>network.initialization.carries</c>.
/// </summary>
internal static class CarriedState
{
    private const string Key = "network.initialization.carries";

    /// <summary>Makes sure that a file is of the rule and the optimizer of a spec.</summary>
    /// <param name="spec">A valid spec.</param>
    /// <param name="given">The file that it names; null: it names none.</param>
    /// <param name="components">What specs can name.</param>
    /// <exception cref="SpecException">It is not.</exception>
    public static void Require(ExperimentSpec spec, GivenWeights? given, Components components)
    {
        if (given is null || spec.Network.Initialization.Carries is CarriedIds.Weights or CarriedIds.Feedback)
        {
            return;
        }

        var rule = given.File.Metadata.GetValueOrDefault(RunExport.RuleKey);
        if (rule is null || spec.Rules.Any(id => id != rule))
        {
            throw Mistake(
                $"{spec.Network.Initialization.From} is of a run of {rule ?? "no rule"}, so only that rule can continue with what it had "
                + $"learned; must be {CarriedIds.Weights} for {string.Join(", ", spec.Rules)}");
        }

        if (spec.Network.Initialization.Carries == CarriedIds.Optimizer
            && RunExport.ReadSpec(given.File, spec.Network.Initialization.From!, components) is { } before
            && before.Optimizer.Kind != spec.Optimizer.Kind)
        {
            throw Mistake(
                $"{spec.Optimizer.Kind} cannot use the state of {before.Optimizer.Kind}; must be {CarriedIds.Weights} or "
                + $"{CarriedIds.Rule}");
        }
    }

    /// <summary>Brings a rule and an optimizer that were made for a run to where they stood in the file.</summary>
    /// <param name="network">The network of the run's spec.</param>
    /// <param name="given">The file that it names; null: it names none.</param>
    /// <param name="rule">The run's rule.</param>
    /// <param name="optimizer">What moves the weights.</param>
    /// <exception cref="DataFormatException">Something is not in the file.</exception>
    public static void Restore(NetworkSpec network, GivenWeights? given, LearningRule rule, Optimizer optimizer)
    {
        if (given is null || network.Initialization.Carries == CarriedIds.Weights)
        {
            return;
        }

        if (network.Initialization.Carries == CarriedIds.Feedback)
        {
            TakeFeedback();
            return;
        }

        foreach (var parameter in rule.Parameters)
        {
            parameter.Set(Find(TensorNames.Rule(parameter.Name), parameter));
        }

        if (network.Initialization.Carries == CarriedIds.Optimizer && optimizer.Memory.Count > 0)
        {
            // The rules of other phases are not in the file.
            var names = rule.Parameters.Select(parameter => (parameter, Name: TensorNames.Rule(parameter.Name)))
                .Concat(rule.Network.Parameters.Select(parameter => (parameter, parameter.Name)))
                .ToDictionary();
            optimizer.Restore(
                (long)Find(TensorNames.Steps, null)[0, 0],
                (memory, parameter) => names.TryGetValue(parameter, out var name)
                    ? Find(TensorNames.Optimizer(name, memory), parameter)
                    : new Matrix(parameter.Rows, parameter.Columns));
        }

        Matrix Find(string name, Parameter? like)
            => given.File.Find(name)?.Values is { } values && (like is null || (values.Rows, values.Columns) == (like.Rows, like.Columns))
                ? values
                : throw new DataFormatException(network.Initialization.From!, null, $"there is no {name}{(like is null ? "" : $" of {like.Rows} × {like.Columns}")} in it, which {Key} = {network.Initialization.Carries} needs");

        void TakeFeedback()
        {
            if ((rule.Feedback.Count == 0 ? "the rule has no feedback weights"
                : GivenFeedback.Objection(given.File, rule)) is { } objection)
            {
                throw new DataFormatException(
                    network.Initialization.From!, null, $"{objection}; {Key} must be {CarriedIds.Weights} for it");
            }

            GivenFeedback.Copy(given.File, rule);
        }
    }

    private static SpecException Mistake(string message) => new([new SpecProblem(Key, message)]);
}
