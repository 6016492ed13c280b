using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Sign symmetry: the error goes back through weights that have the forward weights' present signs and magnitudes of their own,
/// Δh = (M ∘ sign W)ᵀ e. What the magnitudes are is what its kinds differ in. Where a weight is exactly 0 (or its connection missing), so
/// is its feedback. Liao, Leibo, Poggio, "How important is weight symmetry in backpropagation?", AAAI 2016, arXiv 1510.05067; Moskovitz,
/// Litwin-Kumar, Abbott, arXiv 1812.06488 (2018).
/// </summary>
/// <remarks>With magnitudes |W| it is backpropagation, to the bit.</remarks>
public abstract class SignSymmetryRule : ErrorFeedbackRule
{
    private readonly Matrix[] _magnitudes, _signed;
    private readonly FeedbackPath[] _paths;

    /// <summary>Takes the magnitudes.</summary>
    /// <param name="setup">Network, loss, batch size.</param>
    /// <param name="magnitudes">Entry i has the shape of the weights of layer i; signs do not count, entry 0 is ignored. Copied.</param>
    /// <exception cref="ArgumentException">There is not one matrix per layer, or one has the wrong shape.</exception>
    private protected SignSymmetryRule(RuleSetup setup, IReadOnlyList<Matrix> magnitudes)
        : base(setup)
    {
        ArgumentNullException.ThrowIfNull(magnitudes);
        var given = FeedbackWeights.Require(magnitudes, Network.Layers, layer => layer.Outputs);
        (_magnitudes, _signed) = (Room(), Room());
        for (var i = 1; i < given.Length; i++)
        {
            _magnitudes[i].CopyFrom(given[i]);
        }

        _paths = [.. Network.Layers.Skip(1).Select((_, i) => new FeedbackPath(i + 1, i, _signed[i + 1]))];
    }

    /// <summary>
    /// The weights that would carry an error now: with the signs that the forward weights have at the time of asking, and the next
    /// batch's magnitudes.
    /// </summary>
    public sealed override IReadOnlyList<FeedbackPath> Feedback
    {
        get
        {
            for (var i = 1; i < _signed.Length; i++)
            {
                Foresee(i, _magnitudes[i]);
                Sign(i);
            }

            return _paths;
        }
    }

    /// <inheritdoc/>
    protected sealed override void PropagateError(in Crossing at, Matrix below)
    {
        Renew(at.Index, _magnitudes[at.Index]);
        Sign(at.Index);
        at.Layer.Backward(at.Error, through: _signed[at.Index], below);
    }

    /// <summary>May draw a layer's magnitudes anew, for this batch; by default leaves them.</summary>
    /// <param name="layer">Index of the layer, from 1.</param>
    /// <param name="magnitudes">outputs × inputs; signs do not count.</param>
    private protected virtual void Renew(int layer, Matrix magnitudes)
    {
    }

    /// <summary>
    /// Sets a layer's magnitudes to those that the next batch will have, and leaves no trace in streams; by default they are there.
    /// </summary>
    /// <param name="layer">Index of the layer, from 1.</param>
    /// <param name="magnitudes">outputs × inputs; signs do not count.</param>
    private protected virtual void Foresee(int layer, Matrix magnitudes)
    {
    }

    private void Sign(int layer)
    {
        _signed[layer].CopyFrom(_magnitudes[layer]);
        Elementwise.Map(_signed[layer], Network.Layers[layer].Weights.Values, default(CarrySign));
    }

    /// <summary>In the order of the weights, whose signs are read element by element.</summary>
    private Matrix[] Room()
        => [.. Network.Layers.Select((layer, i) => i == 0 ? default : new Matrix(layer.Outputs, layer.Inputs, layer.Weights.Order))];
}
