namespace FeedbackAlignment.Reports;

/// <summary>The words of the page for learning rules; a rule it does not know goes by its id.</summary>
internal static class RuleText
{
    public const string Backpropagation = "backpropagation";
    public const string FeedbackAlignment = "feedback-alignment";
    public const string DirectFeedbackAlignment = "direct-feedback-alignment";
    public const string Shallow = "shallow";
    public const string NodePerturbation = "node-perturbation";
    public const string Pseudobackprop = "pseudobackprop";

    /// <summary>The rules the page can explain, in the order it does; a rule's place is also its color in charts.</summary>
    public static IReadOnlyList<string> Explained { get; } = [Backpropagation, FeedbackAlignment, DirectFeedbackAlignment, Shallow, NodePerturbation, Pseudobackprop];

    /// <summary>The name to head a row or a legend with.</summary>
    public static string Name(string rule)
    {
        var words = rule.Replace('-', ' ');
        return words.Length == 0 ? rule : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>The name inside a sentence.</summary>
    public static string InSentence(string rule) => rule == Shallow ? "shallow learning" : rule.Replace('-', ' ');

    /// <summary>Whether fixed random weights carry the error.</summary>
    public static bool IsRandomFeedback(string rule) => rule is FeedbackAlignment or DirectFeedbackAlignment;

    /// <summary>One line under the drawing of the rule.</summary>
    public static string Caption(string rule) => rule switch
    {
        Backpropagation => "The error travels back through the forward weights themselves, mirrored (Wᵀ).",
        FeedbackAlignment => "The error travels back layer by layer through random weights B that never change.",
        DirectFeedbackAlignment => "The error jumps from the output straight to every hidden layer, each through a random B of its own.",
        Shallow => "No error is sent back. Hidden layers stay as they were drawn; only the top layer learns.",
        NodePerturbation => "No error is sent back. Hidden units are shaken by noise ξ; one number, how much the loss changed by it (ΔL), tells them whether that was good.",
        Pseudobackprop => "The error travels back through the pseudo-inverse of the forward weights (W⁺): the smallest change below that would undo it.",
        _ => "",
    };
}
