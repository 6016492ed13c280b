namespace FeedbackAlignment.Numerics;

/// <summary>What is done to one example: one line of a matrix is made of one line of another.</summary>
/// <param name="example">Its number.</param>
/// <param name="from">Its line.</param>
/// <param name="to">The line to make.</param>
internal delegate void ExampleStep(int example, Span<float> from, Span<float> to);

/// <summary>Work on examples that do not depend on each other; threads share them. Doing it allocates nothing.</summary>
/// <param name="compute">Shares the work.</param>
/// <param name="step">What is done to each.</param>
internal sealed class ByExample(Compute compute, ExampleStep step) : SharedWork
{
    private Matrix _from, _to;

    /// <summary>Does it for all examples.</summary>
    /// <param name="from">One line an example, row-major.</param>
    /// <param name="to">As many lines, row-major.</param>
    public void Run(Matrix from, Matrix to)
    {
        (_from, _to) = (from, to);
        compute.ShareMap(this, (long)from.Rows * Math.Max(from.Columns, to.Columns));

        // Nobody's examples are kept.
        (_from, _to) = (default, default);
    }

    /// <inheritdoc/>
    public override void Run(int part, int parts)
    {
        var examples = Strips.Of(_from.Rows, 1, part, parts);
        for (var example = examples.From; example < examples.To; example++)
        {
            step(example, _from.Row(example), _to.Row(example));
        }
    }
}
