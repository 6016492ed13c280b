using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>The transposed pseudo-inverse of a layer's forward weights, as they were when it was last renewed.</summary>
/// <param name="forward">The forward weights.</param>
internal sealed class PseudoInverseWeights(Parameter forward) : WeightSource
{
    private readonly Matrix _inverse = new(forward.Rows, forward.Columns);

    public override int Rows => forward.Rows;

    public override int Columns => forward.Columns;

    public override Matrix Read()
    {
        Renew();
        return _inverse;
    }

    /// <summary>Computes it from the present weights.</summary>
    public void Renew() => PseudoInverse.Transposed(forward.Read(), _inverse);

    internal override Matrix Current(ref Matrix room) => _inverse;

    internal override void MultiplyBack(in Matrix error, in Matrix below, Compute compute) => compute.Product(error, _inverse, below);
}
