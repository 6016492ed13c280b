using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Indirect feedback alignment: the output's error goes through a fixed random matrix to the first hidden layer, and from there forward,
/// through the forward weights and with every layer's derivative, Δh₁ = B e, Δhₗ = Wₗ (Δhₗ₋₁ ∘ σ′ₗ₋₁). Nøkland, "Direct feedback
/// alignment provides learning in deep neural networks", NIPS 2016, arXiv 1609.01596.
/// </summary>
public sealed class IndirectFeedbackAlignmentRule : BroadcastRule
{
    private readonly Matrix[] _errors, _localErrors;

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "indirect-feedback-alignment",
        "indirect feedback alignment",
        "The output error goes through random weights to the first hidden layer, and from there forward.",
        "Nøkland, NIPS 2016, arXiv 1609.01596",
        setup => new IndirectFeedbackAlignmentRule(setup))
    {
        Notes = new()
        {
            Formula = "e₁ = δ_L B, eₗ = δₗ₋₁ Wₗᵀ",
            Route = ErrorRoute.FirstThenForward,
            Carrier = "B random, then W",
            Operations = "C n₁, and Σ nₗ₋₁ nₗ over the hidden layers but the first",
            Memory = "C n₁ feedback weights; every hidden layer's error twice",
            CountMemory = network => network.Sites.Count == 0 ? 0 : (network.Outputs * network.Sites[0].Units) + (2 * network.HiddenUnits),
            Pitfalls =
            [
                "The errors of the upper hidden layers depend on the forward weights below them, and these change. So they are not a "
                + "fixed projection of the output's error.",
                "Feedback alignment works well with forward weights near zero. Here such weights let almost no error through to the "
                + "second hidden layer.",
            ],
            Choices =
            [
                "The paper proposes it to show that feedback need not come from above. We found no results with it there.",
                "It takes dense layers one after another only: we know of no paper that says how an error goes forward through pooling.",
            ],
            Unverified =
            [
                "The formula is from memory of the paper, not from its text. That the derivatives of the hidden layers appear in it is "
                + "our reading.",
            ],
        },
    };

    /// <summary>Draws the feedback weights: those of direct feedback alignment to the first hidden layer.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    public IndirectFeedbackAlignmentRule(RuleSetup setup)
        : base(setup)
    {
        Network.RequireChain(Entry.Name);
        _errors = HiddenBuffers();
        _localErrors = HiddenBuffers();
        Feedback = [.. setup.DrawDirectFeedback().Take(1).Select(weights => new FeedbackPath(Network.Layers.Count - 1, 0, weights))];

        Matrix[] HiddenBuffers() => [.. Network.Layers.SkipLast(1).Select(layer => new Matrix(MaxBatch, layer.Outputs))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    internal override string? LayersObjection => "it sends the error up through all layers, one after another";

    /// <summary>
    /// From the first hidden layer to the last: the walk that follows goes the other way, so all errors must be there before.
    /// </summary>
    protected override void BeginBatch(Matrix outputError, Matrix targets)
    {
        var count = outputError.Rows;
        for (var index = 0; index < _errors.Length; index++)
        {
            var error = _errors[index].Top(count);
            if (index == 0)
            {
                Feedback[0].Source.MultiplyBack(outputError, error, Network.Compute);
                continue;
            }

            var local = _localErrors[index - 1].Top(count);
            local.CopyFrom(_errors[index - 1].Top(count));
            Pass.Localize(index - 1, local);
            Network.Compute.Product(local, Network.Layers[index].Weights.Read().Transposed, error);
        }
    }

    /// <inheritdoc/>
    protected override void BringError(in Site at, Matrix signal, Matrix error) => error.CopyFrom(_errors[at.Index].Top(error.Rows));
}
