namespace FeedbackAlignment.Numerics;

/// <summary>What to do with a piece of a product as soon as it is finished, while it is in the cache: a layer's activation.</summary>
internal abstract class Finish
{
    /// <summary>Changes a piece in place, element by element.</summary>
    /// <param name="values">The matrix, row-major.</param>
    /// <param name="rows">Rows of the piece.</param>
    /// <param name="columns">Columns of the piece: whole vectors, up to the end of the padding.</param>
    public abstract void Apply(Matrix values, Range<int> rows, Range<int> columns);
}

/// <summary>x ← map(x).</summary>
internal sealed class Finish<TMap>(TMap map) : Finish
    where TMap : struct, IMap
{
    public override void Apply(Matrix values, Range<int> rows, Range<int> columns)
    {
        for (var row = rows.From; row < rows.To; row++)
        {
            Elementwise.Map(values.PaddedLine(row)[columns.From..columns.To], map);
        }
    }
}
