using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Sign symmetry: the error goes back through weights that have the forward weights' present signs and magnitudes of their own,
/// Δh = (M ∘ sign W)ᵀ e. What the magnitudes are is what its kinds differ in. Where a weight is exactly 0 (or its connection missing), so
/// is its feedback. Liao, Leibo, Poggio, "How important is weight symmetry in backpropagation?", AAAI 2016, arXiv 1510.05067; Moskovitz,
/// Litwin-Kumar, Abbott, arXiv 1812.06488 (2018).
/// </summary>
/// <remarks>With magnitudes |W| it is backpropagation, to the bit.</remarks>
public sealed class SignSymmetryRule : ErrorFeedbackRule
{
    private readonly WeightSource[] _feedback;

    /// <summary>Takes magnitudes that stay as they are.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="magnitudes">Entry i has the shape of the weights of layer i; signs do not count, entry 0 is ignored. Copied.</param>
    /// <exception cref="ArgumentException">There is not one per layer, or one has the wrong shape.</exception>
    public SignSymmetryRule(RuleSetup setup, IReadOnlyList<WeightSource> magnitudes)
        : base(setup)
    {
        var given = FeedbackWeights.LayerByLayer(magnitudes, Network);
        _feedback = Signed((layer, i) => new SignedWeights(layer.Weights, given[i].Read()));
        Feedback = FeedbackPath.LayerByLayer(_feedback);
        NoteGiven(given.Skip(1));
    }

    /// <summary>Draws the magnitudes anew for every batch, each layer's from a noise stream of its own.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    private SignSymmetryRule(RuleSetup setup)
        : base(setup)
    {
        var streams = setup.Feedback.Streams ?? setup.Streams;
        RandomStream[] random = [.. Network.Layers.Select(layer => streams.Stream($"{RandomStreams.Noise}/sign-symmetry/{layer.Name}"))];
        var (draw, initial) = (new FeedbackDraw(setup.Feedback, setup.Streams), setup.DrawFeedback());
        _feedback = Signed((layer, i) =>
        {
            var present = Present(draw, layer);
            return new SignedWeights(layer.Weights, initial[i].Read(), magnitudes => draw.Fill(magnitudes, FeedbackShape.Of(layer.Map), random[i], present), random[i]);
        });
        Feedback = FeedbackPath.LayerByLayer(_feedback);
        Noise = [.. random.Skip(1)];
    }

    /// <inheritdoc/>
    public override string Id => MadeBy?.Id ?? "sign-symmetry";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string,
        double>
    { ["redrawn"] = Noise.Count > 0 ? 1 : 0 };

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<RandomStream> Noise { get; } = [];

    /// <summary>A rule whose magnitudes are drawn anew for every batch.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    public static SignSymmetryRule Redrawn(RuleSetup setup) => new(setup);

    /// <inheritdoc/>
    protected override void BeginBatch(Matrix outputError, Matrix targets)
    {
        for (var i = 1; i < _feedback.Length; i++)
        {
            ((SignedWeights)_feedback[i]).Renew();
        }
    }

    /// <inheritdoc/>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _feedback[at.Index], below);

    private WeightSource[] Signed(Func<WeightedLayer, int, WeightSource> make)
        => [.. Network.Layers.Select((layer, i) => i == 0 ? FixedWeights.None : make(layer, i))];

    /// <summary>In the order of the weights, as magnitudes are.</summary>
    private static Matrix? Present(FeedbackDraw draw, WeightedLayer layer)
    {
        if (draw.Present(FeedbackShape.Of(layer.Map), layer.Name) is not { } drawn)
        {
            return null;
        }

        var present = new Matrix(layer.Map.Rows, layer.Map.Columns, layer.Weights.Order);
        present.CopyFrom(drawn);
        return present;
    }
}
