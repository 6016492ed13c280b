using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Weights with the signs that a layer's forward weights have now, and magnitudes of their own: M ∘ sign W. Where a forward weight is
/// exactly 0, so is the result.
/// </summary>
internal sealed class SignedWeights : WeightSource
{
    private readonly Parameter _forward;
    private readonly Matrix _magnitudes, _signed;
    private readonly Action<Matrix>? _redraw;
    private readonly RandomStream? _random;

    /// <param name="forward">Gives the signs.</param>
    /// <param name="magnitudes">Of the forward weights' shape; signs do not count. Copied.</param>
    public SignedWeights(Parameter forward, Matrix magnitudes)
    {
        // In the order of the weights, whose signs are read element by element.
        _forward = forward;
        (_magnitudes, _signed) = (
            new Matrix(forward.Rows, forward.Columns, forward.Order), new Matrix(forward.Rows, forward.Columns, forward.Order));
        _magnitudes.CopyFrom(magnitudes);
    }

    /// <param name="forward">Gives the signs.</param>
    /// <param name="magnitudes">The magnitudes that are shown before the first draw.</param>
    /// <param name="redraw">Draws the magnitudes of the next batch.</param>
    /// <param name="random">What it draws from.</param>
    public SignedWeights(Parameter forward, Matrix magnitudes, Action<Matrix> redraw, RandomStream random)
        : this(forward, magnitudes)
        => (_redraw, _random) = (redraw, random);

    public override int Rows => _forward.Rows;

    public override int Columns => _forward.Columns;

    public override bool IsRedrawn => _redraw is not null;

    /// <summary>
    /// The weights that would carry an error now: with the present signs and the next batch's magnitudes. The streams stay where they are,
    /// so that an instrument, which puts their places back, changes nothing.
    /// </summary>
    public override Matrix Read()
    {
        if (_random is null)
        {
            return Sign();
        }

        var position = _random.Position;
        Renew();
        _random.Position = position;
        return _signed;
    }

    /// <summary>Takes the present signs, and draws the magnitudes if they are drawn for every batch.</summary>
    public void Renew()
    {
        _redraw?.Invoke(_magnitudes);
        Sign();
    }

    internal override Matrix Current(ref Matrix room) => _signed;

    internal override void MultiplyBack(in Matrix error, in Matrix below, Compute compute) => compute.Product(error, _signed, below);

    private Matrix Sign()
    {
        _signed.CopyFrom(_magnitudes);
        Elementwise.Map(_signed, _forward.Read(), default(CarrySign));
        return _signed;
    }
}
