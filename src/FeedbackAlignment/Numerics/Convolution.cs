using System.Diagnostics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// The three products of a convolution. Each element of an output and of an error is one chain of multiply-adds; a weight's gradient
/// is one chain for each block of examples.
/// </summary>
/// <remarks>
/// Inputs are not unrolled. A product reads its pictures through offsets (<see cref="OffsetProduct"/>): a picture that needs padding is
/// copied once between margins of zeros, and then the terms of every position lie at the same distances from it. An error goes back in the
/// same way, with the kernel turned round; with a stride there is a product for each remainder of the positions (<see cref="Axis"/>). The
/// terms of the padding are exact zeros: they change no bit of finite numbers but the sign of a zero.
/// </remarks>
internal sealed class Convolution
{
    /// <summary>
    /// Examples whose terms are one chain of a gradient; blocks are added in their order, so that threads that share them change no bit.
    /// </summary>
    public const int ExamplesPerBlock = 16;

    /// <summary>Blocks of a gradient for each thread: that are summed before they are added, and that are shared well enough.</summary>
    private const int BlocksPerThread = 2, EnoughBlocks = 4;

    private readonly ConvolutionGeometry _geometry;
    private readonly Compute _compute;
    private readonly ConvolutionRoom _room;
    private readonly PicturePlan _forwardPlan, _backwardPlan;
    private readonly PictureWork _forward, _backward;
    private readonly FilterGradientWork _gradient;
    private readonly BlockSumsWork _blockSums;
    private readonly ErrorSumsWork _errorSums = new();
    private readonly Matrix _zeros, _begin;

    /// <param name="geometry">What it connects.</param>
    /// <param name="compute">Shares the work.</param>
    public Convolution(ConvolutionGeometry geometry, Compute compute)
    {
        (_geometry, _compute, _room) = (geometry, compute, compute.Convolutions);
        var (input, output, kernel) = (geometry.Input, geometry.Output, geometry.Kernel);
        _forwardPlan = new(
            input, geometry.Channels, output, geometry.Filters, geometry.Groups, kernel.Width,
            Vertical(Axis.Forward), Horizontal(Axis.Forward));
        _backwardPlan = new(
            output, geometry.Filters, input, geometry.Channels, geometry.Groups, kernel.Width,
            Vertical(Axis.Backward), Horizontal(Axis.Backward));
        (_forward, _backward) = (new(_forwardPlan, _room.Threads), new(_backwardPlan, _room.Threads));
        (_gradient, _blockSums) = (new(_forwardPlan, _room), new(_forwardPlan, _room));
        _zeros = new Matrix(geometry.Groups, Math.Max(geometry.GroupChannels, geometry.GroupFilters));
        _begin = geometry.Groups == 1 ? default : new Matrix(geometry.Groups, geometry.GroupFilters);

        Axis Vertical(Func<int, int, int, int, int, int, Axis> axis)
            => axis(input.Height, output.Height, kernel.Height, geometry.Stride.Height, geometry.Padding.Height, geometry.Dilation.Height);

        Axis Horizontal(Func<int, int, int, int, int, int, Axis> axis)
            => axis(input.Width, output.Width, kernel.Width, geometry.Stride.Width, geometry.Padding.Width, geometry.Dilation.Width);
    }

    /// <summary>What it connects.</summary>
    public ConvolutionGeometry Geometry => _geometry;

    /// <summary>
    /// output = finish(biases + input ∗ weights). Terms in the order kernel row, kernel column, channel, from the bias on.
    /// </summary>
    /// <param name="input">batch × input pictures, row-major.</param>
    /// <param name="weights">filters × filter size, in either order.</param>
    /// <param name="biases">1 × filters, row-major.</param>
    /// <param name="output">batch × output pictures, row-major; not the memory of the input.</param>
    /// <param name="finish">What to do with each finished picture; null: nothing.</param>
    public void Forward(Matrix input, Matrix weights, Matrix biases, Matrix output, Finish? finish)
    {
        Require(input, output, weights);
        biases.RequireShape(1, _geometry.Filters, nameof(biases));
        RequireApart(input, output, nameof(output));
        lock (_room.OneCaller)
        {
            _forward.Set(input, ForwardFactor(weights), Begin(biases), output, finish);
            _compute.Share(_forward, MultiplyAdds(input));
        }
    }

    /// <summary>
    /// below = the error at the inputs, as it comes back through the weights. Terms in the order output row, output column (as a kernel
    /// that is turned round passes over them, from the last kernel row and column to the first), filter.
    /// </summary>
    /// <param name="error">batch × output pictures, row-major.</param>
    /// <param name="weights">filters × filter size, in either order.</param>
    /// <param name="below">batch × input pictures, row-major; receives the error, all of it; not the memory of the error.</param>
    public void Backward(Matrix error, Matrix weights, Matrix below)
    {
        Require(below, error, weights);
        RequireApart(error, below, nameof(below));
        lock (_room.OneCaller)
        {
            _backward.Set(error, BackwardFactor(weights), _zeros, below, finish: null);
            _compute.Share(_backward, MultiplyAdds(error));
        }
    }

    /// <summary>
    /// into = the gradient of the weights, summed over positions and examples: for each block of <see cref="ExamplesPerBlock"/> examples
    /// one chain over example, output row and output column; the blocks' sums are added in their order.
    /// </summary>
    /// <param name="error">batch × output pictures, row-major.</param>
    /// <param name="input">batch × input pictures, row-major.</param>
    /// <param name="into">filters × filter size, in either order; receives the gradient, all of it.</param>
    public void Gradient(Matrix error, Matrix input, Matrix into)
    {
        Require(input, error, into);
        lock (_room.OneCaller)
        {
            var rows = into.Order == MatrixOrder.ColumnMajor ? into.Transposed
                : _room.Gradient.Take(_geometry.FilterSize, _geometry.Filters);
            var blocks = (error.Rows + ExamplesPerBlock - 1) / ExamplesPerBlock;
            var atOnce = BlocksAtOnce(blocks);
            _gradient.Set(error, input, _zeros);
            if (blocks == 0)
            {
                rows.Fill(0);
            }

            for (var start = 0; start < blocks; start += atOnce)
            {
                var some = new Range<int>(start, Math.Min(start + atOnce, blocks));
                _gradient.Next(some);
                _compute.Share(_gradient, MultiplyAdds(error) * (some.To - some.From) / blocks);
                _blockSums.Set(some, rows);
                _compute.Share(_blockSums, (long)(some.To - some.From) * _gradient.SumsOfABlock);
            }

            if (into.Order == MatrixOrder.RowMajor)
            {
                into.CopyFrom(rows.Transposed);
            }
        }
    }

    /// <summary>
    /// into = the sum over examples and positions of each filter's errors, divided: the gradient of the biases. Each block of
    /// <see cref="ExamplesPerBlock"/> examples is one sum in double, example by example, place by place; the blocks' sums are added in
    /// their order.
    /// </summary>
    /// <param name="error">batch × output pictures, row-major.</param>
    /// <param name="divisor">By what to divide.</param>
    /// <param name="into">1 × filters; receives it.</param>
    public void SumErrors(Matrix error, float divisor, Matrix into)
    {
        error.RequireShape(error.Rows, _geometry.OutputSize, nameof(error));
        into.RequireShape(1, _geometry.Filters, nameof(into));
        lock (_room.OneCaller)
        {
            _errorSums.Set(error, _geometry.Filters);
            _compute.Share(_errorSums, (long)error.Rows * error.Columns);
            for (var filter = 0; filter < _geometry.Filters; filter++)
            {
                var sum = 0.0;
                for (var block = 0; block < _errorSums.Blocks; block++)
                {
                    sum += _errorSums[block, filter];
                }

                into[0, filter] = (float)(sum / divisor);
            }
        }
    }

    /// <summary>
    /// As many as keep all threads busy. Where the blocks would leave some idle, one block at a time: the threads then share its rows.
    /// </summary>
    private int BlocksAtOnce(int blocks)
        => blocks % _compute.Threads == 0 || blocks >= EnoughBlocks * _compute.Threads ? BlocksPerThread * _compute.Threads : 1;

    /// <summary>For each group filter size × filters of the group, row-major.</summary>
    private Matrix ForwardFactor(Matrix weights)
    {
        var (groups, size, filters) = (_geometry.Groups, _geometry.FilterSize, _geometry.GroupFilters);
        if (groups == 1 && weights.Order == MatrixOrder.ColumnMajor)
        {
            return weights.Transposed;
        }

        var factor = _room.Weights.Take(groups * size, filters);
        for (var group = 0; group < groups; group++)
        {
            var into = factor.Slice(group * size, size);
            if (weights.Order == MatrixOrder.RowMajor)
            {
                Transposition.Copy(weights.Slice(group * filters, filters), into);
            }
            else
            {
                into.CopyFrom(weights.Transposed.Part(new(group * filters, (group + 1) * filters)));
            }
        }

        return factor;
    }

    /// <summary>For each group, for each number of the kernel in the plan's order, filters × channels of the group, row-major.</summary>
    private Matrix BackwardFactor(Matrix weights)
    {
        var (groups, filters, channels) = (_geometry.Groups, _geometry.GroupFilters, _geometry.GroupChannels);
        var factor = _room.Weights.Take(groups * _backwardPlan.Terms, channels);
        for (var group = 0; group < groups; group++)
        {
            var ofGroup = new Range<int>(group * filters, (group + 1) * filters);
            var row = group * _backwardPlan.Terms;
            foreach (var phase in _backwardPlan.Phases)
            {
                foreach (var place in phase.Kernel)
                {
                    var into = factor.Slice(row, filters);
                    if (weights.Order == MatrixOrder.RowMajor)
                    {
                        into.CopyFrom(weights.Slice(ofGroup.From, filters).Part(new(place * channels, (place + 1) * channels)));
                    }
                    else
                    {
                        Transposition.Copy(weights.Transposed.Slice(place * channels, channels).Part(ofGroup), into);
                    }

                    row += filters;
                }
            }
        }

        return factor;
    }

    /// <summary>For each group a padded row of its own; one group has the biases themselves.</summary>
    private Matrix Begin(Matrix biases)
    {
        Debug.Assert(biases.Order == MatrixOrder.RowMajor);
        if (_geometry.Groups == 1)
        {
            return biases;
        }

        for (var filter = 0; filter < _geometry.Filters; filter++)
        {
            _begin[filter / _geometry.GroupFilters, filter % _geometry.GroupFilters] = biases[0, filter];
        }

        return _begin;
    }

    private long MultiplyAdds(Matrix pictures) => (long)pictures.Rows * _geometry.OutputSize * _geometry.FilterSize;

    private void Require(Matrix input, Matrix output, Matrix weights)
    {
        input.RequireShape(output.Rows, _geometry.InputSize, nameof(input));
        output.RequireShape(input.Rows, _geometry.OutputSize, nameof(output));
        weights.RequireShape(_geometry.Filters, _geometry.FilterSize, nameof(weights));
        Debug.Assert(input.Order == MatrixOrder.RowMajor && output.Order == MatrixOrder.RowMajor);
    }

    private static void RequireApart(Matrix from, Matrix into, string name)
    {
        if (into.MayOverlap(from))
        {
            throw new ArgumentException("the result of a convolution cannot be put into the memory of what it is computed from", name);
        }
    }
}
