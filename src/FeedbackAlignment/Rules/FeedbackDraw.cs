using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>A feedback matrix that is to be drawn.</summary>
/// <param name="Rows">Its rows: units of the layer above, or its filters.</param>
/// <param name="Columns">Its columns: units of the layer below, or the weights of a filter.</param>
/// <param name="Errors">Components of an error that reach a unit; where there are no filters, as many as rows.</param>
/// <param name="Units">Units that a component reaches; where there are no filters, as many as columns.</param>
internal readonly record struct FeedbackShape(int Rows, int Columns, int Errors, int Units)
{
    /// <summary>Whether each weight serves one component and one unit.</summary>
    public bool IsDense => Rows == Errors && Columns == Units;

    /// <summary>Every component reaches every unit.</summary>
    public static FeedbackShape Dense(int errors, int units) => new(errors, units, errors, units);

    /// <summary>What stands for the weights of a map.</summary>
    public static FeedbackShape Of(LinearMap map) => new(map.Rows, map.Columns, map.FanOut, map.FanIn);
}

/// <summary>Draws feedback matrices, each from streams that the name of its layer gives.</summary>
internal sealed class FeedbackDraw
{
    private readonly FeedbackOptions _options;
    private readonly RandomStreams _streams;

    /// <param name="options">How.</param>
    /// <param name="streams">The run's random numbers, where the options have none of their own.</param>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public FeedbackDraw(FeedbackOptions options, RandomStreams streams)
        => (_options, _streams) = (options, options.Objection is { } objection ? throw new ArgumentException(objection, nameof(options)) : options.Streams ?? streams);

    public Matrix Draw(in FeedbackShape shape, string layer, Compute compute)
    {
        if (_options.Rank is { } rank)
        {
            var (left, right) = DrawLowRank(shape, layer, rank);
            var product = new Matrix(shape.Rows, shape.Columns);
            compute.Product(left, right, product);
            return product;
        }

        // Row-major, unlike the forward weights: the backward product runs along the units.
        var matrix = new Matrix(shape.Rows, shape.Columns);
        Fill(matrix, shape, _streams.Stream($"{RandomStreams.Feedback}/{layer}"), Present(shape, layer));
        return matrix;
    }

    /// <summary>The matrix that <see cref="Draw"/> would give, not yet drawn; of options that can be regenerated.</summary>
    public DrawnMatrix Regenerate(in FeedbackShape shape, string layer)
        => _options.Distribution.Drawn(
            shape.Rows, shape.Columns, _streams.Stream($"{RandomStreams.Feedback}/{layer}"), DeviationUnlessPlain(shape));

    /// <summary>Draws all weights of a matrix, in its own memory.</summary>
    /// <param name="matrix">rows × columns; receives the weights.</param>
    /// <param name="shape">What they connect.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="present">1 where there is a connection, 0 where there is none; null: all are there. In the matrix's order.</param>
    public void Fill(Matrix matrix, in FeedbackShape shape, RandomStream random, Matrix? present)
    {
        _options.Distribution.Draw(matrix, random, DeviationUnlessPlain(shape));
        if (present is { } connections)
        {
            Elementwise.Map(matrix, connections, default(KeepConnected));
        }

        if (_options.Normalization.NeedsNorm)
        {
            Rescale(matrix, matrix.Rows, Reductions.Dot(matrix, matrix));
        }
    }

    /// <summary>Q, rows × rank, and P, rank × columns: a matrix Q P of low rank.</summary>
    public (Matrix Left, Matrix Right) DrawLowRank(in FeedbackShape shape, string layer, int rank)
    {
        // One entry of the product is a sum of `rank` products, so its variance is that of an entry of P.
        rank = Math.Min(rank, Math.Min(shape.Rows, shape.Columns));
        var (left, right) = (new Matrix(shape.Rows, rank), new Matrix(rank, shape.Columns));
        _options.Distribution.Draw(left, _streams.Stream($"{RandomStreams.Feedback}/{layer}/left"), 1 / Math.Sqrt(rank));
        _options.Distribution.Draw(right, _streams.Stream($"{RandomStreams.Feedback}/{layer}/right"), Deviation(shape));
        if (_options.Normalization.NeedsNorm)
        {
            Rescale(right, shape.Rows, SquaredNorm(left, right));
        }

        return (left, right);
    }

    /// <summary>
    /// B, rows × middle, and R, middle × columns, whose entries have the variance 1 ∕ middle: B R has the variance of B.
    /// </summary>
    public (Matrix Learned, Matrix Fixed) DrawProduct(in FeedbackShape shape, string layer, int middle)
    {
        var (learned, fixedOnes) = (new Matrix(shape.Rows, middle), new Matrix(middle, shape.Columns));
        _options.Distribution.Draw(learned, _streams.Stream($"{RandomStreams.Feedback}/{layer}/learned"), Deviation(shape));
        _options.Distribution.Draw(fixedOnes, _streams.Stream($"{RandomStreams.Feedback}/{layer}/fixed"), 1 / Math.Sqrt(middle));
        return (learned, fixedOnes);
    }

    /// <summary>The standard deviation to draw with, in double; null: the distribution's own for a matrix of this shape.</summary>
    private double? DeviationUnlessPlain(in FeedbackShape shape)
        => NormalizedDeviation(shape) ?? (shape.IsDense ? null : _options.Distribution.Deviation(shape.Errors, shape.Units));

    private double Deviation(in FeedbackShape shape)
        => NormalizedDeviation(shape) ?? _options.Distribution.Deviation(shape.Errors, shape.Units);

    private double? NormalizedDeviation(in FeedbackShape shape)
    {
        var fanIn = Math.Min(_options.ErrorsPerUnit ?? (_options.Share ?? 1) * shape.Errors, shape.Errors);
        var deviation = _options.Normalization.Deviation(fanIn, fanIn * shape.Units / shape.Errors);
        return deviation is null || _options.Distribution.Deviation(shape.Errors, shape.Units) > 0 ? deviation : throw Zero();
    }

    /// <summary>rows × columns: 1 where there is a feedback connection, 0 where there is none; null: all are there.</summary>
    /// <exception cref="ArgumentException">A number of errors per unit is asked for where one weight serves many units.</exception>
    public Matrix? Present(in FeedbackShape shape, string layer)
    {
        if (_options.ErrorsPerUnit is not null && !shape.IsDense)
        {
            throw new ArgumentException(
                $"feedback into {layer} is a convolution, where one weight serves many units; set the share of feedback connections instead "
                    + "of errors per unit");
        }

        var connectivity = _options switch
        {
            { ErrorsPerUnit: { } perUnit } => Connectivity.ErrorsPerUnit(Math.Min(perUnit, shape.Rows)),
            { Share: { } share and < 1 } => Connectivity.Random(share),
            _ => null,
        };
        return connectivity?.Lay(shape.Rows, shape.Columns, _streams.Stream($"{RandomStreams.FeedbackConnections}/{layer}"));
    }

    private void Rescale(Matrix matrix, int errors, double squaredNorm)
        => Elementwise.Map(matrix, new Scale(squaredNorm > 0 ? (float)_options.Normalization.Factor(errors, squaredNorm) : throw Zero()));

    /// <summary>‖Q P‖² = Σ (QᵀQ) ∘ (PPᵀ): two small matrices instead of the product.</summary>
    private static double SquaredNorm(Matrix q, Matrix right)
    {
        var (left, sum) = (new Matrix(q.Columns, q.Rows), 0.0);
        left.CopyFrom(q.Transposed);
        for (var i = 0; i < right.Rows; i++)
        {
            for (var j = 0; j < right.Rows; j++)
            {
                sum += Reductions.Dot(left.Row(i), left.Row(j)) * Reductions.Dot(right.Row(i), right.Row(j));
            }
        }

        return sum;
    }

    private static ArgumentException Zero() => new("feedback weights that are all zero cannot be normalized; draw them from another distribution, or leave more connections");
}
