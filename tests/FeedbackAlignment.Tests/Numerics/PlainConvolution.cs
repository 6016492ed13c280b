using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

/// <summary>
/// The three products of a convolution in plain loops: what each element is, and in which order its terms are summed. The library's
/// kernels must give these bits.
/// </summary>
internal static class PlainConvolution
{
    public static void Forward(ConvolutionGeometry geometry, Matrix input, Matrix weights, Matrix biases, Matrix output)
    {
        for (var example = 0; example < input.Rows; example++)
        {
            Span<float> from = input.Row(example), to = output.Row(example);
            for (var filter = 0; filter < geometry.Filters; filter++)
            {
                for (var place = 0; place < Places(geometry); place++)
                {
                    var sum = biases[0, filter];
                    for (var term = 0; term < geometry.FilterSize; term++)
                    {
                        var source = Source(geometry, filter, place, term);
                        sum = Some.MultiplyAdd(source < 0 ? 0 : from[source], weights[filter, term], sum);
                    }

                    to[place * geometry.Filters + filter] = sum;
                }
            }
        }
    }

    /// <summary>An error's terms come in the order output row, output column, filter.</summary>
    public static void Backward(ConvolutionGeometry geometry, Matrix error, Matrix weights, Matrix below)
    {
        below.Fill(0);
        for (var example = 0; example < error.Rows; example++)
        {
            Span<float> from = error.Row(example), to = below.Row(example);
            for (var place = 0; place < Places(geometry); place++)
            {
                for (var filter = 0; filter < geometry.Filters; filter++)
                {
                    for (var term = 0; term < geometry.FilterSize; term++)
                    {
                        if (Source(geometry, filter, place, term) is >= 0 and var source)
                        {
                            to[source] = Some.MultiplyAdd(from[place * geometry.Filters + filter], weights[filter, term], to[source]);
                        }
                    }
                }
            }
        }
    }

    /// <summary>One chain for each block of sixteen examples; the blocks' sums are added in their order.</summary>
    public static void Gradient(ConvolutionGeometry geometry, Matrix error, Matrix input, Matrix into)
    {
        for (var filter = 0; filter < geometry.Filters; filter++)
        {
            for (var term = 0; term < geometry.FilterSize; term++)
            {
                var sum = 0f;
                for (var start = 0; start < error.Rows; start += 16)
                {
                    var block = 0f;
                    for (var example = start; example < Math.Min(start + 16, error.Rows); example++)
                    {
                        Span<float> from = input.Row(example), errors = error.Row(example);
                        for (var place = 0; place < Places(geometry); place++)
                        {
                            var source = Source(geometry, filter, place, term);
                            block = Some.MultiplyAdd(source < 0 ? 0 : from[source], errors[place * geometry.Filters + filter], block);
                        }
                    }

                    sum = start == 0 ? block : sum + block;
                }

                into[filter, term] = sum;
            }
        }
    }

    public static void SumErrors(ConvolutionGeometry geometry, Matrix error, float divisor, Matrix into)
    {
        for (var filter = 0; filter < geometry.Filters; filter++)
        {
            var sum = 0.0;
            for (var start = 0; start < error.Rows; start += 16)
            {
                var block = 0.0;
                for (var example = start; example < Math.Min(start + 16, error.Rows); example++)
                {
                    for (var place = 0; place < Places(geometry); place++)
                    {
                        block += error[example, place * geometry.Filters + filter];
                    }
                }

                sum += block;
            }

            into[0, filter] = (float)(sum / divisor);
        }
    }

    private static int Places(ConvolutionGeometry geometry) => geometry.Output.Height * geometry.Output.Width;

    /// <summary>Where in an input picture a filter's number is multiplied; −1: outside, where zeros are.</summary>
    private static int Source(ConvolutionGeometry geometry, int filter, int place, int term)
    {
        var channel = term % geometry.GroupChannels + filter / geometry.GroupFilters * geometry.GroupChannels;
        var (row, column) = Math.DivRem(term / geometry.GroupChannels, geometry.Kernel.Width);
        var (y, x) = Math.DivRem(place, geometry.Output.Width);
        y = y * geometry.Stride.Height - geometry.Padding.Height + row * geometry.Dilation.Height;
        x = x * geometry.Stride.Width - geometry.Padding.Width + column * geometry.Dilation.Width;
        return y < 0 || y >= geometry.Input.Height || x < 0 || x >= geometry.Input.Width ? -1
            : (y * geometry.Input.Width + x) * geometry.Channels + channel;
    }
}
