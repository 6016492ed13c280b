namespace FeedbackAlignment.Experiments.Runs;

/// <summary>A rule that cannot be made for a network.</summary>
internal static class RefusedRule
{
    /// <summary>The reason in one line, without the name of a parameter, which no spec has.</summary>
    /// <param name="refused">What the rule said.</param>
    public static string Reason(ArgumentException refused) => refused.Message.Split('\n')[0].Split(" (Parameter '")[0];
}
