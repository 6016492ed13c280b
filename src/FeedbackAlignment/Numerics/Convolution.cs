using System.Diagnostics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// The three products of a convolution. Each element of an output and of an error is one chain of fused multiply-adds; a weight's gradient
/// is one chain for each block of examples.
/// </summary>
/// <param name="geometry">What it connects.</param>
/// <param name="compute">Shares the work.</param>
internal sealed class Convolution(ConvolutionGeometry geometry, Compute compute)
{
    /// <summary>
    /// Examples whose terms are one chain of a gradient; blocks are added in their order, so that threads that share them change no bit.
    /// </summary>
    public const int ExamplesPerBlock = 16;

    /// <summary>output = finish(biases + input ∗ weights). Terms in the order kernel row, kernel column, channel, from the bias on.</summary>
    /// <param name="input">batch × input pictures, row-major.</param>
    /// <param name="weights">filters × filter size, in either order.</param>
    /// <param name="biases">1 × filters.</param>
    /// <param name="output">batch × output pictures, row-major; not the memory of the input.</param>
    /// <param name="finish">What to do with each finished picture; null: nothing.</param>
    public void Forward(Matrix input, Matrix weights, Matrix biases, Matrix output, Finish? finish)
    {
        Require(input, output, weights);
        for (var example = 0; example < input.Rows; example++)
        {
            Span<float> from = input.Row(example), to = output.Row(example);
            for (var filter = 0; filter < geometry.Filters; filter++)
            {
                for (var place = 0; place < geometry.Output.Height * geometry.Output.Width; place++)
                {
                    var sum = biases[0, filter];
                    for (var term = 0; term < geometry.FilterSize; term++)
                    {
                        var source = Source(filter, place, term);
                        sum = float.FusedMultiplyAdd(source < 0 ? 0 : from[source], weights[filter, term], sum);
                    }

                    to[place * geometry.Filters + filter] = sum;
                }
            }

            finish?.Apply(output, new(example, example + 1), new(0, Matrix.Padded(output.Columns)));
        }
    }

    /// <summary>
    /// below = the error at the inputs, as it comes back through the weights. Terms in the order output row, output column (as a kernel
    /// that is turned round passes over them, from the last kernel row and column to the first), filter.
    /// </summary>
    /// <param name="error">batch × output pictures, row-major.</param>
    /// <param name="weights">filters × filter size, in either order.</param>
    /// <param name="below">batch × input pictures, row-major; receives the error, all of it.</param>
    public void Backward(Matrix error, Matrix weights, Matrix below)
    {
        Require(below, error, weights);
        below.Fill(0);
        for (var example = 0; example < error.Rows; example++)
        {
            Span<float> from = error.Row(example), to = below.Row(example);
            for (var place = 0; place < geometry.Output.Height * geometry.Output.Width; place++)
            {
                for (var filter = 0; filter < geometry.Filters; filter++)
                {
                    for (var term = 0; term < geometry.FilterSize; term++)
                    {
                        if (Source(filter, place, term) is >= 0 and var source)
                        {
                            to[source] = float.FusedMultiplyAdd(from[place * geometry.Filters + filter], weights[filter, term], to[source]);
                        }
                    }
                }
            }
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
        for (var filter = 0; filter < geometry.Filters; filter++)
        {
            for (var term = 0; term < geometry.FilterSize; term++)
            {
                var sum = 0f;
                for (var start = 0; start < error.Rows; start += ExamplesPerBlock)
                {
                    var block = 0f;
                    for (var example = start; example < Math.Min(start + ExamplesPerBlock, error.Rows); example++)
                    {
                        for (var place = 0; place < geometry.Output.Height * geometry.Output.Width; place++)
                        {
                            var source = Source(filter, place, term);
                            block = float.FusedMultiplyAdd(
                                source < 0 ? 0 : input[example, source], error[example, place * geometry.Filters + filter], block);
                        }
                    }

                    sum = start == 0 ? block : sum + block;
                }

                into[filter, term] = sum;
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
        for (var filter = 0; filter < geometry.Filters; filter++)
        {
            var sum = 0.0;
            for (var start = 0; start < error.Rows; start += ExamplesPerBlock)
            {
                var block = 0.0;
                for (var example = start; example < Math.Min(start + ExamplesPerBlock, error.Rows); example++)
                {
                    for (var place = 0; place < geometry.Output.Height * geometry.Output.Width; place++)
                    {
                        block += error[example, place * geometry.Filters + filter];
                    }
                }

                sum += block;
            }

            into[0, filter] = (float)(sum / divisor);
        }
    }

    /// <summary>Where in an input picture a filter's number is multiplied; −1: outside, where zeros are.</summary>
    private int Source(int filter, int place, int term)
    {
        var channel = term % geometry.GroupChannels + filter / geometry.GroupFilters * geometry.GroupChannels;
        var (row, column) = Math.DivRem(term / geometry.GroupChannels, geometry.Kernel.Width);
        var (y, x) = Math.DivRem(place, geometry.Output.Width);
        y = y * geometry.Stride.Height - geometry.Padding.Height + row * geometry.Dilation.Height;
        x = x * geometry.Stride.Width - geometry.Padding.Width + column * geometry.Dilation.Width;
        return y < 0 || y >= geometry.Input.Height || x < 0 || x >= geometry.Input.Width ? -1
            : (y * geometry.Input.Width + x) * geometry.Channels + channel;
    }

    /// <summary>What it connects.</summary>
    public ConvolutionGeometry Geometry => geometry;

    /// <summary>Shares the work.</summary>
    public Compute Compute => compute;

    private void Require(Matrix input, Matrix output, Matrix weights)
    {
        input.RequireShape(output.Rows, geometry.InputSize, nameof(input));
        output.RequireShape(input.Rows, geometry.OutputSize, nameof(output));
        weights.RequireShape(geometry.Filters, geometry.FilterSize, nameof(weights));
        Debug.Assert(input.Order == MatrixOrder.RowMajor && output.Order == MatrixOrder.RowMajor);
    }
}
