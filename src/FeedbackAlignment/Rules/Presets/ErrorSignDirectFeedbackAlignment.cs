namespace FeedbackAlignment.Rules;

/// <summary>
/// Direct feedback alignment by the sign of the error (sDFA): every hidden layer gets only whether each output was too great or too small,
/// Δhₗ = Bₗ sign(e). The output layer has the exact error. Frenkel, Lefebvre, Bol, "Learning without feedback: fixed random learning
/// signals allow for feedforward training of deep neural networks", Frontiers in Neuroscience 15:629892 (2021), arXiv 1909.01311.
/// </summary>
internal static class ErrorSignDirectFeedbackAlignment
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "error-sign-direct-feedback-alignment",
        "direct feedback alignment by the error's sign",
        "Direct feedback alignment that sends hidden layers only the sign of each output's error.",
        "Frenkel, Lefebvre & Bol, Front. Neurosci. 15:629892 (2021), arXiv 1909.01311",
        setup => new DirectFeedbackAlignmentRule(setup, DirectSignal.SignOfError))
    {
        Notes = new()
        {
            Formula = "eₗ = sign(δ_L) Bₗ",
            Route = ErrorRoute.Direct,
            Carrier = "B random, sign of e",
            Operations = "C Σ nₗ over the hidden layers, in one product",
            Memory = "C Σ nₗ feedback weights, none if regenerated, and one example's C signs",
            CountMemory = network => network.Direct + network.Outputs,
            Pitfalls =
            [
                "With one-hot targets and outputs in (0, 1) the signs of an example never change. Whatever the network has learned, the "
                + "many outputs that are too large shift all units in the same way. Nothing in the rule stops the units from saturating.",
                "Hidden errors do not shrink as the outputs improve. At a constant learning rate only saturation brings the hidden layers "
                + "to rest.",
                "Output errors are below 1 with softmax or logistic outputs. Hidden errors are then larger than under direct feedback "
                + "alignment with the same B, and the gap grows as outputs improve. Tune learning rate and feedback scale for this rule.",
            ],
            Choices =
            [
                "The sign of zero is 0. The sign is that of the output layer's local error. Under squared error, this is 0 where a "
                + "rectified output is silent.",
            ],
        },
    };
}
