using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>
/// Brings the columns of a matrix to mean 0 and deviation 1: <c>(x − mean) ∕ deviation</c>, computed in single precision. Fit it on the
/// training examples, and apply the same one to all others.
/// </summary>
/// <remarks>A column with deviation 0 was constant when the standardizer was fitted. It becomes 0, whatever it holds later.</remarks>
public sealed class Standardizer
{
    private readonly float[] _means, _deviations;

    /// <summary>Makes a standardizer of known means and deviations.</summary>
    /// <param name="means">One per column, finite.</param>
    /// <param name="deviations">One per column, finite, ≥ 0; 0 marks a constant column.</param>
    /// <exception cref="ArgumentException">
    /// There are no columns, the counts differ, a number is not finite, or a deviation is negative.
    /// </exception>
    public Standardizer(IReadOnlyList<float> means, IReadOnlyList<float> deviations)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(deviations);
        if (means.Count == 0 || means.Count != deviations.Count)
        {
            throw new ArgumentException($"there are {means.Count} means and {deviations.Count} deviations: both need one per column, at least one", nameof(deviations));
        }

        for (var column = 0; column < means.Count; column++)
        {
            if (!float.IsFinite(means[column]) || !float.IsFinite(deviations[column]) || deviations[column] < 0)
            {
                throw new ArgumentException(
                    $"column {column} has mean {means[column]} and deviation {deviations[column]}: both must be finite, and the deviation must not be negative", nameof(deviations));
            }
        }

        (_means, _deviations) = ([.. means], [.. deviations]);
        ConstantColumns = [.. Enumerable.Range(0, Columns).Where(column => _deviations[column] == 0)];
    }

    /// <summary>Number of columns.</summary>
    public int Columns => _means.Length;

    /// <summary>The mean of each column.</summary>
    public IReadOnlyList<float> Means => _means;

    /// <summary>
    /// The population standard deviation of each column (the sum of squares divided by n); 0 where the column is constant.
    /// </summary>
    public IReadOnlyList<float> Deviations => _deviations;

    /// <summary>Indices, from 0, of the columns that were constant. They become 0.</summary>
    public IReadOnlyList<int> ConstantColumns { get; }

    /// <summary>Takes means and population standard deviations from examples, summed in double precision.</summary>
    /// <param name="inputs">examples × columns, in either order: the training examples, and no others.</param>
    /// <exception cref="ArgumentException">
    /// There are no numbers, one is not finite (the message says where), or a column is wider than a float holds.
    /// </exception>
    public static Standardizer Fit(Matrix inputs)
    {
        if (inputs.Rows == 0 || inputs.Columns == 0)
        {
            throw new ArgumentException($"inputs are {inputs.Shape}: means need at least one row and one column", nameof(inputs));
        }

        // Row by row, as the examples lie in memory.
        var columns = new Column[inputs.Columns];
        for (var row = 0; row < inputs.Rows; row++)
        {
            for (var column = 0; column < columns.Length; column++)
            {
                var value = inputs[row, column];
                columns[column].Add(float.IsFinite(value) ? value : throw new ArgumentException($"row {row}, column {column} is {value}, must be a finite number", nameof(inputs)));
            }
        }

        for (var row = 0; row < inputs.Rows; row++)
        {
            for (var column = 0; column < columns.Length; column++)
            {
                columns[column].AddSquare(inputs[row, column]);
            }
        }

        return new Standardizer([.. columns.Select(column => (float)column.Mean)], [.. columns.Select((column, index) => column.Deviation(index))]);
    }

    /// <summary>Maps a range to 0 … 1 in every column, e.g. <c>Standardizer.Range(0, 255, 784)</c> for bytes of pixels.</summary>
    /// <param name="from">What becomes 0.</param>
    /// <param name="to">What becomes 1; above <paramref name="from"/>.</param>
    /// <param name="columns">Number of columns, ≥ 1.</param>
    /// <exception cref="ArgumentException">The range is empty or not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no columns.</exception>
    public static Standardizer Range(float from, float to, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (!(to > from) || !float.IsFinite(from) || !float.IsFinite(to - from))
        {
            throw new ArgumentException($"the range is {from} … {to}: it must be finite and end above its beginning", nameof(to));
        }

        return new Standardizer([.. Enumerable.Repeat(from, columns)], [.. Enumerable.Repeat(to - from, columns)]);
    }

    /// <summary>A standardized copy.</summary>
    /// <param name="inputs">rows × <see cref="Columns"/>, in either order.</param>
    /// <returns>A matrix of the same shape and order.</returns>
    /// <exception cref="ArgumentException">The number of columns is another one.</exception>
    public Matrix Apply(Matrix inputs)
    {
        RequireFit(inputs, nameof(inputs));
        var standardized = Matrix.Movable(inputs.Rows, inputs.Columns, inputs.Order);
        standardized.CopyFrom(inputs);
        ApplyInPlace(standardized);
        return standardized;
    }

    /// <summary>The same examples with standardized inputs; targets and classes are shared.</summary>
    /// <param name="examples">Examples of <see cref="Columns"/> inputs.</param>
    /// <exception cref="ArgumentException">The number of inputs is another one.</exception>
    public DataSet Apply(DataSet examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return examples.WithInputs(Apply(examples.Inputs));
    }

    /// <summary>Standardizes a matrix in its own memory.</summary>
    /// <param name="inputs">rows × <see cref="Columns"/>, in either order; changed.</param>
    /// <exception cref="ArgumentException">The number of columns is another one.</exception>
    public void ApplyInPlace(Matrix inputs)
    {
        RequireFit(inputs, nameof(inputs));
        for (var row = 0; row < inputs.Rows; row++)
        {
            for (var column = 0; column < _means.Length; column++)
            {
                ref var value = ref inputs[row, column];
                value = _deviations[column] == 0 ? 0 : (value - _means[column]) / _deviations[column];
            }
        }
    }

    /// <summary>Undoes <see cref="Apply(Matrix)"/>, in a copy: <c>x · deviation + mean</c>. A constant column gets its mean.</summary>
    /// <param name="standardized">rows × <see cref="Columns"/>, in either order.</param>
    /// <returns>A matrix of the same shape and order.</returns>
    /// <exception cref="ArgumentException">The number of columns is another one.</exception>
    public Matrix Invert(Matrix standardized)
    {
        RequireFit(standardized, nameof(standardized));
        var inverted = Matrix.Movable(standardized.Rows, standardized.Columns, standardized.Order);
        inverted.CopyFrom(standardized);
        for (var row = 0; row < inverted.Rows; row++)
        {
            for (var column = 0; column < _means.Length; column++)
            {
                ref var value = ref inverted[row, column];
                value = _deviations[column] == 0 ? _means[column] : value * _deviations[column] + _means[column];
            }
        }

        return inverted;
    }

    private void RequireFit(Matrix matrix, string name) => matrix.RequireShape(matrix.Rows, Columns, name);

    /// <summary>The sums of a column: first of all its numbers, then of the squares of their distances from the mean.</summary>
    private struct Column
    {
        private double _sum, _squares;
        private float _lowest, _highest;
        private int _count;

        public readonly double Mean => IsConstant ? _lowest : _sum / _count;

        /// <summary>The values tell it: the mean of equal numbers may be rounded, and a deviation then seem to be there.</summary>
        private readonly bool IsConstant => _lowest == _highest;

        public void Add(float value)
        {
            (_lowest, _highest) = _count == 0 ? (value, value) : (MathF.Min(_lowest, value), MathF.Max(_highest, value));
            _sum += value;
            _count++;
        }

        public void AddSquare(float value) => _squares += (value - Mean) * (value - Mean);

        public readonly float Deviation(int column)
        {
            if (!float.IsFinite(_highest - _lowest))
            {
                throw new ArgumentException($"column {column} reaches from {_lowest} to {_highest}, which is wider than a float holds");
            }

            // Numbers may differ by so little that their deviation is no float: then it is the least that is, for 0 would say that the column is constant.
            return IsConstant ? 0 : MathF.Max(float.Epsilon, (float)Math.Sqrt(_squares / _count));
        }
    }
}
