using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Draws feedback matrices, errors × units, each from streams that the name of its layer gives.</summary>
internal sealed class FeedbackDraw
{
    private readonly FeedbackOptions _options;
    private readonly RandomStreams _streams;

    /// <param name="options">How.</param>
    /// <param name="streams">The run's random numbers, where the options have none of their own.</param>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public FeedbackDraw(FeedbackOptions options, RandomStreams streams)
        => (_options, _streams) = (options, options.Objection is { } objection ? throw new ArgumentException(objection, nameof(options)) : options.Streams ?? streams);

    public Matrix Draw(int errors, int units, string layer, Compute compute)
    {
        if (_options.Rank is { } rank)
        {
            var (left, right) = DrawLowRank(errors, units, layer, rank);
            var product = new Matrix(errors, units);
            compute.Product(left, right, product);
            return product;
        }

        // Row-major, unlike the forward weights: the backward product runs along the units.
        var matrix = new Matrix(errors, units);
        Fill(matrix, _streams.Stream($"{RandomStreams.Feedback}/{layer}"), Present(errors, units, layer));
        return matrix;
    }

    /// <summary>The matrix that <see cref="Draw"/> would give, not yet drawn; of options that can be regenerated.</summary>
    public DrawnMatrix Regenerate(int errors, int units, string layer)
        => _options.Distribution.Drawn(errors, units, _streams.Stream($"{RandomStreams.Feedback}/{layer}"), NormalizedDeviation(errors, units));

    /// <summary>Draws all weights of a matrix, in its own memory.</summary>
    /// <param name="matrix">errors × units; receives the weights.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="present">1 where there is a connection, 0 where there is none; null: all are there. In the matrix's order.</param>
    public void Fill(Matrix matrix, RandomStream random, Matrix? present)
    {
        _options.Distribution.Draw(matrix, random, NormalizedDeviation(matrix.Rows, matrix.Columns));
        if (present is { } connections)
        {
            Elementwise.Map(matrix, connections, default(KeepConnected));
        }

        if (_options.Normalization.NeedsNorm)
        {
            Rescale(matrix, matrix.Rows, Reductions.Dot(matrix, matrix));
        }
    }

    /// <summary>Q, errors × rank, and P, rank × units: a matrix Q P of low rank.</summary>
    public (Matrix Left, Matrix Right) DrawLowRank(int errors, int units, string layer, int rank)
    {
        // One entry of the product is a sum of `rank` products, so its variance is that of an entry of P.
        rank = Math.Min(rank, Math.Min(errors, units));
        var (left, right) = (new Matrix(errors, rank), new Matrix(rank, units));
        var deviation = NormalizedDeviation(errors, units) ?? _options.Distribution.Deviation(errors, units);
        _options.Distribution.Draw(left, _streams.Stream($"{RandomStreams.Feedback}/{layer}/left"), 1 / Math.Sqrt(rank));
        _options.Distribution.Draw(right, _streams.Stream($"{RandomStreams.Feedback}/{layer}/right"), deviation);
        if (_options.Normalization.NeedsNorm)
        {
            Rescale(right, errors, SquaredNorm(left, right));
        }

        return (left, right);
    }

    /// <summary>B, errors × middle, and R, middle × units, whose entries have the variance 1 ∕ middle: B R has the variance of B.</summary>
    public (Matrix Learned, Matrix Fixed) DrawProduct(int errors, int units, string layer, int middle)
    {
        var (learned, fixedOnes) = (new Matrix(errors, middle), new Matrix(middle, units));
        var deviation = NormalizedDeviation(errors, units) ?? _options.Distribution.Deviation(errors, units);
        _options.Distribution.Draw(learned, _streams.Stream($"{RandomStreams.Feedback}/{layer}/learned"), deviation);
        _options.Distribution.Draw(fixedOnes, _streams.Stream($"{RandomStreams.Feedback}/{layer}/fixed"), 1 / Math.Sqrt(middle));
        return (learned, fixedOnes);
    }

    private double? NormalizedDeviation(int errors, int units)
    {
        var fanIn = Math.Min(_options.ErrorsPerUnit ?? (_options.Share ?? 1) * errors, errors);
        var deviation = _options.Normalization.Deviation(fanIn, fanIn * units / errors);
        return deviation is null || _options.Distribution.Deviation(errors, units) > 0 ? deviation : throw Zero();
    }

    /// <summary>errors × units: 1 where there is a feedback connection, 0 where there is none; null: all are there.</summary>
    public Matrix? Present(int errors, int units, string layer)
    {
        var connectivity = _options switch
        {
            { ErrorsPerUnit: { } perUnit } => Connectivity.ErrorsPerUnit(Math.Min(perUnit, errors)),
            { Share: { } share and < 1 } => Connectivity.Random(share),
            _ => null,
        };
        return connectivity?.Lay(errors, units, _streams.Stream($"{RandomStreams.FeedbackConnections}/{layer}"));
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
