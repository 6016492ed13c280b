using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Tries whether a rule can be made for a network.</summary>
internal static class RefusedRule
{
    /// <summary>Why a rule cannot be made, in one line without the name of a parameter, which no spec has; null: it can.</summary>
    /// <param name="id">The rule's id.</param>
    /// <param name="network">The network.</param>
    /// <param name="builder">Knows the rule's settings.</param>
    /// <param name="components">What specs can name.</param>
    public static string? Reason(string id, Network network, RunBuilder builder, Components components)
    {
        try
        {
            components.Rules.Get(id).Create(builder.Setup(network, 1, id));
            return null;
        }
        catch (ArgumentException refused) when (refused is not ArgumentNullException)
        {
            return refused.Message.Split('\n')[0].Split(" (Parameter '")[0];
        }
    }
}
