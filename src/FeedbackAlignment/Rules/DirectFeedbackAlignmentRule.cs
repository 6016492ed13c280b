using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Direct feedback alignment: the output's error goes straight to every hidden layer, each through a fixed random matrix of its own,
/// Δhₗ = Bₗ e. Of the derivatives only the layer's own is used. Nøkland, "Direct feedback alignment provides learning in deep neural
/// networks", NIPS 2016, arXiv 1609.01596.
/// </summary>
public sealed class DirectFeedbackAlignmentRule : BroadcastRule
{
    private readonly WeightSource[] _feedback;
    private readonly JoinedWeights? _joined;
    private readonly DirectSignal _kind;
    private readonly Matrix _sent;

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "direct-feedback-alignment",
        "direct feedback alignment",
        "The output error goes straight to every hidden layer through fixed random weights.",
        "Nøkland, NIPS 2016, arXiv 1609.01596",
        setup => new DirectFeedbackAlignmentRule(setup))
    {
        Notes = new()
        {
            Formula = "eₗ = δ_L Bₗ",
            Route = ErrorRoute.Direct,
            Carrier = "B random",
            Operations = "C Σ nₗ over the hidden layers, in one product",
            Memory = "C Σ nₗ feedback weights, none if regenerated",
            Pitfalls =
            [
                "A small random matrix may be badly conditioned. Some directions of the error then hardly reach a layer.",
                "B does not grow or shrink with the weights. Tune its scale and the learning rate again for other widths and depths.",
                "Do not compare it with feedback alignment at the same scale of B. There, errors go through a product of several matrices.",
            ],
            Choices = ["The errors of all layers are computed as one product, with the feedback matrices side by side."],
        },
    };

    /// <summary>Draws the feedback weights, to keep them or, if the setup says so, to draw them again at every step.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    /// <param name="signal">What is sent; by default the error.</param>
    public DirectFeedbackAlignmentRule(RuleSetup setup, DirectSignal signal = DirectSignal.Error)
        : this(setup, setup.DrawDirectFeedback(), signal, isGiven: false)
    {
    }

    /// <summary>Takes given feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="feedback">
    /// One for each hidden layer, network outputs × units of the layer. Fixed ones are copied, side by side.
    /// </param>
    /// <param name="signal">What is sent; by default the error.</param>
    /// <exception cref="ArgumentException">There is not one per hidden layer, or one has the wrong shape.</exception>
    public DirectFeedbackAlignmentRule(RuleSetup setup, IReadOnlyList<WeightSource> feedback, DirectSignal signal = DirectSignal.Error)
        : this(setup, feedback, signal, isGiven: true)
    {
    }

    private DirectFeedbackAlignmentRule(RuleSetup setup, IReadOnlyList<WeightSource> feedback, DirectSignal signal, bool isGiven)
        : base(setup)
    {
        var given = FeedbackWeights.Direct(feedback, this);
        _joined = JoinedWeights.Of(given);
        (_feedback, _kind) = (_joined?.Parts ?? given, signal);
        _sent = signal == DirectSignal.Error ? default : new Matrix(MaxBatch, Network.Outputs);
        Feedback = FeedbackPath.Direct(_feedback, this);
        NoteGiven(isGiven ? _feedback : []);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double> { ["signal"] = (double)_kind };

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    protected override void BringError(in Site at, Matrix signal, Matrix error)
        => at.FromOutputs.Backward(signal, through: _feedback[at.Index], error);

    /// <inheritdoc/>
    protected override Matrix Signal(Matrix outputError, Matrix targets)
    {
        if (_kind == DirectSignal.Error)
        {
            return outputError;
        }

        var sent = _sent.Top(targets.Rows);
        if (_kind == DirectSignal.SignOfError)
        {
            sent.CopyFrom(outputError);
            Elementwise.Map(sent, default(TakeSign));
        }
        else
        {
            sent.CopyFrom(targets);
            Elementwise.Map(sent, new Scale(-1));
        }

        return sent;
    }

    /// <summary>A target is known without the network's answer.</summary>
    internal override bool ReadsOutputError => _kind != DirectSignal.NegativeTarget;

    /// <summary>All layers' errors in one product, Δh₁ | Δh₂ | … = s (B₁ | B₂ | …): none of them waits for another.</summary>
    private protected override bool TryBringAll(Matrix signal, in SiteErrors errors)
    {
        if (_joined is not null)
        {
            Network.Compute.Product(signal, _joined.All, errors.All);
        }

        return _joined is not null;
    }
}
