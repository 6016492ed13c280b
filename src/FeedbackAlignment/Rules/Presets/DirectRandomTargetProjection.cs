namespace FeedbackAlignment.Rules;

/// <summary>
/// Direct random target projection: every hidden layer gets the example's target, not its error, Δhₗ = −Bₗ t: it can learn before the
/// output is known. The output layer has the exact error. Frenkel, Lefebvre, Bol, "Learning without feedback: fixed random learning
/// signals allow for feedforward training of deep neural networks", Frontiers in Neuroscience 15:629892 (2021), arXiv 1909.01311.
/// </summary>
/// <remarks>
/// The sign: our error is output − target, so for one-hot targets and outputs in (0, 1) its sign is 1 − 2t, and −t is what is left of it
/// without shift and scale. With B as in <see cref="ErrorSignDirectFeedbackAlignment"/>, that rule's hidden errors are this one's
/// twice, and the same shift for all examples.
/// </remarks>
internal static class DirectRandomTargetProjection
{
    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "direct-random-target-projection",
        "direct random target projection",
        "Hidden layers get the target through random weights. They get no error.",
        "Frenkel, Lefebvre & Bol, Front. Neurosci. 15:629892 (2021), arXiv 1909.01311",
        setup => new DirectFeedbackAlignmentRule(setup, DirectSignal.NegativeTarget))
    {
        Notes = new()
        {
            Formula = "eₗ = −t Bₗ, t the one-hot target",
            Route = ErrorRoute.Direct,
            SendsTarget = true,
            Carrier = "B random, targets",
            Operations = "C Σ nₗ over the hidden layers, in one product (one column of each B would do for one-hot targets)",
            Memory = "C Σ nₗ feedback weights, none if regenerated, and one example's C targets",
            CountMemory = network => network.Direct + network.Outputs,
            Pitfalls =
            [
                "An example always pushes hidden layers in the same direction, whether its answer is right or wrong. Only saturation "
                + "stops them, and rectified or linear units do not saturate.",
                "The rule is meant for classes, where one-hot targets stand for the sign of the error. Other numeric targets do not.",
                "Some implementations divide the loss by the batch size but not the hidden signal. Hidden layers then learn at a rate "
                + "many times higher. Here all gradients are means over the batch.",
            ],
            Choices =
            [
                "The hidden error is −t B, which has the sign of the error output − target. The authors' code adds t B. The two differ "
                + "only by the sign of B, whose distribution is symmetric about 0. With our sign the hidden signal agrees with that of "
                + "direct feedback alignment through the same B.",
                "Hidden layers wait for the output layer, as under every other rule. The rule would allow their update before the output "
                + "is known, but this is not used here.",
            ],
            Unverified =
            [
                "The paper's sign convention for the error was not checked. The formula comes from the authors' code and from summaries.",
            ],
        },
    };
}
