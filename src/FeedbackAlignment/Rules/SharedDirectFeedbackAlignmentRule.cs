using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Direct feedback alignment with one random matrix for all layers: the output's error is projected once, and every hidden layer takes as
/// many of the projections as it has units, Δhₗ = (B e)₁…ₙ. Launay, Poli, Boniface, Krzakala, "Direct feedback alignment scales to modern
/// deep learning tasks and architectures", NeurIPS 2020, arXiv 2006.12878.
/// </summary>
public sealed class SharedDirectFeedbackAlignmentRule : BroadcastRule
{
    private readonly WeightSource[] _feedback;
    private readonly Matrix _shared, _projected;

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "shared-direct-feedback-alignment",
        "shared direct feedback alignment",
        "Direct feedback alignment with one random matrix, sliced for every hidden layer.",
        "Launay, Poli, Boniface & Krzakala, NeurIPS 2020, arXiv 2006.12878",
        setup => new SharedDirectFeedbackAlignmentRule(setup))
    {
        Notes = new()
        {
            Formula = "eₗ = the first nₗ of δ_L B",
            Route = ErrorRoute.Direct,
            Carrier = "one B random",
            Operations = "C max nₗ over the hidden layers, once",
            Memory = "C max nₗ feedback weights, and one example's max nₗ projections",
            CountOperations = network => network.Outputs * network.WidestSite,
            CountMemory = network => (network.Outputs + 1) * network.WidestSite,
            Pitfalls =
            [
                "Layers of equal width get exactly the same error. Only their inputs and derivatives differ.",
                "The scale of B follows from the widest layer. So narrow layers next to wide ones get smaller errors than under direct "
                + "feedback alignment.",
            ],
            Choices =
            [
                "The authors' code draws B uniformly in ±1 and divides by the root of the widest layer's units. This is feedback.scheme "
                + "uniform with feedback.normalization fan-out and a scale of 1∕√3. Here the distribution is an option as for all rules; "
                + "the default is Glorot's uniform distribution.",
                "Normalization, rank and missing connections apply to the one matrix, not to its slices.",
                "If the last hidden layer is the widest, the matrix equals that layer's matrix under direct feedback alignment.",
            ],
            Unverified = ["That one matrix is sliced was read in the authors' code (TinyDFA), not in the paper."],
        },
    };

    /// <summary>Draws the feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    public SharedDirectFeedbackAlignmentRule(RuleSetup setup)
        : base(setup)
    {
        _shared = setup.DrawSharedFeedback();
        _projected = new Matrix(MaxBatch, _shared.Columns);
        _feedback = [.. Sites.Select(site => new FixedWeights(_shared.Left(site.Module.To.Size)))];
        Feedback = FeedbackPath.Direct(_feedback, this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    protected override void BringError(in Site at, Matrix signal, Matrix error)
        => at.FromOutputs.Backward(signal, through: _feedback[at.Index], error);

    /// <summary>The one projection, δ_L B, of which every layer takes its part.</summary>
    private protected override bool TryBringAll(Matrix signal, in SiteErrors errors)
    {
        if (errors.Count == 0)
        {
            return false;
        }

        var projected = _projected.Top(signal.Rows);
        Network.Compute.Product(signal, _shared, projected);
        for (var i = 0; i < errors.Count; i++)
        {
            errors[i].CopyFrom(projected.Left(errors[i].Columns));
        }

        return true;
    }
}
