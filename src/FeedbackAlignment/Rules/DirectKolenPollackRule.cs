using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Direct Kolen–Pollack: direct feedback alignment whose matrices learn, Δhₗ = Bₗ e with ΔBₗ = −η e ⊗ hₗ and the weights' decay. For the
/// last hidden layer that is Kolen–Pollack; below it Bₗ learns as a straight way from the layer to the output would. Webster, Choi, Ahn,
/// "Learning the connections in direct feedback alignment", arXiv 2011.05428 (2020).
/// </summary>
public sealed class DirectKolenPollackRule : BroadcastRule
{
    private readonly Matrix _allFeedback;
    private readonly Parameter[] _feedback;

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "direct-kolen-pollack",
        "direct Kolen–Pollack",
        "The output error goes straight to every hidden layer through weights that learn from that error and the layer's activity.",
        "Webster, Choi & Ahn, arXiv 2011.05428 (2020)",
        setup => new DirectKolenPollackRule(setup))
    {
        NeedsWeightDecay = true,
        Notes = new()
        {
            Formula = "eₗ = δ_L Bₗ,  ΔBₗ = −η (δ_Lᵀ hₗ + λ Bₗ)",
            Route = ErrorRoute.Direct,
            Carrier = "B learned",
            Operations = "C Σ nₗ over the hidden layers, in one product, and as much again for B's gradients",
            Memory = "C Σ nₗ feedback weights, as many gradients, and what the optimizer keeps of them",
            CountOperations = network => 2 * network.Direct,
            CountMemory = network => 2 * network.Direct,
            Pitfalls =
            [
                "Only the last hidden layer's feedback tends to the weights that backpropagation uses. The other layers' feedback "
                + "estimates a direct path that the network does not have. It need not agree with the product of the weights.",
                "Without weight decay the initial value of B never goes away: set optimizer.weightDecay.",
            ],
            Choices =
            [
                "The same optimizer moves the feedback weights and the forward weights; optimizer.feedback gives the former a learning "
                + "rate and decay of their own. The authors' code uses Adam with a separate learning rate for the feedback (10⁻⁴, decay "
                + "10⁻⁶), and Nesterov's momentum for the weights.",
                "Their code starts with He's uniform feedback. Here it starts like the feedback of direct feedback alignment.",
            ],
            Unverified = ["We read the paper's abstract and its authors' code. The paper's own equations for the decay were not checked."],
        },
    };

    /// <summary>Draws the initial feedback weights: those of direct feedback alignment.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    public DirectKolenPollackRule(RuleSetup setup)
        : this(setup, setup.DrawDirectFeedback())
    {
    }

    /// <summary>Takes given initial feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size, and which feedback connections there are.</param>
    /// <param name="feedback">One for each hidden layer, network outputs × units of the layer. Copied.</param>
    /// <exception cref="ArgumentException">There is not one per hidden layer, or one has the wrong shape.</exception>
    public DirectKolenPollackRule(RuleSetup setup, IReadOnlyList<WeightSource> feedback)
        : base(setup)
    {
        var given = FeedbackWeights.Direct(feedback, this);
        (_allFeedback, var parts) = Matrix.SideBySide(Network.Outputs, [.. given.Select(source => source.Columns)]);
        _feedback = new Parameter[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var site = Sites[i];
            parts[i].CopyFrom(given[i].Read());

            // Only the output layer's weights are this feedback's counterpart, and only where they take what the site gives.
            var counterpart = site.IsJustBelow && site.Above == Network.Layers[^1] && site.Above.Map is DenseMap
                ? site.Above.Weights.Connections : null;
            _feedback[i] = LearnedFeedback.Of(
                setup, site.FeedbackName, FeedbackShape.Dense(parts[i].Rows, parts[i].Columns), parts[i], counterpart);
        }

        Feedback = FeedbackPath.Direct(_feedback, this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _feedback;

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    protected override void BringError(in Site at, Matrix signal, Matrix error)
        => at.FromOutputs.Backward(signal, through: _feedback[at.Index], error);

    /// <inheritdoc/>
    protected override void LearnFeedback(in Site at, Matrix signal, Gradients gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        gradients[_feedback[at.Index]].SetMeanOuterProduct(signal, at.Activity);
    }

    /// <summary>All layers' errors in one product, as in direct feedback alignment.</summary>
    private protected override bool TryBringAll(Matrix signal, in SiteErrors errors)
    {
        if (_feedback.Length == 0)
        {
            return false;
        }

        // Steps may have been put off until the weights are wanted.
        foreach (var weights in _feedback)
        {
            weights.Read();
        }

        Network.Compute.Product(signal, _allFeedback, errors.All);
        return true;
    }
}
