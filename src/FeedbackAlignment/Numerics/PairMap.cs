namespace FeedbackAlignment.Numerics;

/// <summary>
/// Arithmetic on two matrices in which columns do not depend on each other, so that threads can share it by columns: as they share
/// products, which leaves every thread what it has in its cache.
/// </summary>
internal abstract class PairMap
{
    /// <summary>Changes x, given y.</summary>
    /// <param name="x">Row-major.</param>
    /// <param name="y">Row-major, as wide as x.</param>
    /// <param name="columns">The columns to work on: whole vectors, up to the end of the padding.</param>
    public abstract void Apply(in Matrix x, in Matrix y, Range<int> columns);
}

/// <summary>x ← map(x, y), element by element.</summary>
internal sealed class PairMap<TMap>(TMap map) : PairMap
    where TMap : struct, IMap2
{
    /// <summary>What to compute of two numbers.</summary>
    public TMap Map { get; set; } = map;

    public override void Apply(in Matrix x, in Matrix y, Range<int> columns)
    {
        for (var row = 0; row < x.Rows; row++)
        {
            Elementwise.Map(x.PaddedLine(row)[columns.From..columns.To], y.PaddedLine(row)[columns.From..columns.To], Map);
        }
    }
}

/// <summary>x ← the mean of the rows of y, summed in their order; x has one row.</summary>
internal sealed class RowMean : PairMap
{
    /// <summary>What the sums are divided by; 0: the number of rows.</summary>
    public float Divisor { get; set; }

    public override void Apply(in Matrix x, in Matrix y, Range<int> columns)
    {
        var mean = x.PaddedLine(0)[columns.From..columns.To];
        mean.Clear();
        for (var row = 0; row < y.Rows; row++)
        {
            Elementwise.Map(mean, y.PaddedLine(row)[columns.From..columns.To], new AddScaled(1));
        }

        Elementwise.Map(mean, new Scale(1f / (Divisor == 0 ? y.Rows : Divisor)));
    }
}

/// <summary>Arithmetic on two matrices, cut into strips of columns, one for each thread.</summary>
internal sealed class PairWork : SharedWork
{
    private PairMap _map = new RowMean();
    private Matrix _x, _y;

    public void Set(PairMap map, Matrix x, Matrix y) => (_map, _x, _y) = (map, x, y);

    public override void Run(int part, int parts)
    {
        var strip = Strips.Of(_x.Columns, Matrix.Granule, part, parts);
        _map.Apply(_x, _y, strip with { To = Matrix.Padded(strip.To) });
    }
}
